/** Alerts: what a channel is told. Deliveries: alerts on their way to one channel each. */
import type { Channel } from "./Channel.ts"
import type { Check } from "./Check.ts"
import type { Remark } from "./diagnosis/Finding.ts"
import type * as Flip from "./Flip.ts"
import type { Ping } from "./Ping.ts"
import type { Project } from "./Project.ts"
import type { Instant } from "./Time.ts"

/** Why a channel is told: the status changed, it is still down, or a person tries the channel. */
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
}

/** What a channel is told in one message. */
export interface Told {
  /** In the order in which they happened. More than one only for kinds of channel that take several. */
  readonly alerts: readonly [ToldAlert, ...ToldAlert[]]
  readonly project: Alert["project"]
  /** How many checks of the project are down besides those of the alerts. */
  readonly othersDown: number
}

/** A flip that a channel is told of, or a reminder of it. */
export interface Delivery {
  /** Made from check, flip, occasion and channel, so that no delivery can be written twice. */
  readonly id: string
  readonly check: string
  readonly channel: string
  /** Number of the flip among those of its check. */
  readonly flip: number
  readonly occasion: "flip" | "reminder"
  readonly at: Instant
}

/**
 * How far a delivery has come. `skipped`: the channel does not want this alert. `dead`: given up; a person can retry
 * it.
 */
export type DeliveryStatus = "pending" | "delivered" | "skipped" | "dead"

/** A delivery with its progress. */
export interface TrackedDelivery extends Delivery {
  readonly status: DeliveryStatus
  /** How many attempts have begun. */
  readonly attempts: number
  /** When the next attempt is due; while one is under way, when its lease ends. */
  readonly dueAt: Instant
  /** Why the last attempt failed, or why the delivery was put off; `undefined` when neither happened. */
  readonly error: string | undefined
}

/** A delivery that a worker holds under a lease, with everything needed to send it. */
export interface Claim {
  readonly delivery: TrackedDelivery
  readonly alert: Alert
  readonly channel: Channel
  /** What the notifier remembered of the alert's outage for this channel; `undefined` when nothing. */
  readonly memory: unknown
  /** How many checks of the project are down, the alert's own included. */
  readonly down: number
  /**
   * Whether the channel was not told that the outage began, because it did not want that alert. Its end is then no
   * news.
   */
  readonly beganUntold: boolean
}

/** That the channels of a check are told of one of its flips or, as a reminder, of the last one again. */
export interface Telling {
  readonly at: Instant
  readonly occasion: "flip" | "reminder"
  /** Number of the flip among those of the check. */
  readonly flip: number
}

/** Returns the deliveries of what the channels of a check are told: one for each telling and each channel. */
export const deliveries = (check: Check, tellings: readonly Telling[]): readonly Delivery[] =>
  tellings.flatMap(({ at, occasion, flip }) =>
    check.details.channels.map((channel) => ({
      id: `${check.id}.${flip}.${channel}${occasion === "reminder" ? `.${at}` : ""}`,
      check: check.id,
      channel,
      flip,
      occasion,
      at,
    })),
  )

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
