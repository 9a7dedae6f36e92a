/** Says elsewhere that a prober works: whoever watches over it is told when that stops. */
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as HttpAnswer from "./HttpAnswer.ts"

/** Asks for an address, such as the ping URL of a check. Never fails; what goes wrong is logged, without the address. */
export const beat = (url: string): Effect.Effect<void> =>
  Effect.promise((signal) =>
    fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10 * second)]) })
      .then(async (response) => {
        await response.body?.cancel()
        return response.ok ? undefined : `its server answers ${response.status}`
      })
      // What fetch rejects with says itself only that it failed.
      .catch((error: unknown) => `its server ${HttpAnswer.unanswered(causeOf(error))}`),
  ).pipe(
    Effect.flatMap((why) =>
      why === undefined
        ? Effect.void
        : Effect.logWarning(`the heartbeat of the prober did not arrive: ${why}`),
    ),
  )

const causeOf = (error: unknown): unknown => (error instanceof Error ? (error.cause ?? error) : error)
