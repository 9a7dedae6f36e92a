/** The port through which alerts reach channels. */
import * as Context from "effect/Context"
import type { Effect } from "effect/Effect"
import type { Result } from "effect/Result"
import * as Schema from "effect/Schema"
import type { Told } from "./Alert.ts"
import type { Channel } from "./Channel.ts"
import type { Span } from "./Time.ts"

/**
 * How an attempt to tell a channel ended. `retry`: it may work later, but not before `after` has passed. `refused`: this
 * message will never work, and others may. `permanent`: no message will, because there is no such channel; it is
 * disabled once that has been so for an hour. `skipped`: the channel does not want this alert.
 */
export type Verdict =
  | {
      readonly type: "delivered"
      /**
       * What to give the kind back as `memory` when it tells of the same outage again: a JSON value by the outage's id.
       */
      readonly remember?: Readonly<Record<string, unknown>>
    }
  | { readonly type: "skipped"; readonly why: string }
  | { readonly type: "retry"; readonly why: string; readonly after?: Span | undefined }
  | { readonly type: "refused"; readonly why: string }
  | { readonly type: "permanent"; readonly why: string }

/**
 * The kind of a channel is unknown, its value is not one that the kind accepts, or it can have no such name or quiet
 * hours.
 *
 * `field` is the path of the wrong field, `expected` says what is allowed there. Neither quotes the value, which may
 * hold secrets.
 */
export class ChannelInvalid extends Schema.TaggedError<ChannelInvalid>()("ChannelInvalid", {
  field: Schema.String,
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.field}: expected ${this.expected}`
  }
}

/** How a kind of channel describes itself: documents, forms and help are made from it. */
export interface Description {
  /** The kind's name in a channel, in lower case: `webhook`. */
  readonly kind: string
  /** The kind's name for people: `Webhook`. */
  readonly title: string
  /** URL of the page that explains the fields of the value. */
  readonly documentation: string
  /** JSON Schema (2020-12) of the value, with a description for each property. */
  readonly value: Readonly<Record<string, unknown>>
  /** What texts of the value may contain, which is replaced in every message, with what it means; absent: nothing. */
  readonly placeholders?: readonly (readonly [name: string, meaning: string])[]
  /** Whether one message may tell of several alerts. */
  readonly takesSeveral: boolean
}

/** Tells channels. Never fails: a failed attempt is a verdict. */
export class Notifier extends Context.Service<
  Notifier,
  {
    /** The kinds of channels that it can tell. */
    readonly kinds: readonly Description[]
    /** Checks a channel's kind and value, and returns the value to store. */
    readonly parse: (kind: string, value: unknown) => Result<unknown, ChannelInvalid>
    /** Tells a channel. Several alerts are passed only to kinds that take several. */
    readonly notify: (told: Told, channel: Channel) => Effect<Verdict>
  }
>()("@overdue/core/Notifier") {}

/** Returns the error for a kind that is not among the known ones. */
export const unknownKind = (given: string, known: readonly string[]): ChannelInvalid =>
  new ChannelInvalid({
    field: "kind",
    expected:
      known.length === 0
        ? `no kind, since this installation tells no channels, not ${given}`
        : `one of ${known.join(", ")}, not ${given}`,
  })
