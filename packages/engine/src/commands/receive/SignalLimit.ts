/**
 * The limit of signals of one check in a minute, whatever door they take and whatever name they have for it. Each sender
 * has his own: otherwise whoever has got to know the address of a check could silence its job.
 */
import type { Instant } from "@overdue/core/Time"
import * as RateLimit from "../../RateLimit.ts"
import * as Batch from "./Batch.ts"

/** Names of checks that are remembered. Nothing is kept of names that no check has: strangers can make up any number. */
const remembered = 100_000

/** As many times the limit of a sender is the limit of all senders of a check together. */
export const senders = 10

type Counted = Pick<Batch.Arrival, "target" | "sender">

/** Counts signals. */
export class SignalLimit {
  readonly #ofSender: RateLimit.RateLimit
  readonly #ofCheck: RateLimit.RateLimit
  readonly #checks = new Map<string, string>()

  constructor(perMinute: number) {
    this.#ofSender = RateLimit.make(perMinute)
    this.#ofCheck = RateLimit.make(senders * perMinute)
  }

  /**
   * Counts a signal before it is decided. Returns 0, or the whole seconds until the next signal of its sender for its
   * check is taken; `undefined` when it is not known which check that is, so that the signal is to be counted by `count`
   * as soon as it is.
   */
  take({ target, sender }: Counted, now: Instant): number | undefined {
    const check = this.#checks.get(Batch.nameOf(target))
    return check === undefined ? undefined : this.count(check, sender, now)
  }

  /** Remembers the check that has the name in a signal. */
  note({ target }: Counted, check: string): void {
    const name = Batch.nameOf(target)
    this.#checks.delete(name)
    this.#checks.set(name, check)
    if (this.#checks.size > remembered) this.#checks.delete(this.#checks.keys().next().value!)
  }

  /** Counts a signal of a check that is known, and returns what `take` does. */
  count(check: string, sender: string | undefined, now: Instant): number {
    // What one sender sends too often does not count for all.
    return this.#ofSender.take(`${check} ${sender ?? ""}`, now) || this.#ofCheck.take(check, now)
  }
}
