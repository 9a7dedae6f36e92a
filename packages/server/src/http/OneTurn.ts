/** Counts of what happens in one turn of the event loop. */
import { setImmediate } from "node:timers"

/** How much of a thing was counted in the turn in which it was counted last. */
interface Count {
  turn: number
  sum: number
}

/** Counts things, anew in each turn. */
export class OneTurn<A extends object> {
  // Not a map that is cleared: see `Bag`.
  readonly #counts = new WeakMap<A, Count>()
  #turn = 0
  #all = 0

  /** How much there has been of all things. */
  get all(): number {
    return this.#all
  }

  /** Counts some more, by default one, and returns how much there has been of the same thing. */
  count(what: A, more: number = 1): number {
    if (this.#all === 0) setImmediate(() => this.#end())
    this.#all += more
    const known = this.#counts.get(what)
    if (known === undefined) {
      this.#counts.set(what, { turn: this.#turn, sum: more })
      return more
    }
    known.sum = known.turn === this.#turn ? known.sum + more : more
    known.turn = this.#turn
    return known.sum
  }

  #end(): void {
    this.#turn += 1
    this.#all = 0
  }
}
