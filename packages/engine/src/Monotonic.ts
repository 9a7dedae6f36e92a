/** The monotonic clock, which nobody sets: for spans between two events of this process. */
import type { Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** Milliseconds since some instant. */
export const now: Effect.Effect<Span> = Effect.map(Clock.monotonicTimeNanos, (nanos) => Number(nanos) / 1e6)
