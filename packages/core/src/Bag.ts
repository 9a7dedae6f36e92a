/**
 * Bags: things that come and go, such as what is under way.
 *
 * Not a `Set`, nor a `Map`: V8 makes the table of one anew after some additions and removals, and the old table goes on to
 * point to the one that took its place. A table that has outlived a full collection is looked at by the next full one only,
 * and keeps all that has been in its followers until then: a server that kept its requests so copied a third of what it
 * allocated, and stood still for ten milliseconds at a time. https://source.chromium.org/search?q=OrderedHashTable::Rehash
 */

/** Where a thing is in its bag. */
export interface Place<A> {
  readonly thing: A
  /** For the bag; negative once the thing has left. */
  index: number
}

/** Things in no order. */
export class Bag<A> implements Iterable<A> {
  readonly #places: Place<A>[] = []

  /** How many there are. */
  get size(): number {
    return this.#places.length
  }

  /** Puts a thing in, and returns where it is. */
  add(thing: A): Place<A> {
    const place = { thing, index: this.#places.length }
    this.#places.push(place)
    return place
  }

  /** Takes the thing at a place out, unless it has left. */
  remove(place: Place<A>): void {
    const { index } = place
    if (this.#places[index] !== place) return
    const last = this.#places.pop()!
    place.index = -1
    if (last === place) return
    this.#places[index] = last
    last.index = index
  }

  /** Goes through what there is when it begins. */
  [Symbol.iterator](): Iterator<A> {
    return this.#places.map(({ thing }) => thing)[Symbol.iterator]()
  }
}
