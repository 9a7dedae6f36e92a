/** A clock that can be set wrong, over the one of the test: a program that has it goes on as time passes in the test. */
import type { Instant, Span } from "@overdue/core/Time"
import { BootTime } from "@overdue/engine/SteadyClock"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** How wrong a clock is, which can be changed while it runs. */
export interface WrongClock extends Clock.Clock {
  /** How far the wall clock is ahead of the test's; negative when it is behind. */
  ahead: Span
}

/** Returns a clock that is right so far. */
export const over = (clock: Clock.Clock): WrongClock => {
  const wrong: WrongClock = {
    ahead: 0,
    currentTimeMillisUnsafe: (): Instant => clock.currentTimeMillisUnsafe() + wrong.ahead,
    currentTimeMillis: Effect.sync(() => wrong.currentTimeMillisUnsafe()),
    currentTimeNanosUnsafe: () => clock.currentTimeNanosUnsafe() + BigInt(wrong.ahead) * 1_000_000n,
    currentTimeNanos: Effect.sync(() => wrong.currentTimeNanosUnsafe()),
    monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
    monotonicTimeNanos: clock.monotonicTimeNanos,
    sleep: (duration) => clock.sleep(duration),
  }
  return wrong
}

/** Returns what gives a program the clock, on a machine that never sleeps. */
export const layer = (wrong: WrongClock): Layer.Layer<never> =>
  Layer.merge(
    Layer.succeed(Clock.Clock, wrong),
    Layer.succeed(BootTime, () => Number(wrong.monotonicTimeNanosUnsafe()) / 1e6),
  )
