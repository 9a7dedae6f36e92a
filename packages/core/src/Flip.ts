/** Flips: changes of the stored status of a check, and their reasons. */
import type { Result } from "./Probe.ts"
import type { Status } from "./State.ts"
import type { Instant, Span } from "./Time.ts"

/**
 * Why the status changed: a signal (`success`, `fail`, `too-short`), silence (`missed`), a run that took too long
 * (`overran`), or a person (`paused`, `resumed`).
 */
export type Reason = "success" | "fail" | "too-short" | "missed" | "overran" | "paused" | "resumed"

/** What changed a status, and when. */
export interface Cause {
  readonly at: Instant
  readonly reason: Reason
  /** Whether the deadline that passed had been moved because the engine was not awake. */
  readonly blind: boolean
  /** Id of the run that caused it; `undefined` when that run has no id, or when no run did. */
  readonly rid: string | undefined
  /** How long that run took, or had taken by then; `undefined` when no run that had started caused it. */
  readonly duration: Span | undefined
}

/** A change of the stored status of a check. */
export interface Flip extends Cause {
  /** Id of the check. */
  readonly check: string
  /** Number of the flip among those of its check, from 1. */
  readonly n: number
  readonly from: Status
  readonly to: Status
  /** Whether it happened in a quiet window of its check. */
  readonly quiet: boolean
  /** What the probe of the check said; absent when something else was the cause. */
  readonly result?: Pick<Result, "region" | "statusCode" | "reason">
}

/** How often a check flipped for one reason. */
export interface FlipCount {
  readonly check: string
  readonly reason: Reason
  readonly count: number
}
