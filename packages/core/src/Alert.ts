/** Alerts: what a channel is told. */
import type { Check } from "./Check.ts"
import type { Remark } from "./diagnosis/Finding.ts"
import type * as Flip from "./Flip.ts"
import type { Ping } from "./Ping.ts"
import type { Project } from "./Project.ts"
import type { Instant } from "./Time.ts"

/**
 * Why a channel is told: the status changed; as a reminder, the check is still down, or is up and something of it expires
 * soon; or a person tries the channel.
 */
export type Occasion = "flip" | "reminder" | "test"

/** The time in which a check is down, from the flip that took it down to the flip that ended it. */
export interface Outage {
  /** The same in all alerts about this outage and in no other alert, so that receivers can group them. */
  readonly id: string
  /** When the check went down; `undefined` when that flip has been pruned. */
  readonly since: Instant | undefined
  /**
   * When it ended; `undefined` while it lasts. Set also in a late alert of its beginning that is sent after the end.
   */
  readonly until: Instant | undefined
  /** Why the check went down; `undefined` when that flip has been pruned. */
  readonly reason: Flip.Reason | undefined
  /** Id of the run that took the check down; `undefined` when none did, or when it has no id. */
  readonly rid: string | undefined
}

/** That a check went down, is still down, or came up again. */
export interface Alert {
  /** The delivery's id, which is the same at every attempt: an idempotency key for receivers. */
  readonly id: string
  readonly occasion: Occasion
  readonly status: "up" | "down"
  /** The reason of the last flip. */
  readonly reason: Flip.Reason
  /** When the status changed, or the reminder was due. */
  readonly at: Instant
  readonly check: Check
  readonly project: Pick<Project, "id" | "name" | "zone">
  /** The newest success or failure that was logged by `at`, with its body; `undefined` when none is kept. */
  readonly lastPing: Ping | undefined
  /**
   * The outage that the alert begins, repeats or ends; `undefined` when it is about none, as for the first ping of a
   * new check.
   */
  readonly outage: Outage | undefined
}

/** An alert with what else the person who reads it needs. */
export interface ToldAlert extends Alert {
  /** Why the check went down, as far as its last signal tells, the most important remark first. Often empty. */
  readonly remarks: readonly Remark[]
  /**
   * What the notifier remembered when it told this channel of the same outage before, such as the number of an issue:
   * the `remember` of its `delivered` verdict. `undefined` when it remembered nothing.
   */
  readonly memory: unknown
  /** Earlier alerts of the check that this channel could not be told, the oldest first, at most ten. Mostly empty. */
  readonly untold: readonly Untold[]
}

/** An alert that a channel was to be told of, and could not be. */
export interface Untold {
  /** Id of its delivery. */
  readonly id: string
  readonly occasion: "flip" | "reminder"
  readonly status: "up" | "down"
  readonly reason: Flip.Reason
  readonly at: Instant
}

/** What a channel is told in one message. */
export interface Told {
  /** In the order in which they happened. More than one only for kinds of channel that take several. */
  readonly alerts: readonly [ToldAlert, ...ToldAlert[]]
  readonly project: Alert["project"]
  /** How many checks of the project are down besides those of the alerts. */
  readonly othersDown: number
}

/** That the channels of a check are told of one of its flips or, as a reminder, of the last one again. */
export interface Telling {
  readonly at: Instant
  readonly occasion: "flip" | "reminder"
  /** Number of the flip among those of the check. */
  readonly flip: number
}

/** Returns what a channel is told that a check is after a flip: only `down` is an outage. */
export const status = ({ to }: Pick<Flip.Flip, "to">): Alert["status"] => (to === "down" ? "down" : "up")

/**
 * Returns the number of the flip that began the outage which a flip is about; `undefined` when it is about none.
 *
 * Flips alternate, so the flip before one from down is the one to down.
 */
export const outageBegan = (flip: Pick<Flip.Flip, "n" | "from" | "to">): number | undefined =>
  flip.to === "down" ? flip.n : flip.from === "down" ? flip.n - 1 : undefined

/**
 * Returns the outage that began with flip `n`. `began` is that flip and `ended` the next one, each `undefined` when it
 * has been pruned or has not happened.
 */
export const outage = (
  check: string,
  n: number,
  began: Pick<Flip.Flip, "at" | "reason" | "rid"> | undefined,
  ended: Pick<Flip.Flip, "at"> | undefined,
): Outage => ({
  id: `${check}.${n}`,
  since: began?.at,
  until: ended?.at,
  reason: began?.reason,
  rid: began?.rid,
})
