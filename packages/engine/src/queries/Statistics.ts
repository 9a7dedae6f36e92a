/** Queries for the statistics of a check. */
import type * as Calendar from "@overdue/core/Calendar"
import type { Check } from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as Statistics from "@overdue/core/Statistics"
import { day, type Instant, type Span } from "@overdue/core/Time"
import type { Zone } from "@overdue/core/Zone"
import * as Effect from "effect/Effect"
import * as History from "./History.ts"

/** Length of a window whose beginning is not given. */
export const usual: Span = 30 * day

/** Returns the window from `from` (inclusive) to `to` (exclusive); by default the thirty days up to `now`. */
export const window = (
  given: { readonly from?: Instant | undefined; readonly to?: Instant | undefined },
  now: Instant,
): Interval => {
  const to = given.to ?? now
  return { from: given.from ?? to - usual, to }
}

/** Returns the report of a window. */
export const over = Effect.fnUntraced(function* (check: Check, window: Interval) {
  return Statistics.over(yield* History.ofCheck(check), window)
})

/** Returns a report for each hour, day, week or month of the window on the wall clock of a zone. */
export const by = Effect.fnUntraced(function* (
  check: Check,
  window: Interval,
  calendar: { readonly unit: Calendar.Unit; readonly zone: Zone },
) {
  return Statistics.by(yield* History.ofCheck(check), window, calendar)
})
