/** Counted time: a clock that stands still in quiet windows and blind spans. Without either it is plain time. */
import * as Stops from "./Stops.ts"
import type { Instant, Span } from "./Time.ts"

export type { Interval, Stops } from "./Stops.ts"

/** Returns the first instant at or after `at` at which the clock runs; in a hurry, a lower bound of it. */
export const outside = (stops: Stops.Stops, at: Instant, care?: Stops.Care): Instant =>
  advance(stops, at, 0, care)

/**
 * Returns the first instant by which `span` of counted time has passed since `from`. When the clock stands still at
 * `from`, the span begins when it runs again, even a span of 0. In a hurry, a lower bound of it.
 */
export const advance = (
  stops: Stops.Stops,
  from: Instant,
  span: Span,
  care: Stops.Care = "thorough",
): Instant => {
  if (isPlain(stops)) return from + span
  const next = Stops.after(stops, from, Stops.budget(care))
  let t = from
  let rest = span
  for (let stop = next(t + rest); stop !== undefined; stop = next(t + rest)) {
    rest -= Math.max(0, stop.from - t)
    t = stop.to
  }
  return t + rest
}

/** Returns how much counted time passes from `from` to `to`; 0 when `to` is not later. */
export const between = (stops: Stops.Stops, from: Instant, to: Instant): Span => {
  if (isPlain(stops)) return Math.max(0, to - from)
  const next = Stops.after(stops, from)
  let t = from
  let counted = 0
  for (let stop = next(to); stop !== undefined; stop = next(to)) {
    counted += Math.max(0, stop.from - t)
    t = stop.to
  }
  return counted + Math.max(0, to - t)
}

const isPlain = ({ quiet, blind }: Stops.Stops): boolean => quiet.length === 0 && blind.length === 0
