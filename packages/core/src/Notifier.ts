/** The port through which channels are told. */
import * as Context from "effect/Context"
import type { Effect } from "effect/Effect"
import type { Result } from "effect/Result"
import * as Schema from "effect/Schema"
import type { Alert } from "./Alert.ts"
import type { Channel } from "./Channel.ts"
import type { Span } from "./Time.ts"

/**
 * How an attempt ended. `retry`: it may work later, not before `after` when given. `permanent`: it never will, and the
 * channel is to be disabled. `skipped`: the channel does not want this alert.
 */
export type Verdict =
  | { readonly type: "delivered" }
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

/** Tells channels. Never fails: what went wrong is a verdict. */
export class Notifier extends Context.Service<
  Notifier,
  {
    /** The kinds it knows. */
    readonly kinds: readonly string[]
    /** Checks a channel's kind and value, and gives the value as it is to be stored. */
    readonly parse: (kind: string, value: unknown) => Result<unknown, ChannelInvalid>
    readonly notify: (alert: Alert, channel: Channel) => Effect<Verdict>
  }
>()("@overdue/core/Notifier") {}
