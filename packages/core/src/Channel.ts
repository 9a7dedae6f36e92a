/** A channel: where to tell, and what it wants to be told. What `value` means is up to the notifier of its kind. */
import type { QuietWindow } from "./Check.ts"
import * as CountedTime from "./CountedTime.ts"
import type { Instant } from "./Time.ts"

/** What a channel wants to be told, whatever its kind. */
export interface Switches {
  /** That a check went down. */
  readonly down: boolean
  /** That one came up again. */
  readonly up: boolean
  /** That one is still down. */
  readonly reminders: boolean
  /** Hours in which it is told of no outage: what is still down when they end is told then. The all-clear comes at once. */
  readonly quiet: readonly QuietWindow[]
}

/** An attempt to tell a channel that did not succeed. */
export interface Failed {
  readonly at: Instant
  /** A sentence without secrets. */
  readonly why: string
}

export interface Channel {
  /** Lower-case UUID. */
  readonly id: string
  readonly project: string
  readonly name: string
  /** A kind that the notifier registry knows. */
  readonly kind: string
  /** The kind's configuration, a JSON value. May hold secrets: never logged, never listed. */
  readonly value: unknown
  readonly switches: Switches
  /** Why nothing is sent any more; `undefined` while the channel works. */
  readonly disabled: string | undefined
  /** When it was last told something; `undefined`: never. */
  readonly lastSuccess: Instant | undefined
  /** The last attempt that failed; `undefined`: none has. */
  readonly lastError: Failed | undefined
  readonly createdAt: Instant
}

/** A channel that is told of everything, at any hour. */
export const everything: Switches = { down: true, up: true, reminders: true, quiet: [] }

/** Returns a new channel, which has been told nothing yet; of everything unless its switches say otherwise. */
export const make = (
  given: Pick<Channel, "id" | "project" | "name" | "kind" | "value" | "createdAt"> & {
    readonly switches?: Partial<Switches> | undefined
  },
): Channel => ({
  ...given,
  switches: { ...everything, ...given.switches },
  disabled: undefined,
  lastSuccess: undefined,
  lastError: undefined,
})

/** Whether a channel wants an alert, at whatever hour. A person who tries the channel always gets through. */
export const wants = (
  { switches }: Pick<Channel, "switches">,
  { occasion, status }: { readonly occasion: "flip" | "reminder" | "test"; readonly status: "up" | "down" },
): boolean => {
  if (occasion === "test") return true
  if (occasion === "reminder") return switches.reminders
  return status === "down" ? switches.down : switches.up
}

/** Returns when the channel's quiet hours end in which `now` lies; `undefined` when it lies in none, or they never end. */
export const quietUntil = ({ switches }: Pick<Channel, "switches">, now: Instant): Instant | undefined => {
  if (switches.quiet.length === 0) return undefined
  const end = CountedTime.outside({ quiet: switches.quiet, blind: [] }, now)
  return end === undefined || end === now ? undefined : end
}
