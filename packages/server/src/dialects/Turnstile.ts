/**
 * The turnstile before requests that take long, such as lists: one is let in at each turn of the event loop.
 *
 * Node accepts one new connection at each turn (libuv 1.52), so a turn in which many such requests go on at once keeps
 * every job waiting that opens a connection to ping: behind 60 busy clients for ten seconds.
 */
import { setImmediate } from "node:timers"

/** How many places of the list may be empty at least before it is moved up. */
const compactAfter = 1_000

/** Somebody who waits: what begins when it is let in, and whether it has left meanwhile. */
interface Waiting {
  readonly begin: () => void
  readonly isGone: () => boolean
}

const stays = (): boolean => false

/** Lets in what comes, in its order. */
export class Turnstile {
  #waiting: Waiting[] = []
  /** How many of those who wait were let in, or had left: to take one out of a long list moves all others. */
  #past = 0
  /** Whether somebody was let in at this turn already. */
  #isUsed = false

  /**
   * Calls `begin` now, or at one of the next turns, unless whoever comes `isGone` by then: a flood that has left would
   * keep those who come after it waiting, and a server that stops. Neither may throw.
   */
  enter(begin: () => void, isGone: () => boolean = stays): void {
    if (this.#isUsed) this.#waiting.push({ begin, isGone })
    else this.#use(begin)
  }

  #use(begin: () => void): void {
    this.#isUsed = true
    setImmediate(this.#turn)
    begin()
  }

  readonly #turn = (): void => {
    this.#isUsed = false
    const next = this.#next()
    if (next !== undefined) this.#use(next.begin)
  }

  #next(): Waiting | undefined {
    while (this.#past < this.#waiting.length) {
      const next = this.#waiting[this.#past]!
      this.#past += 1
      if (this.#past >= compactAfter && this.#past * 2 > this.#waiting.length) this.#compact()
      if (!next.isGone()) return next
    }
    this.#compact()
    return undefined
  }

  #compact(): void {
    this.#waiting = this.#waiting.slice(this.#past)
    this.#past = 0
  }
}
