/** The limit of signals of one check in a minute, whatever door they take and whatever name they have for it. */
import type { Instant } from "@overdue/core/Time"
import * as RateLimit from "../../RateLimit.ts"
import * as Batch from "./Batch.ts"

/** Names of checks that are remembered. Nothing is kept of names that no check has: strangers can make up any number. */
const remembered = 100_000

/** Counts signals. */
export class SignalLimit {
  readonly #limit: RateLimit.RateLimit
  readonly #checks = new Map<string, string>()

  constructor(perMinute: number) {
    this.#limit = RateLimit.make(perMinute)
  }

  /**
   * Counts a signal before it is decided. Returns 0, or the whole seconds until the next signal of its check is taken;
   * `undefined` when it is not known which check that is, so that the signal is to be counted by `note`.
   */
  take(target: Batch.Target, now: Instant): number | undefined {
    const check = this.#checks.get(Batch.nameOf(target))
    return check === undefined ? undefined : this.#limit.take(check, now)
  }

  /** Counts a signal that was taken, and remembers its check by the name that it has in the signal. */
  note(target: Batch.Target, check: string, now: Instant): void {
    const name = Batch.nameOf(target)
    this.#checks.delete(name)
    this.#checks.set(name, check)
    if (this.#checks.size > remembered) this.#checks.delete(this.#checks.keys().next().value!)
    this.#limit.take(check, now)
  }
}
