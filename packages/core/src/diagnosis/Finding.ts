/** What there is to say about a ping or a flip: a stable code with its facts. */
import type { Kind } from "../Ping.ts"
import type { Instant, Span } from "../Time.ts"

export type Finding =
  /** The signal came so much before its slot, which is expected all the same. */
  | { readonly code: "too-early"; readonly by: Span; readonly slot: Instant }
  /** No slot of the check's zone, but one that the schedule has at another offset from UTC: a job in another zone. */
  | { readonly code: "another-zone"; readonly slot: Instant; readonly offset: string }
  /** The run finished sooner than `minRuntime`. */
  | { readonly code: "too-short"; readonly duration: Span; readonly minimum: Span }
  /** The run took so much longer than it may; 0 when it was still running. */
  | { readonly code: "overran"; readonly by: Span; readonly allowed: Span; readonly rid: string | undefined }
  /** No signal came for the slot, which was expected at `expected` and may be late by `grace`. */
  | { readonly code: "missed-slot"; readonly slot: Instant; readonly expected: Instant; readonly grace: Span }
  /** The slot had its signal since then already; or, `isOpen`, a run was open since then that had not overrun. */
  | {
      readonly code: "duplicate-run"
      readonly since: Instant
      readonly rid: string | undefined
      readonly isOpen: boolean
    }
  /** A filter decided what the signal means; without a keyword because none was found. */
  | { readonly code: "filtered"; readonly keyword: string | undefined; readonly kind: Kind }
  | { readonly code: "exit-status"; readonly exitStatus: number }
  /** The request's method does not count. */
  | { readonly code: "method"; readonly method: string }
  /** The check waits for a person to resume it. */
  | { readonly code: "paused" }

export type Code = Finding["code"]

/** A finding as it is told: a stable code for programs, and a sentence for people. */
export interface Remark {
  readonly code: Code
  readonly text: string
}
