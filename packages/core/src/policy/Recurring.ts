/** Quiet windows that recur: when they open and close. */
import * as Schedule from "../Schedule.ts"
import { day, second, type Instant, type Span } from "../Time.ts"
import * as Zone from "../Zone.ts"
import type { QuietWindow } from "./Terms.ts"

/** A window that opens at each slot of a schedule. */
export type Recurring = Extract<QuietWindow, { readonly duration: Span }>

/** What a recurring window does around an instant. */
export interface Around {
  /** When what has opened by then has closed; at or before the instant when nothing is open, or nothing ever was. */
  readonly closes: Instant
  /** When the window opens after it; `undefined` when it never does. */
  readonly opens: Instant | undefined
}

/** Returns what a window does around an instant: what has opened by then (inclusive), and what opens next. */
export const around = (window: Recurring, at: Instant): Around => {
  const { schedule, duration } = window
  const longest = longestBefore(window, at)
  const gap = day / Schedule.perDay(schedule)
  // Looked for where the last opening may be, then twice as far back, so that few openings are met.
  for (let reach = Math.min(longest, gap); ; reach = Math.min(longest, 2 * reach)) {
    let opens = opensAfter(schedule, at - reach)
    if (opens !== undefined && opens <= at) {
      let last = opens
      while (opens !== undefined && opens <= at) {
        last = opens
        opens = opensAfter(schedule, opens)
      }
      return { closes: latestClosing(schedule, duration, last), opens }
    }
    if (reach === longest) return { closes: -Infinity, opens }
  }
}

/** When a window opens after an instant. A period has no signal to count from here, so it is counted from 1970. */
export const opensAfter = (schedule: Schedule.Schedule, after: Instant): Instant | undefined =>
  schedule.kind === "every"
    ? (Math.floor(after / schedule.period) + 1) * schedule.period
    : Schedule.next(schedule, after)

/** Returns when a window that opens at `opens` closes: when its duration has passed on the wall clock of the zone. */
export const closing = (schedule: Schedule.Schedule, duration: Span, opens: Instant): Instant => {
  if (schedule.kind === "every") return opens + duration
  const zone = Schedule.zoneOf(schedule)
  const from = Math.floor(opens / second)
  const { until, offset } = Zone.segmentAt(zone, from)
  if ((opens + duration) / second < until) return opens + duration
  return (
    Zone.firstAt(zone, from, from + offset + Math.floor(duration / second)) * second + (duration % second)
  )
}

/** The latest closing of what has opened up to `last`: of that opening, or of one before the clock went back. */
const latestClosing = (schedule: Schedule.Schedule, duration: Span, last: Instant): Instant => {
  let closes = closing(schedule, duration, last)
  const from = last - Zone.widestShift * second
  if (schedule.kind === "every" || !changesBetween(schedule, from, last)) return closes
  for (let opens = opensAfter(schedule, from); opens !== undefined && opens < last;) {
    closes = Math.max(closes, closing(schedule, duration, opens))
    opens = opensAfter(schedule, opens)
  }
  return closes
}

/** An upper bound for the length of a window that is open at `at`: its duration, and more if the clock changes in it. */
const longestBefore = ({ schedule, duration }: Recurring, at: Instant): Span => {
  const shift = Zone.widestShift * second
  return schedule.kind !== "every" && changesBetween(schedule, at - duration - shift, at)
    ? duration + shift
    : duration
}

const changesBetween = (schedule: Schedule.Schedule, from: Instant, to: Instant): boolean =>
  Zone.nextTransition(Schedule.zoneOf(schedule), Math.floor(from / second), Math.floor(to / second)) !==
  undefined
