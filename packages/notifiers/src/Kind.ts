/** A channel kind as the registry lists it, whatever it sends by. */
import type { Alert } from "@overdue/core/Alert"
import type { ChannelInvalid, Verdict } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { HttpNotifier, Site } from "./HttpNotifier.ts"
import type { Sender } from "./sending/Sender.ts"

/** What an installation sends with. */
export interface Means {
  readonly site: Site
  readonly send: Sender
}

export interface Kind {
  readonly kind: string
  /** Checks a value, and gives it as it is to be stored. */
  readonly parse: (value: unknown) => Result.Result<unknown, ChannelInvalid>
  readonly notify: (alert: Alert, value: unknown, means: Means) => Effect.Effect<Verdict>
}

/** The kind of a notifier that tells over HTTP. */
export const overHttp = <Config>(notifier: HttpNotifier<Config>): Kind => ({
  kind: notifier.kind,
  parse: notifier.parse,
  notify: Effect.fnUntraced(
    function* (alert, value, { site, send }): Effect.fn.Return<Verdict, Verdict> {
      const config = notifier.parse(value)
      if (Result.isFailure(config)) return { type: "permanent", why: config.failure.message }
      const request = notifier.request(alert, config.success, site)
      if (request === undefined) return { type: "skipped" }
      const response = yield* Effect.mapError(send(request), ({ why, permanent }): Verdict => ({
        type: permanent ? "permanent" : "retry",
        why,
      }))
      return notifier.verdict(response)
    },
    Effect.catch((unsent) => Effect.succeed(unsent)),
  ),
})
