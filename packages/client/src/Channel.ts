/** The channels of the management API, and the hours that do not count. */

/**
 * A time that does not count, in seconds: a duration after each time of a schedule, or every so many seconds; or a span
 * of time, once. Without a `tz`, a schedule and times without an offset are on the clock of the check that the window is
 * set for, and in UTC for a channel. Answers name the zone of every schedule, and have times with an offset.
 */
export type QuietWindow =
  | { readonly schedule: string; readonly tz?: string; readonly duration: number }
  | { readonly every: number; readonly duration: number }
  | { readonly from: string; readonly to: string; readonly tz?: string }

/** What a channel is told. Answers leave out what is as in a new channel: everything, at any hour. */
export interface Switches {
  /** That a check went down. */
  readonly down?: boolean
  /** That one came up again. */
  readonly up?: boolean
  /** That one is still down. */
  readonly reminders?: boolean
  /** Hours in which it is told of no outage; when they end, it is told of those that go on. */
  readonly quiet?: readonly QuietWindow[]
}

/** A channel of the project. */
export interface Channel extends Switches {
  readonly id: string
  readonly name: string
  readonly kind: string
}

/** A channel as `details` list it. */
export interface ChannelDetails extends Channel {
  /** Why nothing is sent any more; `null` while the channel works. */
  readonly disabled: string | null
  /** When the first attempt failed since one last worked; `null` while attempts work. */
  readonly failing_since: string | null
  /** How many alerts wait to be sent to it. */
  readonly waiting: number
  readonly last_success: string | null
  readonly last_error: { readonly at: string; readonly error: string } | null
}

/** What became of a test alert. */
export interface ChannelTest {
  /** `skipped`: the channel is not set up for it, and nothing was sent. */
  readonly result: "delivered" | "skipped"
  /** Why nothing was sent. */
  readonly error?: string
}

/** What can be changed of a channel; fields that are absent stay. */
export interface ChannelChange extends Switches {
  readonly name?: string
  /** All of the settings that its kind needs: of a webhook, for example, its URLs. */
  readonly value?: unknown
}

/** A channel to create. */
export interface NewChannel extends ChannelChange {
  readonly name: string
  readonly kind: string
  readonly value: unknown
}
