/** The channel kind `callback`: tells a function of this process. */
import type { Alert } from "@overdue/core/Alert"
import { ChannelInvalid, Notifier, type Verdict } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"

export const kind = "callback"

/** No kinds at all. */
export const none: Layer.Layer<Notifier> = Layer.succeed(Notifier, {
  kinds: [],
  parse: (kind) => Result.fail(unknownKind(kind, [])),
  notify: (_, channel) => Effect.succeed({ type: "permanent", why: unknownKind(channel.kind, []).message }),
})

/** The kind `callback` next to the kinds of another notifier. */
export const layer = (
  callback: (alert: Alert) => void | Promise<void>,
  others: Layer.Layer<Notifier>,
): Layer.Layer<Notifier> =>
  Layer.effect(
    Notifier,
    Effect.map(Notifier, (other) => ({
      kinds: [kind, ...other.kinds],
      parse: (given: string, value: unknown) =>
        given === kind ? Result.succeed({}) : other.parse(given, value),
      notify: (alert, channel) =>
        channel.kind === kind ? call(callback, alert) : other.notify(alert, channel),
    })),
  ).pipe(Layer.provide(others))

/** What to say of a kind that nobody knows. */
export const unknownKind = (given: string, kinds: readonly string[]): ChannelInvalid =>
  new ChannelInvalid({
    field: "kind",
    expected:
      kinds.length === 0 ? `no channel kinds here, not ${given}` : `one of ${kinds.join(", ")}, not ${given}`,
  })

const call = (callback: (alert: Alert) => void | Promise<void>, alert: Alert): Effect.Effect<Verdict> =>
  Effect.match(
    Effect.tryPromise(async () => callback(alert)),
    {
      onSuccess: () => ({ type: "delivered" }),
      onFailure: (error) => ({ type: "retry", why: `the callback failed: ${String(error.cause)}` }),
    },
  )
