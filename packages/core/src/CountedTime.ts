/**
 * Counted time: a clock that stands still in quiet windows and while the engine was blind.
 *
 * Without either it is plain time.
 */
import type { QuietWindow } from "./Check.ts"
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

/** Steps without any progress after which a clock counts as stopped for good. */
const standstill = 5_000

/** Steps after which even a progressing clock is given up: a year of one-minute windows, with room. */
const giveUp = 1_000_000

/** The first instant at or after `at` that lies in no stop; `undefined` when there is none. */
export const outside = (stops: Stops, at: Instant): Instant | undefined => {
  if (stops.quiet.length === 0 && stops.blind.length === 0) return at
  let t = at
  for (let steps = 0; steps < standstill; steps++) {
    const end = endOfStop(stops, t)
    if (end === undefined) return t
    t = end
  }
  return undefined
}

/**
 * The first instant by which `span` of counted time has passed since `from`; `undefined` when it never has.
 *
 * Bounded: it gives up on a clock that does not move (windows without a gap between them).
 */
export const advance = (stops: Stops, from: Instant, span: Span): Instant | undefined => {
  if (stops.quiet.length === 0 && stops.blind.length === 0) return from + span
  let t = from
  let left = span
  for (let steps = 0; steps < giveUp; steps++) {
    const clear = outside(stops, t)
    if (clear === undefined) return undefined
    const stop = nextStop(stops, clear)
    if (stop === undefined || stop >= clear + left) return clear + left
    left -= stop - clear
    t = stop
  }
  return undefined
}

/** How much of the time from `from` to `to` is counted. */
export const between = (stops: Stops, from: Instant, to: Instant): Span => {
  let counted = 0
  let t = from
  for (let steps = 0; steps < giveUp && t < to; steps++) {
    const clear = outside(stops, t)
    if (clear === undefined || clear >= to) return counted
    const stop = Math.min(nextStop(stops, clear) ?? to, to)
    counted += stop - clear
    t = stop
  }
  return counted
}

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
  const from = Schedule.next(schedule, t - duration)
  return from !== undefined && from <= t ? { from, to: from + duration } : undefined
}

/** The first instant after `t`, which lies in no stop, at which one begins. */
const nextStop = (stops: Stops, t: Instant): Instant | undefined => {
  let first: Instant | undefined
  for (const window of stops.quiet) {
    const from = "schedule" in window ? Schedule.next(window.schedule, t) : window.from
    if (from !== undefined && from > t && (first === undefined || from < first)) first = from
  }
  for (const { from } of stops.blind) {
    if (from > t && (first === undefined || from < first)) first = from
  }
  return first
}
