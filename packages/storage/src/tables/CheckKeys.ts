/**
 * The keys of checks, as far as they are known: PostgreSQL finds a check sooner by its key than by its id, and in the order
 * in which checks are locked. They never change; but what is restored may give them to others, so whoever uses them looks
 * whether he has found what he meant.
 */

/** A check that was found. */
interface Found {
  readonly key: number
  readonly check: { readonly id: string }
}

/** Keys by the ids of checks. */
export class CheckKeys {
  readonly #most: number
  #known = new Map<string, number>()

  /** `most` is how many are known at most: by default some ten megabytes. */
  constructor(most = 100_000) {
    this.#most = most
  }

  /** Returns the keys of checks, ascending; `undefined` unless all are known. */
  of(ids: readonly string[]): readonly number[] | undefined {
    const keys: number[] = []
    for (const id of ids) {
      const key = this.#known.get(id)
      if (key === undefined) return undefined
      keys.push(key)
    }
    return keys.sort((one, other) => one - other)
  }

  /** Learns the keys of checks. */
  learn(found: readonly Found[]): void {
    for (const { key, check } of found) {
      if (this.#known.get(check.id) === key) continue
      // Anew, and not the oldest one by one: see `Bag`.
      if (this.#known.size >= this.#most) this.#known = new Map()
      this.#known.set(check.id, key)
    }
  }

  /** Forgets the keys of checks. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.#known.delete(id)
  }
}
