/** Changes: what a unit of work is going to write, collected step by step. */
import * as Delivery from "@overdue/core/Delivery"
import type { Check } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import type { NewPing } from "@overdue/core/Ping"
import type * as Sample from "@overdue/core/Sample"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"

/**
 * Steps checks through the machine, and collects their new versions, pings, samples, flips and deliveries. Used for one
 * decision.
 */
export class Changes {
  readonly #loaded: UnitOfWork.Loaded
  readonly #checks = new Map<string, Check>()
  readonly #pings: NewPing[] = []
  readonly #flips: Flip[] = []
  readonly #samples: Sample.Report[] = []
  readonly #deliveries: Delivery.Delivery[] = []

  constructor(loaded: UnitOfWork.Loaded) {
    this.#loaded = loaded
  }

  /** Returns the check as this unit of work has changed it so far; `undefined` when it was not loaded. */
  check(id: string): Check | undefined {
    return this.#checks.get(id) ?? this.#loaded.check(id)
  }

  /** Returns the same for a check that was not loaded by its id. */
  current(check: Check): Check {
    return this.#checks.get(check.id) ?? check
  }

  /** Adds a new check, or one whose details have changed. */
  put(check: Check): void {
    this.#checks.set(check.id, check)
  }

  /** Applies an event to a check, and collects what follows from it. */
  step(check: Check, event: Machine.Event, now: Instant): Machine.Step {
    const step = Machine.step(check, event, now, this.#loaded.blind)
    this.#checks.set(check.id, step.check)
    if (step.flips.length > 0) this.#flips.push(...step.flips)
    if (step.tells.length > 0) this.#deliveries.push(...Delivery.of(step.check, step.tells))
    return step
  }

  /** Adds a ping to log. */
  log(ping: NewPing): void {
    this.#pings.push(ping)
  }

  /** Adds samples of a check. */
  measure(report: Sample.Report): void {
    if (report.samples.length > 0) this.#samples.push(report)
  }

  /** Whether there are deliveries, for which the bell must ring after the commit. */
  get isTold(): boolean {
    return this.#deliveries.length > 0
  }

  /** Returns the decision to write all changes, with a result. */
  decide<A>(result: A): UnitOfWork.Decision<A> {
    return {
      result,
      checks: [...this.#checks.values()],
      pings: this.#pings,
      flips: this.#flips,
      samples: this.#samples,
      deliveries: this.#deliveries,
    }
  }
}
