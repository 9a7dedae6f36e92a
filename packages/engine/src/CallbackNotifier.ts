/** The kind of channel `callback`, which calls a function of this process. */
import type { Told, ToldAlert } from "@overdue/core/Alert"
import { type Description, Notifier, unknownKind, type Verdict } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"

/** The name of the kind. */
export const kind = "callback"

const description: Description = {
  kind,
  title: "Callback",
  documentation: "https://github.com/overdue/overdue/tree/main/packages/engine",
  value: { type: "object", properties: {} },
  takesSeveral: false,
}

/** The layer of a notifier that knows no kinds. */
export const none: Layer.Layer<Notifier> = Layer.succeed(Notifier, {
  kinds: [],
  parse: (kind) => Result.fail(unknownKind(kind, [])),
  notify: (_, channel) => Effect.succeed({ type: "permanent", why: unknownKind(channel.kind, []).message }),
})

/**
 * Returns the layer of a notifier with the kind `callback` and the kinds of another notifier. A callback that throws or
 * rejects is a `retry`.
 */
export const layer = (
  callback: (alert: ToldAlert) => void | Promise<void>,
  others: Layer.Layer<Notifier>,
): Layer.Layer<Notifier> =>
  Layer.effect(
    Notifier,
    Effect.map(Notifier, (other) => ({
      kinds: [description, ...other.kinds],
      parse: (given: string, value: unknown) =>
        given === kind ? Result.succeed({}) : other.parse(given, value),
      notify: (told, channel) => (channel.kind === kind ? call(callback, told) : other.notify(told, channel)),
    })),
  ).pipe(Layer.provide(others))

const call = (
  callback: (alert: ToldAlert) => void | Promise<void>,
  { alerts: [alert] }: Told,
): Effect.Effect<Verdict> =>
  Effect.match(
    Effect.tryPromise(async () => callback(alert)),
    {
      onSuccess: () => ({ type: "delivered" }),
      onFailure: (error) => ({ type: "retry", why: `the callback failed: ${String(error.cause)}` }),
    },
  )
