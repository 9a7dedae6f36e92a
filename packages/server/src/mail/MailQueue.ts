/** Messages that wait to be parsed: networks take turns, so that nobody waits for all messages of somebody else. */
import { Places } from "../access/Places.ts"
import * as Limits from "./Limits.ts"

/** What waits, by the network that it came from. */
export class MailQueue<A extends { readonly network: string }> {
  readonly #places = new Places(Limits.waiting)
  /** The network whose turn is next is the first. */
  readonly #waiting = new Map<string, A[]>()

  /** Adds what came last. Returns false when too much waits. */
  add(item: A): boolean {
    const { network } = item
    if (!this.#places.take(network)) return false
    const before = this.#waiting.get(network)
    if (before === undefined) this.#waiting.set(network, [item])
    else before.push(item)
    return true
  }

  /** Removes and returns what is next; `undefined` when nothing waits. */
  next(): A | undefined {
    const [first] = this.#waiting
    if (first === undefined) return undefined
    const [network, items] = first
    const item = items.shift()!
    this.#waiting.delete(network)
    if (items.length > 0) this.#waiting.set(network, items)
    this.#places.leave(network)
    return item
  }
}
