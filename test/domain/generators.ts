/** Whatever may happen to a check: policies, events, instants, windows and clocks that run backwards. */
import * as Check from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import type * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { minute, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"

/** A scale on which things happen. */
export interface World {
  readonly name: string
  readonly origin: Instant
  /** What spans are multiples of. */
  readonly unit: Span
}

/** A moment: something happens to the check. */
export interface Moment {
  readonly at: Instant
  readonly event: Machine.Event
}

/** A check, what happens to it in this order, and the time in which nobody was awake. */
export interface History {
  readonly world: World
  readonly check: Check.Check
  readonly moments: readonly Moment[]
  readonly blind: readonly Interval[]
}

const every = (unit: Span): fc.Arbitrary<Schedule.Schedule> =>
  fc.integer({ min: 1, max: 9 }).map((periods) => Every.make(periods * unit))

const zones = fc.constantFrom("UTC", "Europe/Riga", "America/New_York", "Australia/Lord_Howe")

const writtenAs = (...texts: readonly string[]): fc.Arbitrary<Schedule.Schedule> =>
  fc
    .tuple(fc.constantFrom(...texts), zones)
    .map(([text, zone]) => Result.getOrThrow(Schedule.parse(text, Result.getOrThrow(Zone.make(zone)))))

/** Slots far enough apart for windows: a deadline looks past so many of them only. */
const seldom = ["*/7 * * * *", "30 3 * * *", "0,30 0-5 * * *", "0 */2 * * *", "*:0/10", "Mon..Sun 3:15"]

const written = writtenAs("* * * * *", ...seldom)

/** A clock of few ticks, on which everything collides. */
export const tiny: World = { name: "tiny", origin: 1_000, unit: 1 }

/** Days around the changes of real clocks, and a quiet one. */
const real = [
  "2026-03-28T20:00:00Z",
  "2026-10-25T00:10:00Z",
  "2026-03-08T05:00:00Z",
  "2026-04-04T12:00:00Z",
  "2026-06-15T12:34:56.789Z",
].map((origin): World => ({ name: origin, origin: Date.parse(origin), unit: 5 * minute }))

export const world: fc.Arbitrary<World> = fc.oneof(fc.constant(tiny), fc.constantFrom(...real))

/** Schedules that make sense on a world's scale. */
const schedule = ({ unit }: World): fc.Arbitrary<Schedule.Schedule> =>
  unit === 1 ? every(1) : fc.oneof(every(unit), written)

const span = ({ unit }: World, bounds: { readonly min: number; readonly max: number }): fc.Arbitrary<Span> =>
  unit === 1
    ? fc.integer(bounds)
    : fc.oneof(
        fc.integer(bounds).map((units) => units * unit),
        fc.integer({ min: bounds.min * unit, max: bounds.max * unit }),
      )

const alert: fc.Arbitrary<Check.AlertPolicy> = fc.oneof(
  fc.constant({ failures: 1, outOf: 1, recoveries: 1 }),
  fc
    .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 3 }))
    .map(([failures, more, recoveries]) => ({ failures, outOf: failures + more, recoveries })),
)

export const interval = (world: World): fc.Arbitrary<Interval> =>
  fc.tuple(fc.integer({ min: 0, max: 60 }), span(world, { min: 1, max: 12 })).map(([units, length]) => ({
    from: world.origin + units * world.unit,
    to: world.origin + units * world.unit + length,
  }))

/** A window that leaves time between itself and the next. */
const recurring = (world: World): fc.Arbitrary<Check.QuietWindow> =>
  fc.tuple(fc.integer({ min: 3, max: 20 }), fc.integer({ min: 1, max: 2 })).map(([period, duration]) => ({
    schedule: Every.make(period * world.unit),
    duration: duration * world.unit,
  }))

export const quietWindow = (world: World): fc.Arbitrary<Check.QuietWindow> =>
  world.unit === 1
    ? fc.oneof(interval(world), recurring(world))
    : fc.oneof(
        interval(world),
        recurring(world),
        writtenAs(...seldom).map((schedule) => ({ schedule, duration: 50_000 })),
      )

/** Any policy; quiet windows only where they are asked for. */
export const policy = (world: World, quiet: "quiet" | "never quiet" = "quiet"): fc.Arbitrary<Check.Policy> =>
  fc
    .record({
      schedule: schedule(world),
      grace: span(world, { min: 0, max: 8 }),
      maxRuntime: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 2 },
        fc.constant("never" as const),
        span(world, { min: 0, max: 12 }),
      ),
      minRuntime: fc.oneof({ arbitrary: fc.constant(undefined), weight: 2 }, span(world, { min: 1, max: 3 })),
      startSatisfies: fc.boolean(),
      runs: fc.constantFrom("latest" as const, "every" as const),
      alert,
      quiet: fc.array(quietWindow(world), { maxLength: quiet === "quiet" ? 3 : 0 }),
      remindEvery: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 2 },
        span(world, { min: 1, max: 20 }),
      ),
      notifyOnFirstPing: fc.boolean(),
      manualResume: fc.boolean(),
    })
    .map((given) => ({ ...Check.defaultPolicy, ...given }))

export const rid = fc.constantFrom(undefined, "a", "b")

export const signal: fc.Arbitrary<Machine.SignalEvent> = fc
  .tuple(
    fc.oneof(
      { arbitrary: fc.constantFrom("success" as const, "start" as const), weight: 3 },
      { arbitrary: fc.constant("fail" as const), weight: 2 },
      fc.constantFrom("log" as const, "ignored" as const),
    ),
    rid,
  )
  .map(([type, rid]) => ({ type, rid }))

export const event = (world: World): fc.Arbitrary<Machine.Event> =>
  fc.oneof(
    { arbitrary: signal, weight: 8 },
    fc.constantFrom<Machine.Event>({ type: "pause" }, { type: "resume" }, { type: "tick" }),
    policy(world).map((policy): Machine.Event => ({ type: "configure", policy })),
  )

/** How long after the last moment the next one comes: at once, soon or late; negative where the clock may run backwards. */
const wait = (world: World, clock: "forwards" | "any"): fc.Arbitrary<number> =>
  fc.oneof(
    { arbitrary: span(world, { min: 0, max: 6 }), weight: 5 },
    { arbitrary: fc.integer({ min: 0, max: 2 }), weight: 2 },
    span(world, { min: 0, max: 60 }),
    ...(clock === "any" ? [span(world, { min: 0, max: 6 }).map((length) => -length)] : []),
  )

export const moments = (world: World, clock: "forwards" | "any"): fc.Arbitrary<readonly Moment[]> =>
  fc.array(fc.tuple(wait(world, clock), event(world)), { maxLength: 24 }).map((steps) => {
    let at = world.origin
    return steps.map(([wait, event]) => ({ at: (at += wait), event }))
  })

export const check = (world: World, policy: Check.Policy): Check.Check =>
  Check.make({ id: "check", project: "project", badgeKey: "badge", createdAt: world.origin, policy })

/** Any check with anything happening to it. */
export const history = (clock: "forwards" | "any" = "forwards"): fc.Arbitrary<History> =>
  world.chain((world) =>
    fc.record({
      world: fc.constant(world),
      check: policy(world).map((policy) => check(world, policy)),
      moments: moments(world, clock),
      blind: fc.oneof(fc.constant([]), fc.array(interval(world), { maxLength: 2 })),
    }),
  )
