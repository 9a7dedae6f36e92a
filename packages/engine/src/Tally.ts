/** What happens too often for a line each: it is counted, and told every ten seconds. */
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as SteadyClock from "./SteadyClock.ts"

/** Time between two lines. */
export const quietFor: Span = 10 * second

/** How often each of several things has happened since that was told last. */
export class Tally<A> {
  readonly #counts = new Map<A, number>()
  readonly #isAny = Latch.makeUnsafe(false)

  /** Counts one. */
  note(what: A): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1)
    this.#isAny.openUnsafe()
  }

  /**
   * Has what was counted told, again and again, and what is left when it is interrupted; sleeps only when there is
   * something to wait for.
   */
  run(
    clock: Pick<SteadyClock.SteadyClock, "sleep">,
    tell: (counts: readonly (readonly [A, number])[]) => Effect.Effect<void>,
  ): Effect.Effect<never> {
    const taken = Effect.suspend(() => {
      const counts = [...this.#counts]
      this.#counts.clear()
      this.#isAny.closeUnsafe()
      return tell(counts)
    })
    return Effect.forever(
      this.#isAny.await.pipe(Effect.andThen(clock.sleep(quietFor)), Effect.andThen(taken)),
    ).pipe(Effect.onInterrupt(() => (this.#counts.size > 0 ? taken : Effect.void)))
  }
}
