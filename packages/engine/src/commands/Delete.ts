/** The command that deletes a check with everything that was recorded of it. */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { CheckNotFound } from "../CommandError.ts"

/** Deletes a check and returns it as it was. Fails with `CheckNotFound`. */
export const run = Effect.fn("Delete.run")(function* (id: string) {
  const store = yield* Store.Store
  const result = yield* store.transact(
    { checks: [id] },
    (loaded): Store.Decision<Result.Result<Check, CheckNotFound>> => {
      const existing = loaded.check(id)
      return existing === undefined
        ? { result: Result.fail(new CheckNotFound({ check: id })) }
        : { result: Result.succeed(existing), deleted: [id] }
    },
  )
  return yield* Effect.fromResult(result)
})
