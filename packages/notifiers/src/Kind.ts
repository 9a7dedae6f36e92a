/** A kind of channel as the registry lists it, whatever it sends by. */
import type { Told } from "@overdue/core/Alert"
import type { ChannelInvalid, Description, Verdict } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type Conversation, type HttpKind, type Links } from "./HttpKind.ts"
import * as Limits from "./Limits.ts"
import type { Sender } from "./sending/Sender.ts"
import * as Value from "./Value.ts"

/** What a kind needs to tell a channel. */
export interface Means {
  readonly links: Links
  readonly send: Sender
}

/** A kind of channel. */
export interface Kind {
  readonly description: Description
  /** Checks a value, and returns it as it is to be stored. */
  readonly parse: (value: unknown) => Result.Result<unknown, ChannelInvalid>
  /** Tells a channel. `value` is one that `parse` returned. Never fails. */
  readonly notify: (told: Told, value: unknown, means: Means) => Effect.Effect<Verdict>
}

/** Returns the kind of channel that an `HttpKind` describes. */
export const overHttp = <Config>(http: HttpKind<Config>): Kind => {
  const parse = Value.reader(http.config)
  const read = Value.remembered(parse)
  return {
    description: {
      kind: http.kind,
      title: http.title,
      documentation: http.documentation,
      value: Value.describe(http.config),
      ...(http.placeholders !== undefined && { placeholders: http.placeholders }),
      takesSeveral: http.takesSeveral === true,
    },
    parse,
    notify: (told, value, { links, send }) => {
      const config = read(value)
      return Result.isFailure(config)
        ? Effect.succeed({ type: "permanent", why: config.failure.message })
        : hold(http.tell(told, config.success, links), send)
    },
  }
}

/** Goes through a conversation to its verdict, which is `retry` when there are too many requests. */
const hold = Effect.fnUntraced(
  function* (conversation: Conversation, send: Sender): Effect.fn.Return<Verdict, Verdict> {
    let next = conversation
    for (let asked = 0; asked < Limits.requests && next.type === "ask"; asked++) {
      const response = yield* Effect.mapError(send(next.request), ({ why, permanent }): Verdict => ({
        type: permanent ? "permanent" : "retry",
        why,
      }))
      next = next.heard(response)
    }
    return next.type === "end"
      ? next.verdict
      : { type: "retry", why: `it takes more than ${Limits.requests} requests to tell the target` }
  },
  Effect.catch((unsent) => Effect.succeed(unsent)),
)
