/** Channels: where alerts go, and which alerts each channel wants. The meaning of `value` is up to the notifier. */
import type { QuietWindow } from "./policy/Terms.ts"
import * as QuietTime from "./policy/QuietTime.ts"
import * as CountedTime from "./CountedTime.ts"
import * as Limits from "./Limits.ts"
import type { Instant } from "./Time.ts"
import * as Uuid from "./Uuid.ts"

/** Which alerts a channel wants, whatever its kind. */
export interface Switches {
  /** Whether it is told when a check goes down. */
  readonly down: boolean
  /** Whether it is told when a check comes up again. */
  readonly up: boolean
  /** Whether it is told that a check is still down. */
  readonly reminders: boolean
  /**
   * Hours in which it is told of no outage. Checks that are still down when they end are told then; recoveries are told
   * at once.
   */
  readonly quiet: readonly QuietWindow[]
}

/** A failed attempt to tell a channel. */
export interface Failed {
  readonly at: Instant
  /** What went wrong, as a sentence without secrets. */
  readonly why: string
}

/** A place to which alerts are sent. */
export interface Channel {
  /** Lower-case UUID. */
  readonly id: string
  readonly project: string
  /** Unique in the project, or empty; see `nameRefusal`. */
  readonly name: string
  /** One of the kinds that the notifier knows. */
  readonly kind: string
  /** Configuration of the kind, a JSON value. May hold secrets: never logged, never listed. */
  readonly value: unknown
  readonly switches: Switches
  /** Why nothing is sent to it any more; `undefined` while it is enabled. */
  readonly disabled: string | undefined
  /** When it was last told something; `undefined` when it never was. */
  readonly lastSuccess: Instant | undefined
  /** The last failed attempt; `undefined` when none has failed. */
  readonly lastError: Failed | undefined
  /** When the first attempt failed since one last succeeded; `undefined` while it works. */
  readonly failingSince: Instant | undefined
  /** Since when every attempt was answered that there is no such channel; `undefined` when the last one was not. */
  readonly goneSince: Instant | undefined
  readonly createdAt: Instant
}

/** The switches of a channel that wants every alert, at any hour. */
export const everything: Switches = { down: true, up: true, reminders: true, quiet: [] }

/**
 * Returns what the name of a channel should be instead; `undefined` when a channel can be called that. Continues a
 * sentence after "expected". Checks list the ids and names of channels separated by commas, and `*` is all of them.
 */
export const nameRefusal = (name: string): string | undefined => {
  if (name === "*") return "another name than *, which stands for all channels"
  if (name.includes(",")) return "a name without commas, which separate the channels of a check"
  if (Uuid.isValid(name)) return "a name that cannot be taken for the id of a channel"
  if (/\p{Cc}/u.test(name) || !name.isWellFormed()) return "one line without control characters"
  if (name !== name.trim()) return "a name without blanks before and after it"
  return Array.from(name).length > Limits.nameLength ? `at most ${Limits.nameLength} characters` : undefined
}

/** Returns a new channel. It wants every alert, except for what its switches say otherwise. */
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
  failingSince: undefined,
  goneSince: undefined,
})

/** Whether a channel wants an alert, quiet hours aside. A test alert always goes through. */
export const wants = (
  { switches }: Pick<Channel, "switches">,
  { occasion, status }: { readonly occasion: "flip" | "reminder" | "test"; readonly status: "up" | "down" },
): boolean => {
  if (occasion === "test") return true
  if (occasion === "reminder") return switches.reminders
  return status === "down" ? switches.down : switches.up
}

/** Returns what a channel is not told that does not want an alert. */
export const unwanted = ({ occasion, status }: Parameters<typeof wants>[1]): string =>
  occasion === "reminder"
    ? "of reminders"
    : status === "down"
      ? "when a check goes down"
      : "when a check comes up"

/** Returns the end of the quiet hours in which `now` lies; `undefined` when it lies in none, or when they never end. */
export const quietUntil = ({ switches }: Pick<Channel, "switches">, now: Instant): Instant | undefined => {
  if (switches.quiet.length === 0) return undefined
  const end = CountedTime.outside({ quiet: switches.quiet, blind: [] }, now)
  return end === now || !QuietTime.leavesSome(switches.quiet) ? undefined : end
}
