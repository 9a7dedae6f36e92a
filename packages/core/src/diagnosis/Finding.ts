/** Findings: what can be said about a ping or a flip, each with a stable code. */
import type { Kind } from "../Ping.ts"
import type { Expiring } from "../Probe.ts"
import type { Instant, Span } from "../Time.ts"

/** A stable code with its facts. Spans are in milliseconds, `slot` is an instant of the schedule. */
export type Finding =
  /** The signal came `by` before the slot, for which another signal is still expected. */
  | { readonly code: "too-early"; readonly by: Span; readonly slot: Instant }
  /**
   * The signal is near no slot in the check's zone, but near one at another `offset` from UTC: the job may be in another
   * zone. With `row`, the signal is within grace of a slot, and the last `signals` all came `lateBy` later than theirs;
   * a negative number is earlier.
   */
  | {
      readonly code: "another-zone"
      readonly slot: Instant
      readonly offset: string
      readonly row?: { readonly signals: number; readonly lateBy: number }
    }
  /** The run took less than the minimum runtime. */
  | { readonly code: "too-short"; readonly duration: Span; readonly minimum: Span }
  /** The run took `by` longer than `allowed`; `by` is 0 when it was still running. */
  | { readonly code: "overran"; readonly by: Span; readonly allowed: Span; readonly rid: string | undefined }
  /** No signal came for the slot. It was expected at `expected`, and might have been late by `grace`. */
  | { readonly code: "missed-slot"; readonly slot: Instant; readonly expected: Instant; readonly grace: Span }
  /** No success or failure has come since the check was made at `createdAt`, though it expects one. */
  | { readonly code: "never-heard"; readonly createdAt: Instant }
  /** The slot already had its signal at `since`; or, when `isOpen`, another run had been open since then without overrunning. */
  | {
      readonly code: "duplicate-run"
      readonly since: Instant
      readonly rid: string | undefined
      readonly isOpen: boolean
    }
  /** A filter decided the kind of the signal; `keyword` is `undefined` when it found none. */
  | { readonly code: "filtered"; readonly keyword: string | undefined; readonly kind: Kind }
  /** The job reported an exit status other than 0. */
  | { readonly code: "exit-status"; readonly exitStatus: number }
  /** The policy does not count requests with this method. */
  | { readonly code: "method"; readonly method: string }
  /** The check was asked, and this is what failed: a line for each region. */
  | { readonly code: "probe"; readonly failures: string }
  /** Of an attempt that was due at `at` nothing could be said, and there was no result from its region since. */
  | { readonly code: "unjudged"; readonly at: Instant; readonly region: string; readonly why: string }
  /** The server that the check watches was deleted. */
  | { readonly code: "server-gone" }
  /** The server that the check watches does not keep what it is about; `list` would name it, if any does. */
  | { readonly code: "not-kept"; readonly type: string; readonly list: string | undefined }
  /** A certificate or a domain expires soon, or has expired. */
  | { readonly code: "expires"; readonly what: Expiring; readonly at: Instant; readonly now: Instant }
  /** The check has a probe, and what is signalled to it does not count. */
  | { readonly code: "asked" }
  /** The check hears what a server reports, and what anybody else signals to it does not count. */
  | { readonly code: "server" }
  /** The check is paused until a person resumes it, so the signal was ignored. */
  | { readonly code: "paused" }

/** The code of a finding, for programs: it does not change between releases. */
export type Code = Finding["code"]

/** A finding as it is told: the code for programs, and a sentence for people. */
export interface Remark {
  readonly code: Code
  readonly text: string
}
