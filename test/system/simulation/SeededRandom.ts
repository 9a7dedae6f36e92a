/** Chance that can be had again: the same seed gives the same numbers. */

export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 ≤ number < 1. (mulberry32) */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `low` up to and including `high`. */
  between(low: number, high: number): number {
    return low + Math.floor(this.number() * (high - low + 1))
  }

  happens(probability: number): boolean {
    return this.number() < probability
  }

  oneOf<A>(items: readonly A[]): A {
    return items[Math.floor(this.number() * items.length)]! // safe because nothing is asked of an empty list
  }

  /** Another series that goes its own way from here. */
  fork(): Chance {
    return new Chance(Math.floor(this.number() * 2 ** 32))
  }
}
