/** Rung when there is something to deliver, so that the outbox of this node need not wait for its next look. */
import type { Span } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"

export class Bell extends Context.Service<
  Bell,
  {
    readonly ring: () => void
    /** Waits until it rings, or has rung since the last time, or `span` has passed. */
    readonly wait: (span: Span) => Effect.Effect<void>
  }
>()("@overdue/engine/Bell") {}

export const layer = Layer.sync(Bell, () => {
  const latch = Latch.makeUnsafe(false)
  return {
    ring: () => latch.openUnsafe(),
    wait: (span) => Effect.andThen(Effect.timeoutOption(latch.await, span), latch.close),
  }
})
