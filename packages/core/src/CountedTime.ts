/** Counted time: a clock that stands still in quiet windows and blind spans. Without either it is plain time. */
import type { QuietWindow } from "./policy/Terms.ts"
import * as Limits from "./Limits.ts"
import * as Schedule from "./Schedule.ts"
import { second, type Instant, type Span } from "./Time.ts"
import * as Zone from "./Zone.ts"

/** A span of time, from `from` (inclusive) to `to` (exclusive). */
export interface Interval {
  readonly from: Instant
  readonly to: Instant
}

/** When the clock stands still: in the quiet windows of a check, and in spans in which no node was awake. */
export interface Stops {
  readonly quiet: readonly QuietWindow[]
  readonly blind: readonly Interval[]
}

/**
 * Returns the first instant at or after `at` at which the clock runs; `undefined` when it stands still for good, or
 * through more than `Limits.stopSteps` windows in a row.
 */
export const outside = (stops: Stops, at: Instant): Instant | undefined => advance(stops, at, 0)

/**
 * Returns the first instant by which `span` of counted time has passed since `from`; `undefined` when that never
 * happens. When the clock stands still at `from`, the span begins when it runs again, even a span of 0.
 *
 * The work is bounded: after `Limits.stopSteps` windows the rest of the span passes as plain time. That makes the
 * deadline too early, which people notice; no deadline at all they would not.
 */
export const advance = (stops: Stops, from: Instant, span: Span): Instant | undefined => {
  if (stops.quiet.length === 0 && stops.blind.length === 0) return from + span
  let t = from
  let left = span
  for (let steps = 0; steps < budget(stops); steps++) {
    const end = endOfStop(stops, t)
    if (end !== undefined) {
      t = end
      continue
    }
    const stop = nextStop(stops, t)
    if (stop === undefined || stop >= t + left) return t + left
    left -= stop - t
    t = stop
  }
  return left < span ? t + left : undefined
}

/** Returns how much counted time passes from `from` to `to`; 0 when `to` is not later. */
export const between = (stops: Stops, from: Instant, to: Instant): Span => {
  if (stops.quiet.length === 0 && stops.blind.length === 0) return Math.max(0, to - from)
  let counted = 0
  let t = from
  for (let steps = 0; t < to && steps < budget(stops); steps++) {
    const end = endOfStop(stops, t)
    if (end !== undefined) {
      t = end
      continue
    }
    const stop = Math.min(nextStop(stops, t) ?? to, to)
    counted += stop - t
    t = stop
  }
  return counted
}

/**
 * How many steps a search may take, each of which looks at every quiet window. Blind spans are few and need no limit.
 */
const budget = ({ quiet }: Stops): number => Limits.stopSteps / quiet.length

/** The latest end among the stops that contain `t`. */
const endOfStop = (stops: Stops, t: Instant): Instant | undefined => {
  let end: Instant | undefined
  for (const window of stops.quiet) {
    const interval = "schedule" in window ? opened(window.schedule, window.duration, t) : window
    end = laterEnd(interval, t, end)
  }
  for (const interval of stops.blind) end = laterEnd(interval, t, end)
  return end
}

const laterEnd = (
  interval: Interval | undefined,
  t: Instant,
  end: Instant | undefined,
): Instant | undefined =>
  interval !== undefined && interval.from <= t && t < interval.to && (end === undefined || interval.to > end)
    ? interval.to
    : end

/**
 * The oldest window of a schedule that is open at `t`. If a younger one overlaps it, the search finds that at the end
 * of this one.
 */
const opened = (schedule: Schedule.Schedule, duration: Span, t: Instant): Interval | undefined => {
  let from = opening(schedule, t - longest(schedule, duration, t))
  while (from !== undefined && from <= t) {
    const to = closing(schedule, from, duration)
    if (t < to) return { from, to }
    from = opening(schedule, from)
  }
  return undefined
}

/** When a window that opens at `from` closes: when its duration has passed on the wall clock of the zone. */
const closing = (schedule: Schedule.Schedule, from: Instant, duration: Span): Instant => {
  if (schedule.kind === "every") return from + duration
  const zone = Schedule.zoneOf(schedule)
  const opens = Math.floor(from / second)
  const { until, offset } = Zone.segmentAt(zone, opens)
  if ((from + duration) / second < until) return from + duration
  return (
    Zone.firstAt(zone, opens, opens + offset + Math.floor(duration / second)) * second + (duration % second)
  )
}

/** An upper bound for the length of a window that is open at `t`: its duration, and more if the clock changes in it. */
const longest = (schedule: Schedule.Schedule, duration: Span, t: Instant): Span => {
  if (schedule.kind === "every") return duration
  const [from, to] = [t - duration, t].map((at) => Math.floor(at / second))
  const change = Zone.nextTransition(Schedule.zoneOf(schedule), from! - Zone.widestShift, to!)
  return change === undefined ? duration : duration + Zone.widestShift * second
}

/** The first instant after `t` at which the clock stops; the clock runs at `t`. */
const nextStop = (stops: Stops, t: Instant): Instant | undefined => {
  let first: Instant | undefined
  for (const window of stops.quiet) {
    const from = "schedule" in window ? opening(window.schedule, t) : window.from
    if (from !== undefined && from > t && (first === undefined || from < first)) first = from
  }
  for (const { from } of stops.blind) {
    if (from > t && (first === undefined || from < first)) first = from
  }
  return first
}

/** When a recurring window opens next. A period has no signal to count from here, so it is counted from 1970. */
const opening = (schedule: Schedule.Schedule, after: Instant): Instant | undefined =>
  schedule.kind === "every"
    ? (Math.floor(after / schedule.period) + 1) * schedule.period
    : Schedule.next(schedule, after)
