/** Queries for the statistics of a check. */
import type { Check } from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as InSlices from "@overdue/core/InSlices"
import * as Statistics from "@overdue/core/Statistics"
import { day, type Instant, type Span } from "@overdue/core/Time"
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

/** Flips that are looked at, and units that are summed up, between two turns of the event loop: a millisecond of work. */
const atOnce = 1_024

/** Returns the report of a window, and one for each unit of the calendar if one is given. */
export const reports = Effect.fnUntraced(function* (
  check: Check,
  window: Interval,
  calendar?: Statistics.Units,
) {
  return yield* InSlices.run(Statistics.reports(yield* History.ofCheck(check), window, calendar), atOnce)
})

/** Returns the report of a window. */
export const over = (check: Check, window: Interval) =>
  Effect.map(reports(check, window), ({ whole }) => whole)

/** Returns a report for each hour, day, week or month of the window on the wall clock of a zone. */
export const by = (check: Check, window: Interval, calendar: Statistics.Units) =>
  Effect.map(reports(check, window, calendar), ({ units }) => units)
