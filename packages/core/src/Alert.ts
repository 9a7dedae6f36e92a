/** An alert: what a channel is told. A delivery: one alert on its way to one channel. */
import type { Channel } from "./Channel.ts"
import type { Check } from "./Check.ts"
import type { Remark } from "./diagnosis/Finding.ts"
import * as Flip from "./Flip.ts"
import type { Ping } from "./Ping.ts"
import type { Project } from "./Project.ts"
import type { Instant } from "./Time.ts"

/** Why the channel is told: the status changed, it is still down, or somebody tries the channel. */
export type Occasion = "flip" | "reminder" | "test"

/** The time for which a check is down: from the flip that took it down until the one that ended it. */
export interface Outage {
  /** The same in every alert about this outage, and in no other: what receivers thread and deduplicate by. */
  readonly id: string
  /** When the check went down; `undefined` when that is too long ago to be known. */
  readonly since: Instant | undefined
  /** When it ended; `undefined` while it lasts. May be set in an alert that could only be sent after the end. */
  readonly until: Instant | undefined
  /** Why the check went down; `undefined` when that is too long ago to be known. */
  readonly reason: Flip.Reason | undefined
  /** The run that took it down, when that has an id. */
  readonly rid: string | undefined
}

export interface Alert {
  /** The same at every attempt: receivers can tell a repetition by it. */
  readonly id: string
  readonly occasion: Occasion
  readonly status: "up" | "down"
  readonly reason: Flip.Reason
  /** Of the flip, or of the reminder. */
  readonly at: Instant
  readonly check: Check
  readonly project: Pick<Project, "id" | "name" | "zone">
  /** The newest success or failure that was logged by then, with its body. */
  readonly lastPing: Ping | undefined
  /** What the alert begins, reminds of or ends; `undefined` for the first signal of a new check. */
  readonly outage: Outage | undefined
}

/** An alert with what else a person on call must read. */
export interface ToldAlert extends Alert {
  /** Why the check went down, as far as its last signal tells; most important first, often empty. */
  readonly remarks: readonly Remark[]
  /**
   * What the channel's kind remembered when it told of the same outage before, such as the number of an issue or the id
   * of a message: the JSON of a `delivered` verdict's `remember`. `undefined`: nothing.
   */
  readonly memory: unknown
}

/** What a channel is told at once. */
export interface Told {
  /** In the order in which they happened. Several are one message for kinds that take several. */
  readonly alerts: readonly [ToldAlert, ...ToldAlert[]]
  readonly project: Alert["project"]
  /** Checks of the project that are down besides those that are told of. */
  readonly othersDown: number
}

/** A told flip (or a reminder of it) × a channel of its check. */
export interface Delivery {
  /** Derived from check, flip, occasion and channel, so that the same one cannot exist twice. */
  readonly id: string
  readonly check: string
  readonly channel: string
  /** Number of the flip. */
  readonly flip: number
  readonly occasion: "flip" | "reminder"
  readonly at: Instant
}

/** What became of a delivery. `skipped`: the channel does not want this alert. `dead`: given up, can be retried. */
export type DeliveryStatus = "pending" | "delivered" | "skipped" | "dead"

/** A delivery with its progress. */
export interface TrackedDelivery extends Delivery {
  readonly status: DeliveryStatus
  /** Attempts that were begun. */
  readonly attempts: number
  /** When it will be tried (again); of one that is being tried: when its lease ends. */
  readonly dueAt: Instant
  /** Why the last attempt failed, or why it waits. */
  readonly error: string | undefined
}

/** A delivery that a worker holds, and all it takes to send it. */
export interface Claim {
  readonly delivery: TrackedDelivery
  readonly alert: Alert
  readonly channel: Channel
  /** What the channel's kind remembered of the alert's outage; `undefined`: nothing. */
  readonly memory: unknown
  /** Checks of the project that are down, this one included if it is. */
  readonly down: number
  /** The channel was not told that the outage began, since it did not want to be: its end is no news then. */
  readonly beganUntold: boolean
}

/** Returns the deliveries that follow from flips of a check: one for each told flip and channel. */
export const ofFlips = (check: Check, flips: readonly Flip.Flip[]): readonly Delivery[] =>
  flips.flatMap((flip) =>
    Flip.isTold(flip, check.policy)
      ? check.details.channels.map((channel) => ({
          id: `${check.id}.${flip.n}.${channel}`,
          check: check.id,
          channel,
          flip: flip.n,
          occasion: "flip" as const,
          at: flip.at,
        }))
      : [],
  )

/** Returns the deliveries that remind of a check's last flip: one for each channel. */
export const ofReminder = (check: Check, at: Instant): readonly Delivery[] =>
  check.details.channels.map((channel) => ({
    id: `${check.id}.${check.state.flips}.${channel}.${at}`,
    check: check.id,
    channel,
    flip: check.state.flips,
    occasion: "reminder" as const,
    at,
  }))

/**
 * Returns the number of the flip that began the outage which a flip is about; `undefined` when it is about none. Flips
 * alternate, so the one before a flip from down is the one to down.
 */
export const outageBegan = (flip: Pick<Flip.Flip, "n" | "from" | "to">): number | undefined =>
  flip.to === "down" ? flip.n : flip.from === "down" ? flip.n - 1 : undefined

/** Returns the outage that began with a flip, of which `began` and the flip that followed, `ended`, may not be known (any more). */
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
