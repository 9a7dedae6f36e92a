/** A channel kind as the registry lists it, whatever it sends by. */
import type { Told } from "@overdue/core/Alert"
import type { ChannelInvalid, Description, Verdict } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { type Conversation, type HttpKind, type Links } from "./HttpKind.ts"
import * as Limits from "./Limits.ts"
import type { Sender } from "./sending/Sender.ts"
import * as Value from "./Value.ts"

/** What an installation sends with. */
export interface Means {
  readonly links: Links
  readonly send: Sender
}

export interface Kind {
  readonly description: Description
  /** Checks a value, and returns it as it is to be stored. */
  readonly parse: (value: unknown) => Result.Result<unknown, ChannelInvalid>
  /** Tells a channel with a value that `parse` returned. Never fails. */
  readonly notify: (told: Told, value: unknown, means: Means) => Effect.Effect<Verdict>
}

/** Returns the kind that tells over HTTP. */
export const overHttp = <Config>(http: HttpKind<Config>): Kind => {
  const parse = Value.reader(http.config)
  return {
    description: {
      kind: http.kind,
      title: http.title,
      documentation: http.documentation,
      value: Value.describe(http.config),
      takesSeveral: http.takesSeveral === true,
    },
    parse,
    notify: (told, value, { links, send }) => {
      const config = parse(value)
      return Result.isFailure(config)
        ? Effect.succeed({ type: "permanent", why: config.failure.message })
        : hold(http.tell(told, config.success, links), send)
    },
  }
}

/** Holds a conversation to its end. One that does not come to it has failed for now. */
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
