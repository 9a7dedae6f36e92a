/** Stops: the spans in which the clock of a check stands still, merged, one after another. */
import * as Limits from "./Limits.ts"
import * as Recurring from "./policy/Recurring.ts"
import type { QuietWindow } from "./policy/Terms.ts"
import type { Instant } from "./Time.ts"

/** A span of time, from `from` (inclusive) to `to` (exclusive). */
export interface Interval {
  readonly from: Instant
  readonly to: Instant
  /** Set on a blind span of which nothing has passed: the clock has leapt over it; see `Steps`. */
  readonly isStep?: true
}

/** When the clock stands still: in the quiet windows of a check, and in spans in which no node was awake. */
export interface Stops {
  readonly quiet: readonly QuietWindow[]
  readonly blind: readonly Interval[]
}

/** The first stop that was not taken yet of one window, or of all blind spans. `from` is infinite when none is left. */
interface Head {
  from: Instant
  to: Instant
  /** What comes after it; `undefined` when nothing does. */
  readonly after: ((head: Head) => Interval | undefined) | undefined
}

/** How many openings of quiet windows may still be looked at; below 0 when there were more. */
export interface Budget {
  openings: number
}

/**
 * How much work an instant is worth: `thorough` is exact; `hurried` may be a lower bound of it, when quiet windows open
 * more than `Limits.hurriedSteps` times before.
 */
export type Care = "thorough" | "hurried"

/** Returns the budget for so much care. */
export const budget = (care: Care): Budget => ({
  openings: care === "hurried" ? Limits.hurriedSteps : Limits.stopSteps,
})

/**
 * Returns a function that returns stop after stop, in their order: of those that end after `start`. Stops that overlap
 * or touch are one. The first may have begun by `start`, and then its beginning is not exact. Of the others it returns
 * none that begins at `until` or later, because nobody needs the end of that one.
 *
 * The work is bounded: openings beyond the budget, or later than `Limits.stopHorizon`, are not looked at. Time counts
 * there, which makes deadlines too early. That people notice; no deadline at all they would not. Each window costs one
 * opening to begin with.
 */
export const after = (
  stops: Stops,
  start: Instant,
  left: Budget = budget("thorough"),
): ((until: Instant) => Interval | undefined) => {
  const heads = headsAfter(stops, start, left)
  const take = (head: Head): void => {
    const next = head.after?.(head)
    head.from = next?.from ?? Infinity
    head.to = next?.to ?? Infinity
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

const headsAfter = ({ quiet, blind }: Stops, start: Instant, left: Budget): readonly Head[] => {
  const heads: Head[] = []
  const add = ({ from, to }: Interval, after?: Head["after"]): void => {
    if (from < to && to > start) heads.push({ from, to, after })
  }
  left.openings -= quiet.length
  for (const window of quiet) {
    if ("from" in window) {
      add(window)
      continue
    }
    const { closes, opens } = Recurring.around(window, start)
    const after = openings(window, start, left)
    if (closes > start) add({ from: start, to: closes }, after)
    else if (opens !== undefined) {
      add({ from: opens, to: Recurring.closing(window.schedule, window.duration, opens) }, after)
    }
  }
  if (blind.length > 0) {
    const spans = blind.filter(({ from, to }) => from < to && to > start).toSorted((a, b) => a.from - b.from)
    let taken = 0
    if (spans.length > 0) add(spans[0]!, () => spans[++taken])
  }
  return heads
}

/** Returns what returns the opening after the one of a head, within the budget and the horizon. */
const openings =
  ({ schedule, duration }: Recurring.Recurring, start: Instant, left: Budget) =>
  (head: Head): Interval | undefined => {
    if (left.openings-- <= 0) return undefined
    const from = Recurring.opensAfter(schedule, Math.max(head.from, start))
    if (from === undefined || from > start + Limits.stopHorizon) return undefined
    return { from, to: Recurring.closing(schedule, duration, from) }
  }

/** Whether the clock stands still at an instant. */
export const holds = (stops: Stops, at: Instant): boolean =>
  headsAfter(stops, at, { openings: 0 }).some(({ from }) => from <= at)

const first = (heads: readonly Head[]): Head | undefined => {
  let found: Head | undefined
  for (const head of heads) {
    if (head.from < (found?.from ?? Infinity)) found = head
  }
  return found
}
