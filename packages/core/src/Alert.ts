/** An alert: what a channel is told. A delivery: one alert on its way to one channel. */
import type { Channel } from "./Channel.ts"
import type { Check } from "./Check.ts"
import * as Flip from "./Flip.ts"
import type { Ping } from "./Ping.ts"
import type { Project } from "./Project.ts"
import type { Instant } from "./Time.ts"

/** Why the channel is told: the status changed, it is still down, or somebody tries the channel. */
export type Occasion = "flip" | "reminder" | "test"

export interface Alert {
  /** The same at every attempt: receivers can tell a repetition by it. */
  readonly id: string
  readonly occasion: Occasion
  readonly status: "up" | "down"
  readonly reason: Flip.Reason
  /** Of the flip, or of the reminder. */
  readonly at: Instant
  readonly check: Check
  readonly project: Pick<Project, "id" | "name">
  /** The newest success or failure that was logged by then, with its body. */
  readonly lastPing: Ping | undefined
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
  /** Why the last attempt failed. */
  readonly error: string | undefined
}

/** A delivery that a worker holds, and all it takes to send it. */
export interface Claim {
  readonly delivery: TrackedDelivery
  readonly alert: Alert
  readonly channel: Channel
}

/** The deliveries that follow from flips of a check: one for each told flip and channel. */
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

/** The deliveries that remind of a check's last flip: one for each channel. */
export const ofReminder = (check: Check, at: Instant): readonly Delivery[] =>
  check.details.channels.map((channel) => ({
    id: `${check.id}.${check.state.flips}.${channel}.${at}`,
    check: check.id,
    channel,
    flip: check.state.flips,
    occasion: "reminder" as const,
    at,
  }))
