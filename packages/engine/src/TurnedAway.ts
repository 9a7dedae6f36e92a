/**
 * Tells the operator how many clients were turned away because something was full, and what: every ten seconds a line at
 * most, however many come.
 */
import { second } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as SteadyClock from "./SteadyClock.ts"
import * as Tally from "./Tally.ts"

/**
 * Counts a client that was turned away. `why` goes on after "because", is one of a few constants, and names nobody: each
 * different one is remembered until it is told.
 */
export type TurnedAway = (why: string) => void

/** What counts in use; by default nothing does. */
export const TurnedAway = Context.Reference<TurnedAway>("@overdue/engine/TurnedAway", {
  defaultValue: () => () => {},
})

/** The layer of what counts, and logs what it has counted for as long as the layer is open. */
export const layer: Layer.Layer<never> = Layer.effect(
  TurnedAway,
  Effect.gen(function* () {
    const tally = new Tally.Tally<string>()
    yield* Effect.forkScoped(tally.run(yield* SteadyClock.SteadyClock, tell))
    return (why) => tally.note(why)
  }),
)

const tell = (counts: readonly (readonly [string, number])[]): Effect.Effect<void> => {
  const sentence = counts.map(([why, count]) => `${count} because ${why}`).join(", ")
  return Effect.logWarning(`clients were turned away in the last ${Tally.quietFor / second} s: ${sentence}`)
}
