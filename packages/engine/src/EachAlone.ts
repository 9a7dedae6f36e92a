/** Work on many checks together, and on each alone when one of them may keep the others from it. */
import type * as Store from "@overdue/core/Store"
import * as Uuid from "@overdue/core/Uuid"
import type * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Failure from "./Failure.ts"

/** What became of the work. */
export interface Done<A> {
  /** What each piece of work that succeeded returned. */
  readonly results: readonly A[]
  /** Checks on which the work failed, because their row is damaged for example. */
  readonly stuck: readonly string[]
  /** Why it failed when all of them were tried together; `undefined` when it did not. */
  readonly cause: Cause.Cause<Store.StoreError> | undefined
}

/**
 * Works on checks, and logs of each on which that fails, and of which that is news, that it `could not be` what was
 * tried. Fails as the work does when no single check may be at fault.
 */
export const run = Effect.fnUntraced(function* <A, R>(
  ids: readonly string[],
  what: string,
  work: (ids: readonly string[]) => Effect.Effect<A, Store.StoreError, R>,
  isNews: (id: string) => boolean = () => true,
): Effect.fn.Return<Done<A>, Store.StoreError, R> {
  const together = yield* Effect.exit(work(ids))
  if (Exit.isSuccess(together)) return { results: [together.value], stuck: [], cause: undefined }
  const { cause } = together
  if (!Failure.mayBeOneRecordsFault(cause)) return yield* Effect.failCause(cause)
  const results: A[] = []
  const stuck: string[] = []
  for (const id of ids) {
    const alone = yield* Effect.exit(work([id]))
    if (Exit.isSuccess(alone)) {
      results.push(alone.value)
      continue
    }
    if (!Failure.mayBeOneRecordsFault(alone.cause)) return yield* Effect.failCause(alone.cause)
    stuck.push(id)
    if (!isNews(id)) continue
    yield* Effect.logError(`check ${Uuid.hint(id)} could not be ${what}: ${Failure.detail(alone.cause)}`)
  }
  return { results, stuck, cause }
})
