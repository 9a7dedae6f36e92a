/** The commands that delete checks with everything that was recorded of them. */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { CheckNotFound } from "../CommandError.ts"
import * as Failure from "../Failure.ts"
import * as Subject from "./Subject.ts"

/** Whether a check is one that may be deleted here: another is as one that does not exist. */
export type Is = (check: Check) => boolean

/** Which check is deleted. */
export interface Deletion extends Subject.Subject {
  /** Asked when the check can be read; by default any may be. */
  readonly is?: Is
}

const isAny: Is = () => true

/**
 * Deletes a check and returns it as it was when somebody asked for that; `undefined` when its record is damaged, so that
 * nobody can tell. Fails with `CheckNotFound` when the project has no such check.
 */
export const run = Effect.fn("Delete.run")(function* ({ project, id, is = isAny }: Deletion) {
  const store = yield* Store.Store
  const check = yield* Failure.ifReadable(store.check(id))
  if (check !== undefined && !is(check)) return yield* new CheckNotFound({ check: id })
  if (!(yield* store.deleteCheck(project, id))) return yield* new CheckNotFound({ check: id })
  return check
})

/** Returns how many thresholds of a project watch a server, and hear nothing more once it is deleted. */
export const watchers = Effect.fnUntraced(function* (project: string, servers: readonly string[]) {
  const store = yield* Store.Store
  return yield* store.transact({ watching: servers }, (loaded) => {
    const all = servers.flatMap((id) => loaded.watching(id))
    return { result: all.filter((check) => check.project === project).length }
  })
})

/**
 * Deletes several checks: all, or none. Fails with `CheckNotFound` when the project does not have each of them, or one is
 * not as it is asked to be.
 */
export const several = Effect.fn("Delete.several")(function* (
  project: string,
  ids: readonly string[],
  is: Is = isAny,
) {
  const store = yield* Store.Store
  const result = yield* store.transact(
    { checks: ids },
    (loaded): UnitOfWork.Decision<Result.Result<void, CheckNotFound>> => {
      for (const id of ids) {
        const found = Subject.find(loaded, { project, id })
        if (Result.isFailure(found)) return { result: Result.fail(found.failure) }
        if (!is(found.success)) return { result: Result.fail(new CheckNotFound({ check: id })) }
      }
      return { result: Result.void, deleted: ids }
    },
  )
  return yield* Effect.fromResult(result)
})
