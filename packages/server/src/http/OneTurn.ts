/** Counts of what happens in one turn of the event loop. */
import { setImmediate } from "node:timers"

/** Counts things, anew in each turn. */
export class OneTurn<A> {
  readonly #counts = new Map<A, number>()
  #all = 0

  /** How many there have been of all things. */
  get all(): number {
    return this.#all
  }

  /** Counts one more, and returns how many there have been of the same thing. */
  count(what: A): number {
    if (this.#all === 0) setImmediate(() => this.#end())
    this.#all += 1
    const count = (this.#counts.get(what) ?? 0) + 1
    this.#counts.set(what, count)
    return count
  }

  #end(): void {
    this.#counts.clear()
    this.#all = 0
  }
}
