/** Alerts on their way to channels, as the management API answers them. Only Overdue has them. */
import type { Flip } from "./History.ts"

/** How far an alert has come on its way to one channel. */
export type DeliveryStatus = "pending" | "held" | "delivered" | "skipped" | "superseded" | "dead" | "dropped"

/** An alert of one check for one channel. */
export interface Delivery {
  /** Not there for a read-only key, which sees `unique_key` instead of `check`. */
  readonly id?: string
  readonly check?: string
  readonly unique_key?: string
  readonly check_name: string
  readonly channel: string
  readonly channel_name: string
  readonly kind: string
  readonly occasion: "flip" | "reminder"
  readonly check_status: "up" | "down"
  /** What the channel is told, in a sentence. */
  readonly news: string
  readonly reason: NonNullable<Flip["reason"]>
  readonly at: string
  /** `superseded`: a newer alert tells of it. `dead`: given up. `dropped`: given up by a person. */
  readonly status: DeliveryStatus
  readonly attempts: number
  /** Why it waits, why the last attempt failed, or why the channel was not told. */
  readonly error: string | null
  readonly next_attempt: string | null
  readonly settled_at: string | null
}

/** Which alerts to list. */
export interface DeliveriesFilter {
  /** Id, unique key or slug. */
  readonly check?: string
  /** Id or name. */
  readonly channel?: string
  readonly status?: DeliveryStatus
  /** At most so many, up to 1,000; 100 unless given. */
  readonly limit?: number
}
