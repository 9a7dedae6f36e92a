/**
 * Messages that wait to be parsed. Next is one of the network whose messages have taken the least time, so that nobody
 * waits for the hostile messages of others but for the one that is being parsed.
 */
import type { Span } from "@overdue/core/Time"
import { Places } from "../access/Places.ts"
import * as Limits from "./Limits.ts"

/** How many networks are remembered. Those who take time are few: there is one parser. */
const remembered = 1_000

/** What waits, by the network that it came from. */
export class MailQueue<A extends { readonly network: string }> {
  readonly #places = new Places(Limits.waiting)
  readonly #waiting = new Map<string, A[]>()
  /** Milliseconds that messages of a network have taken. */
  readonly #spent = new Map<string, Span>()

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
    const [network] = [...this.#waiting.keys()].toSorted((a, b) => this.#spentBy(a) - this.#spentBy(b))
    if (network === undefined) return undefined
    const items = this.#waiting.get(network)!
    if (items.length === 1) this.#waiting.delete(network)
    this.#places.leave(network)
    return items.shift()
  }

  /** Notes how long a message of a network took. */
  spend(network: string, span: Span): void {
    const spent = this.#spentBy(network) + span
    // Moved to the end, where those are whose messages were parsed last.
    this.#spent.delete(network)
    this.#spent.set(network, spent)
    if (this.#spent.size > remembered) this.#spent.delete(this.#spent.keys().next().value!)
  }

  #spentBy(network: string): Span {
    return this.#spent.get(network) ?? 0
  }
}
