/** Logs how many signals were refused, and why: at most a line every ten seconds, however many somebody sends. */
import type { StoreError } from "@overdue/core/Store"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as SteadyClock from "../../SteadyClock.ts"
import type { Refusal } from "./Batch.ts"

/** Time between two lines. */
const quietFor: Span = 10 * second

/** Why signals are refused, in a sentence that names no check: the id of a check is the secret of its ping URL. */
const reasons: Readonly<Record<Refusal["_tag"], string>> = {
  CheckNotFound: "there is no such check",
  SlugAmbiguous: "several checks have the slug",
  CheckLimitReached: "the project has as many checks as it may have",
  RateLimited: "too many came for one check",
}

/** Counts refusals until they are logged. Failures of the store are logged where they happen. */
export class RefusalLog {
  readonly #counts = new Map<Refusal["_tag"], number>()
  readonly #isAny = Latch.makeUnsafe(false)

  /** Counts one. */
  note({ _tag: tag }: Refusal | StoreError): void {
    if (tag === "StoreError") return
    this.#counts.set(tag, (this.#counts.get(tag) ?? 0) + 1)
    this.#isAny.openUnsafe()
  }

  /** Logs what was counted, again and again; sleeps only when there is something to wait for. */
  run(clock: Pick<SteadyClock.SteadyClock, "sleep">): Effect.Effect<never> {
    const write = Effect.suspend(() => this.#write())
    return Effect.forever(
      this.#isAny.await.pipe(Effect.andThen(clock.sleep(quietFor)), Effect.andThen(write)),
    )
  }

  #write(): Effect.Effect<void> {
    const counts = [...this.#counts]
    this.#counts.clear()
    this.#isAny.closeUnsafe()
    const sentence = counts.map(([tag, count]) => `${count} because ${reasons[tag]}`).join(", ")
    // Anybody can ask for what does not exist.
    const isOfStrangers = counts.every(([tag]) => tag === "CheckNotFound")
    const log = isOfStrangers ? Effect.logInfo : Effect.logWarning
    return log(`signals were refused in the last ${quietFor / second} s: ${sentence}`)
  }
}
