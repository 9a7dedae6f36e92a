/** The command that deletes a check with everything that was recorded of it. */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { CheckNotFound } from "../CommandError.ts"
import * as Failure from "../Failure.ts"
import * as Subject from "./Subject.ts"

/**
 * Deletes a check and returns it as it was; `undefined` when its record is damaged, so that nobody can tell. Fails with
 * `CheckNotFound` when the project has no such check.
 */
export const run = Effect.fn("Delete.run")(function* (subject: Subject.Subject) {
  return yield* Failure.orIfDamaged(remove(subject), () => removeDamaged(subject))
})

const removeDamaged = Effect.fnUntraced(function* ({ project, id }: Subject.Subject) {
  const store = yield* Store.Store
  if (!(yield* store.deleteCheck(project, id))) return yield* new CheckNotFound({ check: id })
  return undefined
})

const remove = Effect.fnUntraced(function* (subject: Subject.Subject) {
  const store = yield* Store.Store
  const result = yield* store.transact(
    { checks: [subject.id] },
    (loaded): UnitOfWork.Decision<Result.Result<Check, CheckNotFound>> => {
      const existing = Subject.find(loaded, subject)
      return { result: existing, ...(Result.isSuccess(existing) && { deleted: [subject.id] }) }
    },
  )
  return yield* Effect.fromResult(result)
})
