/** The command that deletes a check with everything that was recorded of it. */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { CheckNotFound } from "../CommandError.ts"
import * as Subject from "./Subject.ts"

/** Deletes a check and returns it as it was. Fails with `CheckNotFound` when the project has no such check. */
export const run = Effect.fn("Delete.run")(function* (subject: Subject.Subject) {
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
