/** The port through which channels are told. */
import * as Context from "effect/Context"
import type { Effect } from "effect/Effect"
import type { Result } from "effect/Result"
import * as Schema from "effect/Schema"
import type { Told } from "./Alert.ts"
import type { Channel } from "./Channel.ts"
import type { Span } from "./Time.ts"

/**
 * How an attempt ended. `retry`: it may work later, not before `after` when given. `permanent`: it never will, and the
 * channel is to be disabled. `skipped`: the channel does not want this alert.
 */
export type Verdict =
  | {
      readonly type: "delivered"
      /** What to hand to the kind again when it tells of the same outage: JSON by the outage's id. */
      readonly remember?: Readonly<Record<string, unknown>>
    }
  | { readonly type: "skipped" }
  | { readonly type: "retry"; readonly why: string; readonly after?: Span | undefined }
  | { readonly type: "permanent"; readonly why: string }

/** A channel that cannot be: an unknown kind, or a value that is not what its kind takes. */
export class ChannelInvalid extends Schema.TaggedError<ChannelInvalid>()("ChannelInvalid", {
  field: Schema.String,
  expected: Schema.String,
}) {
  override get message(): string {
    return `${this.field}: expected ${this.expected}`
  }
}

/** What a kind says of itself: documents, forms and help derive from it. */
export interface Description {
  /** Names the kind in channels: lower case, such as `webhook`. */
  readonly kind: string
  /** What people call it: `Webhook`. */
  readonly title: string
  /** Where the service that it tells documents what the value's fields are. */
  readonly documentation: string
  /** JSON Schema (2020-12) of the value, each property with a description. */
  readonly value: Readonly<Record<string, unknown>>
  /** Several alerts may be told in one message. */
  readonly takesSeveral: boolean
}

/** Tells channels. Never fails: what went wrong is a verdict. */
export class Notifier extends Context.Service<
  Notifier,
  {
    /** The kinds it knows. */
    readonly kinds: readonly Description[]
    /** Checks a channel's kind and value, and returns the value as it is to be stored. */
    readonly parse: (kind: string, value: unknown) => Result<unknown, ChannelInvalid>
    /** Tells a channel several alerts only when its kind takes several. */
    readonly notify: (told: Told, channel: Channel) => Effect<Verdict>
  }
>()("@overdue/core/Notifier") {}

/** Returns what to say of a kind that is none of those that are known. */
export const unknownKind = (given: string, known: readonly string[]): ChannelInvalid =>
  new ChannelInvalid({
    field: "kind",
    expected:
      known.length === 0
        ? `no kind, since this installation tells no channels, not ${given}`
        : `one of ${known.join(", ")}, not ${given}`,
  })
