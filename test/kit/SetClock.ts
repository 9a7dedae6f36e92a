/** A steady clock that shows what a test says. */
import type { Instant, Span } from "@overdue/core/Time"
import type * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"

export class SetClock implements SteadyClock.SteadyClock {
  now: Instant
  #stepped: Span = 0

  constructor(now: Instant) {
    this.now = now
  }

  nowUnsafe = (): Instant => this.now
  ripe = () => undefined
  follow = (): void => {}
  stepped = (): Span => this.#stepped
  sleep = () => Effect.void

  /** A step of the wall clock that was followed; negative when it was set back. */
  step(by: Span): void {
    this.now += by
    this.#stepped += by
  }
}
