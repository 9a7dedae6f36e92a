/** The clock of the machine, whatever clock decisions are made by: how long a network takes is not for a test to say. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

const machine = Clock.Clock.defaultValue()

/** Runs what waits for others by the clock of the machine. */
export const by = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.provideService(effect, Clock.Clock, machine)

/** Returns milliseconds since some instant, by a clock that nobody sets. */
export const now = (): number => Number(machine.monotonicTimeNanosUnsafe()) / 1e6
