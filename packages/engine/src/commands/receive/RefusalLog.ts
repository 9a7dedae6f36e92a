/** Logs how many signals were refused, and why: at most a line every ten seconds, however many somebody sends. */
import type { StoreError } from "@overdue/core/Store"
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Meter } from "../../Meter.ts"
import { metrics, refusals } from "../../Metrics.ts"
import type * as SteadyClock from "../../SteadyClock.ts"
import * as Tally from "../../Tally.ts"
import type { Refusal } from "./Batch.ts"

/** A refusal, also of what never came as far as the store. */
type Refused = Refusal | { readonly _tag: "TooManyWaiting" }

/** The same, with what is logged elsewhere or by nobody. */
type Any = Refused | StoreError | { readonly _tag: "Stopping" }

/** Why signals are refused, in a sentence that names no check: the id of a check is the secret of its ping URL. */
const reasons: Readonly<Record<Refused["_tag"], string>> = {
  CheckNotFound: "there is no such check",
  SlugAmbiguous: "several checks have the slug",
  CheckLimitReached: "the project has as many checks as it may have",
  RateLimited: "too many came for one check",
  TooManyWaiting: "too many were waiting to be committed",
}

/** Counts refusals until they are logged, and for metrics. Failures of the store are logged where they happen. */
export class RefusalLog {
  readonly #tally = new Tally.Tally<Refused["_tag"]>()
  readonly #meter: Meter

  constructor(meter: Meter) {
    this.#meter = meter
  }

  /** Counts one. */
  note({ _tag: tag }: Any): void {
    this.#meter.record(metrics.refused, 1, [refusals[tag]])
    if (tag !== "StoreError" && tag !== "Stopping") this.#tally.note(tag)
  }

  /** Logs what was counted, again and again. */
  run(clock: Pick<SteadyClock.SteadyClock, "sleep">): Effect.Effect<never> {
    return this.#tally.run(clock, write)
  }
}

const write = (counts: readonly (readonly [Refused["_tag"], number])[]): Effect.Effect<void> => {
  const sentence = counts.map(([tag, count]) => `${count} because ${reasons[tag]}`).join(", ")
  // Anybody can ask for what does not exist.
  const isOfStrangers = counts.every(([tag]) => tag === "CheckNotFound")
  const log = isOfStrangers ? Effect.logInfo : Effect.logWarning
  return log(`signals were refused in the last ${Tally.quietFor / second} s: ${sentence}`)
}
