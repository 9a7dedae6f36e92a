/** One call after another, each of which changes something. */
import { Failure } from "./Failure.ts"

/**
 * Calls for one item after the other, and returns what they answer. Fails with a `Failure` as soon as one does, and says
 * how many were `done` before it: `revoked`.
 */
export const each = async <A, B>(
  items: readonly A[],
  done: string,
  call: (item: A) => Promise<B>,
): Promise<readonly B[]> => {
  const results: B[] = []
  for (const item of items) {
    try {
      results.push(await call(item))
    } catch (error) {
      if (!(error instanceof Failure) || results.length === 0) throw error
      throw new Failure(`${error.message}; ${results.length} of ${items.length} were ${done}`, {
        cause: error,
      })
    }
  }
  return results
}
