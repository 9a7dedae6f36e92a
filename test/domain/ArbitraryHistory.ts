/** Whatever may happen to a check: policies, events, instants, windows and clocks that run backwards. */
import * as Check from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as Deadline from "@overdue/core/Deadline"
import type * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import * as QuietTime from "@overdue/core/policy/QuietTime"
import * as Every from "@overdue/core/schedule/Every"
import { minute, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"

/** Where on the clock things happen, and how far apart. */
export interface TimeScale {
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
  readonly scale: TimeScale
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
export const tiny: TimeScale = { name: "tiny", origin: 1_000, unit: 1 }

/** Days around the changes of real clocks, and a quiet one. */
const real = [
  "2026-03-28T20:00:00Z",
  "2026-10-25T00:10:00Z",
  "2026-03-08T05:00:00Z",
  "2026-04-04T12:00:00Z",
  "2026-06-15T12:34:56.789Z",
].map((origin): TimeScale => ({ name: origin, origin: Date.parse(origin), unit: 5 * minute }))

export const scale: fc.Arbitrary<TimeScale> = fc.oneof(fc.constant(tiny), fc.constantFrom(...real))

/** Schedules that make sense on a scale. */
const schedule = ({ unit }: TimeScale): fc.Arbitrary<Schedule.Schedule> =>
  unit === 1 ? every(1) : fc.oneof(every(unit), written)

const span = (
  { unit }: TimeScale,
  bounds: { readonly min: number; readonly max: number },
): fc.Arbitrary<Span> =>
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

export const interval = (scale: TimeScale): fc.Arbitrary<Interval> =>
  fc.tuple(fc.integer({ min: 0, max: 60 }), span(scale, { min: 1, max: 12 })).map(([units, length]) => ({
    from: scale.origin + units * scale.unit,
    to: scale.origin + units * scale.unit + length,
  }))

/** A window that leaves time between itself and the next. */
const recurring = (scale: TimeScale): fc.Arbitrary<Check.QuietWindow> =>
  fc.tuple(fc.integer({ min: 3, max: 20 }), fc.integer({ min: 1, max: 2 })).map(([period, duration]) => ({
    schedule: Every.make(period * scale.unit),
    duration: duration * scale.unit,
  }))

export const quietWindow = (scale: TimeScale): fc.Arbitrary<Check.QuietWindow> =>
  scale.unit === 1
    ? fc.oneof(interval(scale), recurring(scale))
    : fc.oneof(
        interval(scale),
        recurring(scale),
        writtenAs(...seldom).map((schedule) => ({ schedule, duration: 50_000 })),
      )

/** Any policy; quiet windows only where they are asked for. */
export const policy = (
  scale: TimeScale,
  quiet: "quiet" | "never quiet" = "quiet",
): fc.Arbitrary<Check.Policy> =>
  fc
    .record({
      schedule: schedule(scale),
      grace: span(scale, { min: 0, max: 8 }),
      maxRuntime: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 2 },
        fc.constant("never" as const),
        span(scale, { min: 0, max: 12 }),
      ),
      minRuntime: fc.oneof({ arbitrary: fc.constant(undefined), weight: 2 }, span(scale, { min: 1, max: 3 })),
      early: fc.oneof({ arbitrary: fc.constant(0), weight: 2 }, span(scale, { min: 1, max: 3 })),
      startSatisfies: fc.boolean(),
      armed: fc.boolean(),
      runs: fc.constantFrom("latest" as const, "every" as const),
      alert,
      quiet: fc
        .array(quietWindow(scale), { maxLength: quiet === "quiet" ? 3 : 0 })
        // By the millisecond, windows open more often than any door accepts.
        .filter((windows) => scale.unit === 1 || QuietTime.refusal(windows) === undefined),
      remindEvery: fc.oneof(
        { arbitrary: fc.constant(undefined), weight: 2 },
        span(scale, { min: 1, max: 20 }),
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
      fc.constant("cancel" as const),
      fc.constantFrom("log" as const, "ignored" as const),
    ),
    rid,
  )
  .map(([type, rid]) => ({ type, rid }))

export const event = (scale: TimeScale): fc.Arbitrary<Machine.Event> =>
  fc.oneof(
    { arbitrary: signal, weight: 8 },
    fc.constantFrom<Machine.Event>({ type: "pause" }, { type: "resume" }, { type: "tick" }),
    fc
      .tuple(policy(scale), fc.constantFrom(undefined, "anchor" as const, "now" as const))
      .map(([policy, from]): Machine.Event => ({ type: "configure", policy, from })),
    fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }).map((units): Machine.Event => ({
      type: "silence",
      until: units === undefined ? undefined : scale.origin + units * scale.unit,
    })),
  )

/** How long after the last moment the next one comes: at once, soon or late; negative where the clock may run backwards. */
const wait = (scale: TimeScale, clock: "forwards" | "any"): fc.Arbitrary<number> =>
  fc.oneof(
    { arbitrary: span(scale, { min: 0, max: 6 }), weight: 5 },
    { arbitrary: fc.integer({ min: 0, max: 2 }), weight: 2 },
    span(scale, { min: 0, max: 60 }),
    ...(clock === "any" ? [span(scale, { min: 0, max: 6 }).map((length) => -length)] : []),
  )

export const moments = (scale: TimeScale, clock: "forwards" | "any"): fc.Arbitrary<readonly Moment[]> =>
  fc.array(fc.tuple(wait(scale, clock), event(scale)), { maxLength: 24 }).map((steps) => {
    let at = scale.origin
    return steps.map(([wait, event]) => ({ at: (at += wait), event }))
  })

/** A new check, whose deadline knows of the spans in which nobody will be awake. */
export const check = (
  scale: TimeScale,
  policy: Check.Policy,
  blind: readonly Interval[] = [],
): Check.Check => {
  const made = Check.make({
    id: "check",
    project: "project",
    badgeKey: "badge",
    createdAt: scale.origin,
    policy,
  })
  return { ...made, state: { ...made.state, deadline: Deadline.next(made, blind)?.at } }
}

/** Any check with anything happening to it. */
export const history = (clock: "forwards" | "any" = "forwards", on?: TimeScale): fc.Arbitrary<History> =>
  (on === undefined ? scale : fc.constant(on)).chain((scale) =>
    fc
      .record({
        scale: fc.constant(scale),
        policy: policy(scale),
        moments: moments(scale, clock),
        blind: fc.oneof(fc.constant([]), fc.array(interval(scale), { maxLength: 2 })),
      })
      .map(({ policy, ...history }) => ({ ...history, check: check(scale, policy, history.blind) })),
  )
