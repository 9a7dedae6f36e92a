/** A wall clock and a monotonic clock that show what a test says. */
import type { Instant, Span } from "@overdue/core/Time"
import type * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"

/** What the clocks show, and what becomes of whoever sleeps: by default nobody wakes. */
export interface Shown {
  readonly wall: () => Instant
  readonly monotonic: () => Span
  readonly sleep?: Effect.Effect<void>
}

/** Returns both as one clock of Effect's. */
export const make = ({ wall, monotonic, sleep = Effect.never }: Shown): Clock.Clock => {
  const wallNanos = () => BigInt(wall()) * 1_000_000n
  const monotonicNanos = () => BigInt(Math.round(monotonic() * 1e6))
  return {
    currentTimeMillisUnsafe: wall,
    currentTimeMillis: Effect.sync(wall),
    currentTimeNanosUnsafe: wallNanos,
    currentTimeNanos: Effect.sync(wallNanos),
    monotonicTimeNanosUnsafe: monotonicNanos,
    monotonicTimeNanos: Effect.sync(monotonicNanos),
    sleep: () => sleep,
  }
}
