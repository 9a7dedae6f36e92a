/** A flip: a change of the stored status of a check, and why. */
import type { Policy, Status } from "./Check.ts"
import type { Instant, Span } from "./Time.ts"

/**
 * Why the status changed: a signal (`success`, `fail`, `too-short`), silence (`missed`), a run that took too long
 * (`overran`), or a person (`paused`, `resumed`).
 */
export type Reason = "success" | "fail" | "too-short" | "missed" | "overran" | "paused" | "resumed"

/** What made a status change, and when. */
export interface Cause {
  readonly at: Instant
  readonly reason: Reason
  /** The deadline behind it was moved because the engine itself was not awake. */
  readonly blind: boolean
  /** The run that it is about; `undefined` when that run has no id, or when it is about none. */
  readonly rid: string | undefined
  /** How long that run took, or had been taking by then; `undefined` when it is about none that had started. */
  readonly duration: Span | undefined
}

export interface Flip extends Cause {
  /** Id of the check. */
  readonly check: string
  /** Numbers the flips of a check from 1. */
  readonly n: number
  readonly from: Status
  readonly to: Status
}

/**
 * Whether the channels are told of it: flips to up and down are, except the first one to up (unless the policy asks
 * for it) and the way out of a pause, as in Healthchecks.
 */
export const isTold = (self: Flip, policy: Policy): boolean => {
  if (self.to === "down") return true
  if (self.to !== "up") return false
  if (self.from === "new") return policy.notifyOnFirstPing
  return self.from !== "paused"
}
