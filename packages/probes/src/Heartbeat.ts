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
        return response.ok ? undefined : `it was answered with ${response.status}`
      })
      .catch((error: unknown) =>
        HttpAnswer.isLate(error)
          ? "it was not answered in time"
          : `there was no answer (${HttpAnswer.codeOf(error instanceof Error ? (error.cause ?? error) : error)})`,
      ),
  ).pipe(
    Effect.flatMap((why) =>
      why === undefined
        ? Effect.void
        : Effect.logWarning(`the heartbeat of the prober did not arrive: ${why}`),
    ),
  )
