/** A channel: where to tell. What `value` means is up to the notifier of its kind. */
import type { Instant } from "./Time.ts"

export interface Channel {
  /** Lower-case UUID. */
  readonly id: string
  readonly project: string
  readonly name: string
  /** A kind that the notifier registry knows. */
  readonly kind: string
  /** The kind's configuration, a JSON value. May hold secrets: never logged, never listed. */
  readonly value: unknown
  /** Why nothing is sent any more; `undefined` while the channel works. */
  readonly disabled: string | undefined
  readonly createdAt: Instant
}
