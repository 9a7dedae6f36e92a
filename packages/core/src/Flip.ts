/** A flip: a change of the stored status of a check, and why. */
import type { Policy, Status } from "./Check.ts"
import type { Instant } from "./Time.ts"

/**
 * Why the status changed: a signal (`success`, `fail`, `too-short`), silence (`missed`), a run that took too long
 * (`overran`), or a person (`paused`, `resumed`).
 */
export type Reason = "success" | "fail" | "too-short" | "missed" | "overran" | "paused" | "resumed"

export interface Flip {
  /** Id of the check. */
  readonly check: string
  /** Numbers the flips of a check from 1. */
  readonly n: number
  readonly at: Instant
  readonly from: Status
  readonly to: Status
  readonly reason: Reason
  /** The deadline behind it was moved because the engine itself was not awake. */
  readonly blind: boolean
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
