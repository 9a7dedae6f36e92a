/** Work that may be long, in slices between which others have their turn of the event loop. */
import * as Effect from "effect/Effect"

/** Work that may be interrupted wherever it yields. */
export type Work<A> = Generator<undefined, A>

/** Does work at once, and returns its result. */
export const finish = <A>(work: Work<A>): A => {
  while (true) {
    const { done, value } = work.next()
    if (done === true) return value
  }
}

/** Does work; after each `atOnce` of its steps, others have their turn. */
export const run = Effect.fnUntraced(function* <A>(work: Work<A>, atOnce: number) {
  for (let count = 1; ; count++) {
    const { done, value } = work.next()
    if (done === true) return value
    if (count % atOnce === 0) yield* Effect.yieldNow
  }
})

/** Returns what `work` returns for each item, in order; after each `atOnce` of them, others have their turn. */
export const map = Effect.fnUntraced(function* <A, B>(
  items: readonly A[],
  atOnce: number,
  work: (item: A) => B,
) {
  const results: B[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % atOnce === 0) yield* Effect.yieldNow
    results.push(work(item))
  }
  return results
})

/** Texts that are sorted, or merged, between two turns: about a millisecond of work. */
const sortedAtOnce = 1024

/** Returns texts in the order of their UTF-16 units, as `toSorted` does. */
export const sorted = Effect.fnUntraced(function* (texts: readonly string[]) {
  let runs: (readonly string[])[] = []
  for (let from = 0; from < texts.length; from += sortedAtOnce) {
    if (from > 0) yield* Effect.yieldNow
    runs.push(texts.slice(from, from + sortedAtOnce).toSorted())
  }
  while (runs.length > 1) {
    const merged: (readonly string[])[] = []
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(yield* merge(runs[index]!, runs[index + 1] ?? []))
    }
    runs = merged
  }
  return runs[0] ?? []
})

const merge = Effect.fnUntraced(function* (one: readonly string[], other: readonly string[]) {
  const merged: string[] = []
  let left = 0
  let right = 0
  while (left < one.length || right < other.length) {
    if (merged.length > 0 && merged.length % sortedAtOnce === 0) yield* Effect.yieldNow
    const isLeft = right === other.length || (left < one.length && one[left]! <= other[right]!)
    merged.push(isLeft ? one[left++]! : other[right++]!)
  }
  return merged
})
