/** The notifier whose requests are sent by a thread of its own, for a server beside whose alerts jobs go on to ping. */
import { Notifier } from "@overdue/core/Notifier"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { over, type Options } from "./index.ts"
import * as SenderThread from "./sending/SenderThread.ts"

/** Returns the layer of the notifier. Its thread starts and stops with the layer. */
export const layer = (options: Options = {}): Layer.Layer<Notifier> => {
  const { allowPrivateTargets = false, timeout, certificateAuthorities } = options
  return Layer.effect(
    Notifier,
    Effect.map(SenderThread.make({ allowPrivateTargets, timeout, certificateAuthorities }), (send) =>
      over(send, options),
    ),
  )
}
