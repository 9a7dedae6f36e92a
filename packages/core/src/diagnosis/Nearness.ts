/** Nearness: which slot a signal is near, whether or not one is expected there. */
import type { Policy } from "../Check.ts"
import * as Deadline from "../Deadline.ts"
import * as Schedule from "../Schedule.ts"
import type { Instant, Span } from "../Time.ts"

/** Returns the first slot of the last `within` milliseconds up to `at` (inclusive); `undefined` when there is none. */
export const slotBefore = (schedule: Schedule.Schedule, at: Instant, within: Span): Instant | undefined => {
  const slot = Schedule.next(schedule, at - within - 1)
  return slot !== undefined && slot <= at ? slot : undefined
}

/** Whether an instant before a slot is at least as near to a slot before it. */
export const isNearerToEarlier = (schedule: Schedule.Schedule, at: Instant, slot: Instant): boolean =>
  slotBefore(schedule, at, slot - at) !== undefined

/**
 * Whether an instant belongs to a slot that a quiet window waives, so that a job which runs all the same is in time: it
 * is within grace after such a slot, or near it. `last` is the instant of the signal before, and `expected` the slot
 * that is expected after that one, which is later than `at`.
 */
export const isOfWaived = (policy: Policy, last: Instant, expected: Instant, at: Instant): boolean => {
  const { schedule, grace, quiet } = policy
  if (quiet.length === 0 || schedule.kind === "every") return false
  // All slots from this one to the expected one are waived. The signal before may have come early for one of them.
  const first = Deadline.slotAfter({ ...policy, quiet: [] }, last, true) ?? expected
  const following = Schedule.next(schedule, at) ?? expected
  const after = Math.min(at - first, Math.max(grace, following - at))
  if (after >= 0 && slotBefore(schedule, at, after) !== undefined) return true
  return following >= first && following < expected && following - at < at - last
}
