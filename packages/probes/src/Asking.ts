/** Asks targets in this process, as probers need it. */
import * as Effect from "effect/Effect"
import * as Asker from "./Asker.ts"
import type * as Prober from "./Prober.ts"

/** Returns what asks a target; when nothing can be said of it, that is logged. Whoever gives it up closes what is open. */
export const make = (options: Asker.Options = {}): Prober.Ask => {
  const ask = Asker.make(options)
  return Effect.fnUntraced(function* (probe) {
    const answered = yield* Effect.promise((signal) => ask(probe, signal))
    if (answered.type === "answer") return answered.answer
    yield* Effect.logWarning(`nothing can be said of what a probe asks: ${answered.why}`)
    return undefined
  })
}
