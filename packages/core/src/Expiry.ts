/** Expiry: from when on records are kept. */
import type { Instant } from "./Time.ts"

/** Which records may be pruned: those from before these instants (exclusive). */
export interface Expiry {
  /** Deliveries, except pending ones. */
  readonly deliveries: Instant
  /** Flips, oldest first for each check, up to the first that must stay: its last, or one that a delivery tells of. */
  readonly flips: Instant
  /** Blind spans, by their end. */
  readonly blind: Instant
  /**
   * Samples that are older than `raw` become minutes, minutes that are older than `minute` become hours, and hours that are
   * older than `hour` are gone: each when all of it is older.
   */
  readonly samples: { readonly raw: Instant; readonly minute: Instant; readonly hour: Instant }
}
