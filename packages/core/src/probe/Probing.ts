/** What has become of the probe of a check: the state of its rounds. Plain data that only `Rounds` makes. */
import type { Expiring, Result, Unjudged } from "../Probe.ts"
import type { Instant } from "../Time.ts"

/** A round whose results have come in. `at` is when it was due, which names it, or of a threshold when it was measured. */
export interface Round {
  readonly at: Instant
  /** Only of a threshold: the server was overdue before, so that nobody knows what was in between. */
  readonly isAfterGap?: true
  readonly results: readonly Result[]
}

/** What has become of the probe of a check. */
export interface Probing {
  /** The last round that was told; `undefined` before the first, and when the check was resumed. */
  readonly last: Round | undefined
  /** When it was told. */
  readonly toldAt: Instant | undefined
  /** A later round of which not all results are here; `undefined` when there is none. */
  readonly open: Round | undefined
  /** Since when rounds tell otherwise than the status does; `undefined` while they do not. */
  readonly pendingSince: Instant | undefined
  /** Reminders that have been told, or are out of date: what expires when, and from how many days before on. */
  readonly reminded: readonly Reminded[]
  /** Regions that have a result in the round before: only those are waited for. Empty: all. */
  readonly heard: readonly string[]
  /** The last attempt that says nothing, and when its round was due; `undefined` when its region had a result since. */
  readonly unjudged: (Unjudged & { readonly at: Instant }) | undefined
}

/** The state of a probe that has had no round. */
export const none: Probing = {
  last: undefined,
  toldAt: undefined,
  open: undefined,
  pendingSince: undefined,
  reminded: [],
  heard: [],
  unjudged: undefined,
}

/** A reminder that has been told. */
export interface Reminded {
  readonly what: Expiring
  readonly days: number
  /** When it expires: once that is another date, there are reminders again. */
  readonly at: Instant
}
