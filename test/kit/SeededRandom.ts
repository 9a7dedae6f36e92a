/** Random choices that can be made again: the same seed gives the same ones. */
export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** Returns the choices of one case of a run: each case can be made again without those before it. */
  static ofCase(seed: number, index: number): SeededRandom {
    const random = new SeededRandom(Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b))
    random.number()
    return random
  }

  /** Returns a number from 0 to below 1, by mulberry32: small, fast, and even enough for tests. */
  number(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** Returns a whole number from 0 to below `limit`. */
  below(limit: number): number {
    return Math.floor(this.number() * limit)
  }

  /** Returns a whole number from `least` to `most`, both inclusive. */
  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  /** Whether something of this probability happens. */
  happens(probability: number): boolean {
    return this.number() < probability
  }

  /** Returns one of the items, of which there must be some. */
  pick<A>(items: readonly A[]): A {
    return items[this.below(items.length)]! // safe because nothing is picked from an empty list
  }

  /** Returns any bytes. */
  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)))
  }

  /** Returns what `make` makes, so many times. */
  times<A>(count: number, make: (index: number) => A): A[] {
    return Array.from({ length: count }, (_, index) => make(index))
  }

  /** Returns another series, which goes its own way from here. */
  fork(): SeededRandom {
    return new SeededRandom(Math.floor(this.number() * 2 ** 32))
  }
}
