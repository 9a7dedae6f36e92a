/** Stops: the spans in which the clock of a check stands still, merged, one after another. */
import * as Limits from "./Limits.ts"
import * as Recurring from "./policy/Recurring.ts"
import type { QuietWindow } from "./policy/Terms.ts"
import type { Instant } from "./Time.ts"

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

/** The first stop of one window or span that was not taken yet. `from` is infinite when none is left. */
interface Head {
  from: Instant
  to: Instant
  readonly window: Recurring.Recurring | undefined
}

/** How many openings of quiet windows may still be looked at. */
export interface Budget {
  openings: number
}

/**
 * Returns a function that returns stop after stop, in their order: of those that end after `start`. Stops that overlap
 * or touch are one. The first may have begun by `start`, and then its beginning is not exact. Of the others it returns
 * none that begins at `until` or later, because nobody needs the end of that one.
 *
 * The work is bounded: openings beyond the budget, or later than `Limits.stopHorizon`, are not looked at. Time counts
 * there, which makes deadlines too early. That people notice; no deadline at all they would not.
 */
export const after = (
  stops: Stops,
  start: Instant,
  left: Budget = { openings: Limits.stopSteps },
): ((until: Instant) => Interval | undefined) => {
  const heads = headsAfter(stops, start)
  const take = (head: Head): void => {
    const { window } = head
    const opens =
      window === undefined || left.openings-- <= 0
        ? undefined
        : Recurring.opensAfter(window.schedule, Math.max(head.from, start))
    if (window === undefined || opens === undefined || opens > start + Limits.stopHorizon) {
      head.from = Infinity
      return
    }
    head.from = opens
    head.to = Recurring.closing(window.schedule, window.duration, opens)
  }
  return (until) => {
    let head = first(heads)
    if (head === undefined || (head.from >= until && head.from > start)) return undefined
    const { from } = head
    let to = head.to
    while (head !== undefined && head.from <= to) {
      to = Math.max(to, head.to)
      take(head)
      head = first(heads)
    }
    return { from, to }
  }
}

const headsAfter = ({ quiet, blind }: Stops, start: Instant): readonly Head[] => {
  const heads: Head[] = []
  const add = ({ from, to }: Interval, window?: Recurring.Recurring): void => {
    if (from < to && to > start) heads.push({ from, to, window })
  }
  for (const window of quiet) {
    if ("from" in window) {
      add(window)
      continue
    }
    const { closes, opens } = Recurring.around(window, start)
    if (closes > start) add({ from: start, to: closes }, window)
    else if (opens !== undefined) {
      add({ from: opens, to: Recurring.closing(window.schedule, window.duration, opens) }, window)
    }
  }
  for (const interval of blind) add(interval)
  return heads
}

const first = (heads: readonly Head[]): Head | undefined => {
  let found: Head | undefined
  for (const head of heads) {
    if (head.from < (found?.from ?? Infinity)) found = head
  }
  return found
}
