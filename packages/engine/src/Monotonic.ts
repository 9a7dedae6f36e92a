/** The monotonic clock, which nobody sets: for spans between two events of this process. */
import type { Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Milliseconds since some instant. */
export const now: Effect.Effect<Span> = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)

/** Returns the same by a clock, for callers without a fiber. */
export const by = (clock: Clock.Clock): Span => Number(clock.monotonicTimeNanosUnsafe()) / 1e6
