/** Deliveries: alerts on their way to one channel each, and what has become of them. */
import type { Alert, Telling, Untold } from "./Alert.ts"
import type { Channel } from "./Channel.ts"
import type { Check } from "./Check.ts"
import type { Reason } from "./Flip.ts"
import type { Instant } from "./Time.ts"

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
 * How far a delivery has come. `skipped`: the channel does not want this alert. `superseded`: it could not be sent before
 * a newer alert of the same check came, which tells of it. `dead`: given up. `dropped`: a person has given it up.
 */
export type DeliveryStatus = "pending" | "delivered" | "skipped" | "superseded" | "dead" | "dropped"

/** What is said to have become of a delivery: its status, or `held` for those of the pending ones that are held. */
export const shownStatuses = [
  "pending",
  "held",
  "delivered",
  "skipped",
  "superseded",
  "dead",
  "dropped",
] as const

/** One of them. */
export type ShownStatus = (typeof shownStatuses)[number]

/** What can be sent again when a person wants it. */
export const retriable: readonly DeliveryStatus[] = ["dead", "superseded", "dropped"]

/** What a person can give up. */
export const droppable: readonly DeliveryStatus[] = ["pending", "dead", "superseded"]

/** What the channel was to be told and does not know, unless something later has told of it. */
export const untold: readonly DeliveryStatus[] = ["superseded", "dead"]

/**
 * Why a pending delivery waits: its last attempt `failed`, the channel has `quiet` hours, it is `held` because what its
 * check depends on is down, or the node was `stopped` that was sending it. Why a dead one is: the receiver `refused` this
 * message, the channel is `disabled`, or all attempts are `exhausted`.
 */
export type DeliveryCause = "failed" | "quiet" | "held" | "stopped" | "refused" | "disabled" | "exhausted"

/** A delivery with its progress. */
export interface TrackedDelivery extends Delivery {
  /** What the check has become by its flip. */
  readonly to: "up" | "down"
  /** The reason of the flip. */
  readonly reason: Reason
  readonly status: DeliveryStatus
  /** Why it waits or is dead; `undefined` when it does neither, or waits for its first attempt. */
  readonly cause: DeliveryCause | undefined
  /** How many attempts have begun, and those that were put off. The number fences: an older attempt settles nothing. */
  readonly attempts: number
  /** How many attempts have failed since it became pending. */
  readonly failures: number
  /** When the next attempt is due; while one is under way, when its lease ends. */
  readonly dueAt: Instant
  /** Why the last attempt failed, or why the delivery waits or was skipped, as a sentence; `undefined` otherwise. */
  readonly error: string | undefined
  /** When it ended; `undefined` while it is pending. */
  readonly settledAt: Instant | undefined
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
  /** Alerts of the same check that the channel could not be told since the last that it was told, oldest first. */
  readonly untold: readonly Untold[]
  /**
   * Whether the channel was not told that the outage began, because it did not want that alert. Its end is then no
   * news.
   */
  readonly beganUntold: boolean
  /** The check that keeps this alert back because it is down, and this one depends on it; see `Dependence`. */
  readonly heldBy: string | undefined
}

/** How an attempt at a delivery ended. */
export type DeliveryOutcome =
  | {
      readonly status: "delivered"
      /** What the channel's kind remembers of the outage from now on, as JSON; when absent, as before. */
      readonly remember?: unknown
    }
  | {
      readonly status: "skipped"
      /** Why the channel is not told. */
      readonly error: string
    }
  | {
      readonly status: "pending"
      /** Only `failed` is a failed attempt; otherwise nothing was tried. */
      readonly cause: "failed" | "quiet" | "held" | "stopped"
      readonly dueAt: Instant
      readonly error: string
      /** The receiver says that there is no such channel, which is believed when it has said so for long. */
      readonly isGone?: boolean
    }
  | { readonly status: "dead"; readonly cause: "refused" | "disabled" | "exhausted"; readonly error: string }

/** An attempt that has ended. */
export interface Ended {
  /** Id of the delivery. */
  readonly id: string
  /** Number of the attempt; see `TrackedDelivery.attempts`. */
  readonly attempt: number
  readonly outcome: DeliveryOutcome
  readonly now: Instant
}

/** An outcome that says something bad of the channel. */
export type Failed = Extract<DeliveryOutcome, { readonly cause: string }>

/** Whether an attempt has failed, or its channel is disabled; otherwise it has worked, or nothing was tried. */
export const isFailed = (outcome: DeliveryOutcome): outcome is Failed =>
  outcome.status === "dead" || (outcome.status === "pending" && outcome.cause === "failed")

/** Whether the receiver says that there is no such channel. */
export const isGone = (outcome: Failed): boolean =>
  outcome.status === "pending" ? outcome.isGone === true : outcome.cause === "disabled"

/** Whether an outcome is a first failure of its channel: that it is disabled, somebody has been told before. */
export const isTurn = (outcome: Failed): boolean => outcome.cause !== "disabled"

/** What settling an attempt has changed. */
export interface Settled {
  /** Whether the attempt held the delivery; otherwise another has begun, and nothing was changed. */
  readonly isHeld: boolean
  /** Whether the channel has `failed` now for the first time since it worked, or has `recovered` from that. */
  readonly turn: "failed" | "recovered" | undefined
}

/** Why a reminder is skipped that waited with what it reminds of. */
export const justTold = "the channel has just been told what this reminds of"

/** Whether a delivery waits, or waited, because nobody was to be told yet. */
export const isKeptBack = (cause: DeliveryCause | undefined): boolean => cause === "quiet" || cause === "held"

/** Which deliveries to list, of all projects unless one is given. */
export interface DeliveriesFilter {
  readonly project?: string
  readonly check?: string
  readonly channel?: string
  readonly status?: DeliveryStatus
  readonly cause?: DeliveryCause
  readonly limit: number
}

/** Returns what is said to have become of a delivery. */
export const shownStatus = ({ status, cause }: Pick<TrackedDelivery, "status" | "cause">): ShownStatus =>
  cause === "held" ? "held" : status

/** Returns the filter that finds what has become this. Those that are held are found as pending ones, too. */
export const filterOf = (status: ShownStatus): Pick<DeliveriesFilter, "status" | "cause"> =>
  status === "held" ? { status: "pending", cause: "held" } : { status }

/** Returns the deliveries of what the channels of a check are told: one for each telling and each channel. */
export const of = (check: Check, tellings: readonly Telling[]): readonly Delivery[] =>
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
