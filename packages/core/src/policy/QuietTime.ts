/** Whether quiet windows leave any time outside. */
import * as CountedTime from "../CountedTime.ts"
import * as Schedule from "../Schedule.ts"
import { day, type Instant, type Span } from "../Time.ts"
import type { QuietWindow } from "./Terms.ts"

type Recurring = Extract<QuietWindow, { readonly duration: Span }>

/** Where the search begins: the days of a week, and the first days of months. 2024-01-01 was a Monday. */
const starts: readonly Instant[] = [
  ...Array.from({ length: 7 }, (_, weekday) => Date.UTC(2024, 0, 1) + weekday * day),
  ...Array.from({ length: 11 }, (_, month) => Date.UTC(2024, month + 1, 1)),
]

/** Openings of one window that are looked at from the first start: a month of minutes. */
const firstOpenings = 45_000
/** The same from each of the others: a day of minutes. */
const openings = 1500
/** Pauses of one window, from one start, that are compared with the other windows. */
const pauses = 3

/**
 * Whether any time is outside of all windows that recur; the others end by themselves.
 *
 * Free time begins where a window closes, so only such instants are tried. The work is bounded, and windows that leave
 * time only in a few hours of a year, or after openings without number, are taken for ones that leave none.
 */
export const leavesSome = (windows: readonly QuietWindow[]): boolean => {
  const recurring = windows.filter((window): window is Recurring => "duration" in window)
  if (recurring.length === 0) return true
  const isFree = (at: Instant): boolean =>
    CountedTime.between({ quiet: recurring, blind: [] }, at, at + 1) > 0
  // A window without any pause decides it alone, and would make the other tests slow.
  const closings = recurring.map((window) => starts.map((start, index) => closingsOf(window, start, index)))
  if (closings.some((ofWindow) => ofWindow.every((found) => found === undefined))) return false
  return starts.some(
    (start, index) => isFree(start) || closings.some((ofWindow) => ofWindow[index]?.some(isFree)),
  )
}

/** Returns where a window closes before it opens again, from a start on; `undefined` when it always opens again before. */
const closingsOf = (
  { schedule, duration }: Recurring,
  start: Instant,
  index: number,
): readonly Instant[] | undefined => {
  const most = index === 0 ? firstOpenings : openings
  const found: Instant[] = []
  let opens = openingAfter(schedule, start - 1)
  for (let count = 0; opens !== undefined && count < most && found.length < pauses; count++) {
    const next = openingAfter(schedule, opens)
    if (next === undefined || next > opens + duration) found.push(closing(schedule, duration, opens))
    opens = next
  }
  return opens !== undefined && found.length === 0 ? undefined : found
}

/** The end on the wall clock, which a clock change moves by up to a day: the first free instant, if there is one. */
const closing = (schedule: Schedule.Schedule, duration: Span, opens: Instant): Instant =>
  CountedTime.outside({ quiet: [{ schedule, duration }], blind: [] }, opens) ?? opens + duration

/** A period is counted from 1970, because no signal is there to count from. */
const openingAfter = (schedule: Schedule.Schedule, after: Instant): Instant | undefined =>
  schedule.kind === "every"
    ? (Math.floor(after / schedule.period) + 1) * schedule.period
    : Schedule.next(schedule, after)
