/** Places that networks share: a stranger leaves half of them to jobs. */

/** A number of places, of which senders from one network may take half. */
export class Places {
  readonly #most: number
  readonly #taken = new Map<string, number>()
  #sum = 0

  constructor(most: number) {
    this.#most = most
  }

  /** Takes a place. Returns false when there is none, or when the network has as many as it may have. */
  take(network: string): boolean {
    const taken = this.of(network)
    if (this.#sum >= this.#most || taken >= Math.ceil(this.#most / 2)) return false
    this.#taken.set(network, taken + 1)
    this.#sum++
    return true
  }

  /** Returns how many places a network has taken. */
  of(network: string): number {
    return this.#taken.get(network) ?? 0
  }

  /** Returns how many places the network has taken that has most. */
  most(): number {
    return Math.max(0, ...this.#taken.values())
  }

  /** Gives a place back that was taken. */
  leave(network: string): void {
    const left = this.#taken.get(network)! - 1 // safe because one was taken
    if (left === 0) this.#taken.delete(network)
    else this.#taken.set(network, left)
    this.#sum--
  }
}
