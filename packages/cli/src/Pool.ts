/** Many requests, a few at a time. */

/** How many requests are on their way at once: a server answers them as fast as it would more. */
const most = 8

/** Returns what becomes of each item, in their order. Rejects with the first rejection. */
export const map = async <A, B>(
  items: readonly A[],
  call: (item: A) => Promise<B>,
): Promise<readonly B[]> => {
  const results = new Map<number, B>()
  const queue = items.entries()
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results.set(index, await call(item))
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker))
  // safe because every worker has come to the end of the queue
  return items.map((_, index) => results.get(index) as B)
}
