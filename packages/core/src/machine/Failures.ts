/**
 * Failures: which of them are one. What was missed, overran, failed or was too short of the same slot or run makes one
 * failed outcome.
 *
 * Each function returns what the newest failure stands for after another one, and whether that one is new: whether it
 * adds an outcome.
 */
import * as Deadline from "../Deadline.ts"
import type { Policy } from "../policy/Terms.ts"
import type { Failure } from "../State.ts"
import type { Instant } from "../Time.ts"

/** What the newest failure stands for now, and whether it adds an outcome. */
export interface Judged {
  readonly failure: Failure
  readonly isNew: boolean
}

const none: Failure = { missed: undefined, at: undefined, rid: undefined, isReported: false }

/** A slot was missed, unless its run has failed or overran since the slot. `anchor` is the anchor after the miss. */
export const miss = (self: Failure = none, slot: Instant, anchor: Instant): Judged => ({
  failure: { ...self, missed: anchor, isReported: false },
  isNew: self.at === undefined || self.at < slot,
})

/** A run overran at `at`, unless that is the reason for the slot that was missed. */
export const overrun = (self: Failure = none, policy: Policy, at: Instant): Judged => ({
  failure: { ...self, at },
  isNew: !isBeforeNextSlot(self, policy, at),
})

/** A signal that reports the failure of a run. */
export interface Report {
  readonly at: Instant
  readonly rid: string | undefined
  /** Whether it closes a run that has overran. */
  readonly closesOverran: boolean
}

/**
 * A run reports its failure. That is nothing new of a run that has overran or failed before, with no good outcome since;
 * nor when it is the first report since a slot was missed and before the next one.
 */
export const report = (self: Failure = none, policy: Policy, { at, rid, closesOverran }: Report): Judged => {
  const isSameRun = (closesOverran && self.at !== undefined) || (rid !== undefined && rid === self.rid)
  const isTheMiss = !self.isReported && isBeforeNextSlot(self, policy, at) && !isForLater(self, policy, at)
  return {
    failure: { ...self, at, rid, isReported: true },
    isNew: !isSameRun && !isTheMiss,
  }
}

/** Returns the failure once a run has started: the same id is then another run. */
export const restarted = (self: Failure | undefined, rid: string | undefined): Failure | undefined =>
  self === undefined || self.rid !== rid ? self : { ...self, rid: undefined }

const isBeforeNextSlot = ({ missed }: Failure, policy: Policy, at: Instant): boolean =>
  missed !== undefined && at < (Deadline.slotAfter(policy, missed, false) ?? Infinity)

/** Whether a signal before the slot after the missed one has come early for that slot. */
const isForLater = ({ missed }: Failure, policy: Policy, at: Instant): boolean =>
  policy.schedule.kind !== "every" &&
  missed !== undefined &&
  Deadline.slotAfter(policy, at, true) !== Deadline.slotAfter(policy, missed, false)
