/**
 * The turnstile before requests that take long, such as lists: one is let in at each turn of the event loop.
 *
 * Node accepts one new connection at each turn (libuv 1.52), so a turn in which many such requests go on at once keeps
 * every job waiting that opens a connection to ping: behind 60 busy clients for ten seconds.
 */
import { setImmediate } from "node:timers"

/** Lets in what comes, in its order. */
export class Turnstile {
  #waiting: (() => void)[] = []
  /** Whether somebody was let in at this turn already. */
  #isUsed = false

  /** Calls `begin` now, or at one of the next turns. It must not throw. */
  enter(begin: () => void): void {
    if (this.#isUsed) this.#waiting.push(begin)
    else this.#use(begin)
  }

  #use(begin: () => void): void {
    this.#isUsed = true
    setImmediate(this.#turn)
    begin()
  }

  readonly #turn = (): void => {
    this.#isUsed = false
    const next = this.#waiting.shift()
    if (next !== undefined) this.#use(next)
  }
}
