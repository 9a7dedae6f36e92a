/** Reads what a check was like over a window, or unit by unit of a calendar. */
import type * as Calendar from "@overdue/core/Calendar"
import type { Check } from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as Statistics from "@overdue/core/Statistics"
import { day, type Instant, type Span } from "@overdue/core/Time"
import type { Zone } from "@overdue/core/Zone"
import * as Effect from "effect/Effect"
import * as History from "./History.ts"

/** How far back a window reaches that does not say where it begins. */
export const usual: Span = 30 * day

/** The window from one instant up to, not including, another: by default the thirty days up to now. */
export const window = (
  given: { readonly from?: Instant | undefined; readonly to?: Instant | undefined },
  now: Instant,
): Interval => {
  const to = given.to ?? now
  return { from: given.from ?? to - usual, to }
}

/** What the check was like in a window. */
export const over = Effect.fnUntraced(function* (check: Check, window: Interval) {
  return Statistics.over(yield* History.ofCheck(check), window)
})

/** The same for each hour, day, week or month of the window on the wall clock of a zone. */
export const by = Effect.fnUntraced(function* (
  check: Check,
  window: Interval,
  calendar: { readonly unit: Calendar.Unit; readonly zone: Zone },
) {
  return Statistics.by(yield* History.ofCheck(check), window, calendar)
})
