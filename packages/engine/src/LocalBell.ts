/** The bell within one process, for stores whose layer provides none. */
import { Bell } from "@overdue/core/Bell"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

/** The layer of the bell that comes with the store if there is one, and otherwise of a bell for this process. */
export const layer: Layer.Layer<Bell> = Layer.effect(
  Bell,
  Effect.map(Effect.serviceOption(Bell), (brought) => Option.getOrElse(brought, make)),
)

const make = (): Bell["Service"] => {
  const latch = Latch.makeUnsafe(false)
  return {
    ring: () => latch.openUnsafe(),
    wait: (span) => Effect.andThen(Effect.timeoutOption(latch.await, span), latch.close),
  }
}
