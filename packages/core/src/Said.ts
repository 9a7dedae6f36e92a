/** What was said already, so that the same is not said again too soon, nor the memory of it grows without bound. */
import type { Span } from "./Time.ts"

interface Saying {
  at: Span
  /** How often since then it was not said. */
  unsaid: number
}

/** How many things are remembered by default; until one is forgotten, others are not said. */
const remembered = 1_000

/** Remembers what was said, by spans of one monotonic clock. */
export class Said {
  readonly #quietFor: Span
  readonly #most: number
  readonly #sayings = new Map<string, Saying>()

  /** The same is said again after `quietFor`. */
  constructor(quietFor: Span, most: number = remembered) {
    this.#quietFor = quietFor
    this.#most = most
  }

  /** Returns how often something was not said since it was said last, now that it is to be; `undefined` when it is not. */
  again(what: string, now: Span): number | undefined {
    const before = this.#sayings.get(what)
    if (before !== undefined && this.#isRecent(before, now)) {
      before.unsaid += 1
      return undefined
    }
    if (before === undefined && !this.#hasRoom(now)) return undefined
    this.#sayings.set(what, { at: now, unsaid: 0 })
    return before?.unsaid ?? 0
  }

  /** Returns whether something was said within `quietFor`. */
  isRecent(what: string, now: Span): boolean {
    const before = this.#sayings.get(what)
    return before !== undefined && this.#isRecent(before, now)
  }

  #isRecent({ at }: Saying, now: Span): boolean {
    return now - at < this.#quietFor
  }

  #hasRoom(now: Span): boolean {
    if (this.#sayings.size < this.#most) return true
    for (const [what, saying] of this.#sayings) if (!this.#isRecent(saying, now)) this.#sayings.delete(what)
    return this.#sayings.size < this.#most
  }
}
