/** What a unit of work is about to write, gathered step by step. */
import * as Alert from "@overdue/core/Alert"
import type { Check } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import type { Ping } from "@overdue/core/Ping"
import type * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"

/** Steps checks through the machine and keeps what follows. Lives as long as one decision. */
export class Changes {
  readonly #loaded: Store.Loaded
  readonly #checks = new Map<string, Check>()
  readonly #pings: Ping[] = []
  readonly #flips: Flip[] = []
  readonly #deliveries: Alert.Delivery[] = []

  constructor(loaded: Store.Loaded) {
    this.#loaded = loaded
  }

  /** The check as it is by now in this unit of work. */
  check(id: string): Check | undefined {
    return this.#checks.get(id) ?? this.#loaded.check(id)
  }

  /** The check as it is by now, of one that was loaded in another way than by id. */
  current(check: Check): Check {
    return this.#checks.get(check.id) ?? check
  }

  /** A new check, or one whose details changed. */
  put(check: Check): void {
    this.#checks.set(check.id, check)
  }

  step(check: Check, event: Machine.Event, now: Instant): Machine.Step {
    const step = Machine.step(check, event, now, this.#loaded.blind)
    this.#checks.set(check.id, step.check)
    if (step.flips.length > 0) {
      this.#flips.push(...step.flips)
      this.#deliveries.push(...Alert.ofFlips(step.check, step.flips))
    }
    if (step.reminder !== undefined) this.#deliveries.push(...Alert.ofReminder(step.check, step.reminder))
    return step
  }

  log(ping: Ping): void {
    this.#pings.push(ping)
  }

  /** Whether somebody is to be told. */
  get isTold(): boolean {
    return this.#deliveries.length > 0
  }

  decide<A>(result: A): Store.Decision<A> {
    return {
      result,
      checks: [...this.#checks.values()],
      pings: this.#pings,
      flips: this.#flips,
      deliveries: this.#deliveries,
    }
  }
}
