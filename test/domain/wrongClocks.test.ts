/** Engines under wall clocks that are wrong again and again, and jobs that signal every few seconds, or no longer. */
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Awake from "@overdue/engine/Awake"
import * as StepEach from "@overdue/engine/StepEach"
import { BootTime } from "@overdue/engine/SteadyClock"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as References from "effect/References"
import * as fc from "fast-check"
import { describe, expect } from "vitest"
import * as EngineFixture from "../kit/EngineFixture.ts"
import * as TwoClocks from "../kit/TwoClocks.ts"
import { holds } from "./spec/Law.ts"

/** From when on the wall clock is wrong by how much. */
interface Setting {
  readonly at: Instant
  readonly by: Span
}

/** A job, and the check of it: it signals every so often, until it is silent. */
interface Job {
  readonly period: Span
  readonly grace: Span
  readonly every: Span
  readonly silentFrom: Instant
}

const sweepEvery = 200
const until = 10 * minute
/** For wrong times that last. */
const longUntil = 25 * minute

/** What the time of a check may seem longer or shorter by: half of the grace is a second at least. */
const job: fc.Arbitrary<Job> = fc
  .record({
    period: fc.integer({ min: 1, max: 40 }).map((seconds) => seconds * second),
    grace: fc.integer({ min: 2, max: 20 }).map((seconds) => seconds * second),
    share: fc.double({ min: 0.3, max: 1, noNaN: true }),
    silentFrom: fc.oneof(fc.constant(Infinity), fc.integer({ min: 0, max: until - 2 * minute })),
  })
  .map(({ share, ...job }) => ({ ...job, every: Math.ceil(share * (job.period + job.grace / 2)) }))

/** Steps forward that are kept for long enough to be followed, some of which are taken back, in the reverse order. */
const lasting: fc.Arbitrary<readonly Setting[]> = fc
  .array(
    fc.record({
      isBack: fc.boolean(),
      by: fc.oneof(
        fc.integer({ min: 2 * second, max: 3 * minute }),
        fc.integer({ min: 1, max: 3650 }).map((days) => days * day),
      ),
      lasts: fc.integer({ min: 62 * second, max: 4 * minute }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((steps) => {
    const made: Span[] = []
    let [at, by] = [second, 0]
    return steps.map((step) => {
      const back = step.isBack ? made.pop() : undefined
      if (back === undefined) made.push(step.by)
      by += back === undefined ? step.by : -back
      const setting = { at, by }
      at += step.lasts
      return setting
    })
  })

/** Steps of any size, each of which is kept for less than a minute; most come back. */
const settings: fc.Arbitrary<readonly Setting[]> = fc
  .array(
    fc.record({
      by: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: -minute, max: minute }),
        fc.integer({ min: -3650, max: 3650 }).map((days) => days * day),
      ),
      lasts: fc.oneof(fc.integer({ min: 1, max: 5 * second }), fc.integer({ min: 1, max: 55 * second })),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((steps) => {
    let at = second
    return steps.map(({ by, lasts }, index) => {
      const isRight = index > 0 && Math.abs(by - steps[index - 1]!.by) <= second
      const setting = { at, by: isRight ? 0 : by }
      at += lasts
      return setting
    })
  })
  .map((steps) => [...steps, { at: steps.at(-1)!.at + 30 * second, by: 0 }])

const live = Effect.fnUntraced(function* (jobs: readonly Job[], steps: readonly Setting[], until: Instant) {
  const start = Date.UTC(2026, 0, 1)
  let passed = 0
  const clock = TwoClocks.make({
    wall: () => start + passed + (steps.findLast(({ at }) => at <= passed)?.by ?? 0),
    monotonic: () => passed,
  })
  const services = yield* Layer.build(
    EngineFixture.layer().pipe(
      Layer.provide(Layer.succeed(Clock.Clock, clock)),
      Layer.provide(Layer.succeed(BootTime, () => passed)),
    ),
  )
  const store = Context.get(services, Store.Store)
  const signal = (id: string) =>
    Effect.flatMap(Awake.decisionAt, (now) => StepEach.run([id], { event: { type: "success" }, now }))
  const watched: { readonly job: Job; readonly id: string; lastAt: Instant; downAt: Instant | undefined }[] =
    []
  for (const job of jobs) {
    const { period, grace } = job
    const { check } = yield* Effect.provide(
      EngineFixture.furnish({ schedule: Every.make(period), grace, early: 0 }),
      services,
    )
    yield* Effect.provide(signal(check.id), services)
    watched.push({ job, id: check.id, lastAt: 0, downAt: undefined })
  }
  for (; passed <= until; passed += sweepEvery) {
    for (const one of watched) {
      if (passed < one.lastAt + one.job.every || passed >= one.job.silentFrom) continue
      one.lastAt = passed
      yield* Effect.provide(signal(one.id), services)
    }
    yield* Effect.provide(Sweeper.look, services)
    for (const one of watched) {
      const { state } = (yield* store.check(one.id))!
      if (state.status === "down") one.downAt ??= passed
    }
  }
  return watched
})

const run = (jobs: readonly Job[], steps: readonly Setting[], until: Instant) =>
  Effect.runSync(
    Effect.provideService(Effect.scoped(live(jobs, steps, until)), References.MinimumLogLevel, "None"),
  )

describe("a wall clock that is set forward and stays so, or is put right after minutes", () => {
  holds(
    undefined,
    "A clock that is set forward raises no alarm, and one that is put right delays none for longer than it was wrong.",
    fc.property(fc.array(job, { minLength: 1, maxLength: 4 }), lasting, (jobs, steps) => {
      const isPutRight = steps.some(({ by }, index) => by < (steps[index - 1]?.by ?? 0))
      for (const { job, lastAt, downAt } of run(jobs, steps, longUntil)) {
        if (job.silentFrom > longUntil) {
          expect(downAt).toBeUndefined()
          continue
        }
        const due = lastAt + job.period + job.grace
        expect(downAt).toBeGreaterThanOrEqual(due)
        // A signal under the wrong clock counts from when it was put right.
        if (!isPutRight) expect(downAt).toBeLessThanOrEqual(due + 100 + 3 * sweepEvery)
        else if (due + 6 * minute < longUntil) expect(downAt).toBeLessThanOrEqual(due + 6 * minute)
      }
    }),
    15,
  )
})

describe("a wall clock that is wrong again and again, and keeps no time for a minute", () => {
  holds(
    undefined,
    "A clock that is wrong for seconds, however often and by whatever, raises no alarm and delays none.",
    fc.property(fc.array(job, { minLength: 1, maxLength: 6 }), settings, (jobs, steps) => {
      const watched = run(jobs, steps, until)
      for (const { job, lastAt, downAt } of watched) {
        if (job.silentFrom > until) expect(downAt).toBeUndefined()
        else {
          const due = lastAt + job.period + job.grace
          expect(downAt).toBeGreaterThanOrEqual(due - 0.02 * (job.period + job.grace) - 21)
          expect(downAt).toBeLessThanOrEqual(
            due + 0.02 * (job.period + job.grace) + 21 + 100 + 3 * sweepEvery,
          )
        }
      }
    }),
    30,
  )
})
