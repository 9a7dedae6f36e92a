/**
 * Counted time: a clock that stands still in quiet windows and while the engine was blind.
 *
 * Without either it is plain time.
 */
import type { QuietWindow } from "./Check.ts"
import * as Limits from "./Limits.ts"
import * as Schedule from "./Schedule.ts"
import type { Instant, Span } from "./Time.ts"

/** A span of time from `from` up to, not including, `to`. */
export interface Interval {
  readonly from: Instant
  readonly to: Instant
}

/** When the clock stands still: the check's quiet windows, and the spans in which nobody was awake. */
export interface Stops {
  readonly quiet: readonly QuietWindow[]
  readonly blind: readonly Interval[]
}

/**
 * The first instant at or after `at` that lies in no stop; `undefined` when the clock stands still for good, or for
 * longer than `Limits.stopSteps` windows in a row.
 */
export const outside = (stops: Stops, at: Instant): Instant | undefined => advance(stops, at, 0)

/**
 * The first instant by which `span` of counted time has passed since `from`, where a stop at `from` itself comes first;
 * `undefined` when it never has.
 *
 * Bounded by `Limits.stopSteps`: what is left of the span after so many windows passes as plain time, because a deadline
 * that is too early is noticed, and one that never comes is not.
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

/** How much of the time from `from` to `to` is counted. */
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

/** Each step looks at every quiet window. Blind spans are finitely many and need no bound. */
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

/** The oldest recurring window that is open at `t`. A younger one that overlaps it is found from its end. */
const opened = (schedule: Schedule.Schedule, duration: Span, t: Instant): Interval | undefined => {
  const from = opening(schedule, t - duration)
  return from !== undefined && from <= t ? { from, to: from + duration } : undefined
}

/** The first instant after `t`, which lies in no stop, at which one begins. */
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

/** When a recurring window opens next. A period alone has no signal to count from here, and counts from 1970. */
const opening = (schedule: Schedule.Schedule, after: Instant): Instant | undefined =>
  schedule.kind === "every"
    ? (Math.floor(after / schedule.period) + 1) * schedule.period
    : Schedule.next(schedule, after)
