/** What the channels of an engine are told, against a replay of what it has on record. */
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type * as Machine from "@overdue/core/Machine"
import * as Replay from "@overdue/core/Replay"
import * as Store from "@overdue/core/Store"
import { minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Awake from "@overdue/engine/Awake"
import { Changes } from "@overdue/engine/Changes"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as fc from "fast-check"
import { afterAll, describe, expect } from "vitest"
import * as EngineFixture from "../kit/EngineFixture.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"
import { holds } from "./spec/Law.ts"

/** What happens to an engine with one check. */
interface Course {
  readonly check: Check.Check
  readonly moments: readonly ArbitraryHistory.Moment[]
  readonly sweepEvery: Span
  /** When nobody sweeps: from so long after the beginning, for so long. */
  readonly pauses: readonly (readonly [after: Span, length: Span])[]
  readonly until: Instant
}

/** Most days have less than that; the rest is for windows and silences to end. */
const units = 90

const course: fc.Arbitrary<Course> = ArbitraryHistory.scale.chain((scale) =>
  fc
    .record({
      policy: fc.oneof(
        ArbitraryHistory.policy(scale),
        ArbitraryHistory.policy(scale).map((policy) => ({
          ...Check.healthchecksPolicy,
          schedule: policy.schedule,
        })),
      ),
      moments: ArbitraryHistory.moments(scale, "forwards"),
      often: fc.constantFrom(200, 3 * second, minute, 4 * minute),
      pauses: fc.array(fc.tuple(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 12 })), { maxLength: 2 }),
    })
    .map(({ policy, moments, often, pauses }) => {
      // Reminders that are passed at once are one, so the engine looks more often than it reminds.
      const sweepEvery = Math.min(
        scale.unit === 1 ? 1 : Math.max(often, 20 * second),
        policy.remindEvery ?? Infinity,
      )
      return {
        check: {
          ...ArbitraryHistory.check(scale, policy),
          details: { ...Check.noDetails, channels: ["channel"] },
        },
        moments: moments.filter(
          ({ at, event }) => event.type !== "configure" && at <= scale.origin + units * scale.unit,
        ),
        sweepEvery,
        pauses: pauses.map(([after, length]) => [after * scale.unit, length * scale.unit] as const),
        until: scale.origin + units * scale.unit,
      }
    }),
)

/** Applies an event to the check as the engine does, and returns it as it is on record. */
const apply = Effect.fnUntraced(function* (id: string, event: Machine.Event, now: Instant) {
  const store = yield* Store.Store
  const awake = yield* Awake.Awake
  yield* awake.note(now)
  const logged = yield* store.transact({ checks: [id] }, (loaded) => {
    const changes = new Changes(loaded)
    const step = changes.step(loaded.check(id)!, event, now)
    if (step.logged !== undefined) changes.log({ ...noOrigin, ...step.logged, check: id, rid: ridOf(event) })
    return changes.decide(step.logged)
  })
  if (logged === undefined) return { at: now, event }
  const ping = (yield* store.ping(id, logged.n))!
  return { at: ping.at, event: { type: ping.kind, rid: ping.rid } }
})

const ridOf = (event: Machine.Event): string | undefined => ("rid" in event ? event.rid : undefined)

const noOrigin = {
  scheme: "process",
  remoteAddress: "",
  method: "",
  userAgent: "",
  body: undefined,
  exitStatus: undefined,
} as const

/** Lets it happen, and returns what is on record of it. */
const live = Effect.fnUntraced(function* ({ check, moments, sweepEvery, pauses, until }: Course) {
  const store = yield* Store.Store
  const { createdAt } = check
  const owner = { id: check.project, name: "", pingKey: undefined, badgeKey: "", zone: "UTC", createdAt }
  yield* store.createProject({
    project: { ...owner, checkLimit: 1, pingLogLimit: 100, silencedUntil: undefined },
    keys: [],
  })
  yield* store.createChannel(
    Channel.make({ id: "channel", project: check.project, name: "", kind: "test", value: {}, createdAt }),
  )
  // Who creates a check is awake.
  yield* Sweeper.sweep(createdAt)
  yield* store.transact({}, () => ({ result: undefined, checks: [check] }))
  const happened: Replay.Happening[] = []
  const waiting = [...moments]
  for (let at = createdAt; at <= until; at += sweepEvery) {
    const isOff = (instant: Instant) =>
      pauses.some(([after, length]) => createdAt + after <= instant && instant < createdAt + after + length)
    while (waiting.length > 0 && waiting[0]!.at <= at) {
      const { at: now, event } = waiting.shift()!
      if (!isOff(now)) happened.push(yield* apply(check.id, event, now))
    }
    if (!isOff(at)) yield* Sweeper.sweep(at)
  }
  yield* Sweeper.sweep(until)
  const flips = (yield* store.flips(check.id, {})).toReversed()
  const deliveries = (yield* store.deliveries({ limit: 10_000 })).toReversed()
  return {
    happened,
    blind: yield* store.blind,
    alerts: deliveries.map(({ at, occasion, flip }): Replay.Alert => {
      const { to, reason } = flips[flip - 1]!
      return { at, occasion, status: to === "down" ? "down" : "up", reason }
    }),
  }
})

describe("what is on record of a check", () => {
  const seen = { alerts: 0, reminders: 0, blind: 0 }

  // So that the law cannot come to hold of nothing.
  afterAll(() => {
    expect(seen.alerts).toBeGreaterThan(500)
    expect(seen.reminders).toBeGreaterThan(100)
    expect(seen.blind).toBeGreaterThan(50)
  })

  holds(
    17,
    "Replaying a check's events tells exactly what its channels were told.",
    fc.property(course, (course) => {
      const settings = { blindAfter: course.sweepEvery }
      const { happened, blind, alerts } = Effect.runSync(
        Effect.scoped(Effect.provide(live(course), EngineFixture.layer({ settings }))).pipe(
          Effect.provideService(References.MinimumLogLevel, "None"),
        ),
      )
      const { policy, createdAt } = course.check
      const replayed = Replay.replay(policy, happened, { until: course.until, blind, createdAt })
      expect(replayed.alerts).toEqual(alerts)
      seen.alerts += alerts.length
      seen.reminders += alerts.filter(({ occasion }) => occasion === "reminder").length
      seen.blind += blind.length
    }),
    400,
  )
})
