/** Totals: what a check has counted since its creation. Nothing that is pruned changes them. */
import * as CountedTime from "./CountedTime.ts"
import type { Blind } from "./Deadline.ts"
import type { Policy } from "./policy/Terms.ts"
import * as Schedule from "./Schedule.ts"
import type { State, Totals } from "./State.ts"
import type { Instant, Span } from "./Time.ts"

export type { Totals } from "./State.ts"

/** What a check has counted of which nothing is known yet. */
export const none: Totals = { successes: 0, missed: 0, missedSince: undefined, up: 0, down: 0 }

/** Milliseconds, and runs, as they are at an instant. */
export type Sums = Pick<Totals, "successes" | "missed" | "up" | "down">

/** How a check is expected, and what has become of it. */
interface Expected {
  readonly policy: Policy
  readonly state: State
}

/** Returns the totals of a check at `now`, deadlines that have passed included when the check is settled. */
export const at = ({ policy, state }: Expected, now: Instant, blind: Blind): Sums => {
  const { successes, up, down } = flipped(state, now)
  return { successes, missed: missedBy(state, { policy, now, blind }).missed, up, down }
}

/** Returns the totals at a flip: the status before it has lasted until then. */
export const flipped = ({ totals, status, flippedAt }: State, at: Instant): Totals => {
  const lasted: Span = Math.max(0, at - flippedAt)
  if (status === "up") return { ...totals, up: totals.up + lasted }
  return status === "down" ? { ...totals, down: totals.down + lasted } : totals
}

/** How a check is expected, and until when it is looked at. */
interface Looked {
  readonly policy: Policy
  readonly now: Instant
  readonly blind: Blind
}

/** Returns the totals when a run has been heard of, which ends the time in which runs were missed. */
export const heard = (state: State, looked: Looked, isSuccess: boolean): Totals => {
  const { successes, ...totals } = missedBy(state, looked)
  return { ...totals, successes: isSuccess ? successes + 1 : successes, missedSince: looked.now }
}

/** Returns the totals when a person stops expecting the check. */
export const paused = (state: State, looked: Looked): Totals => ({
  ...missedBy(state, looked),
  missedSince: undefined,
})

/** Returns the totals when a person expects it again: runs that would have come meanwhile are not missed. */
export const resumed = ({ totals, lastSuccess }: State, now: Instant): Totals =>
  lastSuccess === undefined ? totals : { ...totals, missedSince: now }

/**
 * Adds the runs that were missed until now, of a check of which that was noticed: in the counted time since the last
 * run, as many as periods and grace fit in. The period of other schedules is the first one after that run.
 */
const missedBy = (state: State, { policy, now, blind }: Looked): Totals => {
  const { totals, status, failure } = state
  const { missedSince } = totals
  if (missedSince === undefined || missedSince >= now) return totals
  if (status !== "down" && failure?.missed === undefined) return totals
  const period = Schedule.periodAfter(policy.schedule, missedSince)
  if (period === undefined) return totals
  const counted = CountedTime.between({ quiet: policy.quiet, blind }, missedSince, now)
  return { ...totals, missed: totals.missed + Math.floor(counted / (period + policy.grace)) }
}
