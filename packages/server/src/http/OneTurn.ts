/** Counts of what happens in one turn of the event loop. */
import { setImmediate } from "node:timers"

/** How often a thing was counted in the turn in which it was counted last. */
interface Count {
  turn: number
  count: number
}

/** Counts things, anew in each turn. */
export class OneTurn<A extends object> {
  // Not a map that is cleared: see `Bag`.
  readonly #counts = new WeakMap<A, Count>()
  #turn = 0
  #all = 0

  /** How many there have been of all things. */
  get all(): number {
    return this.#all
  }

  /** Counts one more, and returns how many there have been of the same thing. */
  count(what: A): number {
    if (this.#all === 0) setImmediate(() => this.#end())
    this.#all += 1
    const known = this.#counts.get(what)
    if (known === undefined) {
      this.#counts.set(what, { turn: this.#turn, count: 1 })
      return 1
    }
    known.count = known.turn === this.#turn ? known.count + 1 : 1
    known.turn = this.#turn
    return known.count
  }

  #end(): void {
    this.#turn += 1
    this.#all = 0
  }
}
