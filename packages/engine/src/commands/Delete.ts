/** The command that deletes a check with everything that was recorded of it. */
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { CheckNotFound } from "../CommandError.ts"
import * as Failure from "../Failure.ts"
import type * as Subject from "./Subject.ts"

/**
 * Deletes a check and returns it as it was when somebody asked for that; `undefined` when its record is damaged, so that
 * nobody can tell. Fails with `CheckNotFound` when the project has no such check.
 */
export const run = Effect.fn("Delete.run")(function* ({ project, id }: Subject.Subject) {
  const store = yield* Store.Store
  const check = yield* Failure.ifReadable(store.check(id))
  if (!(yield* store.deleteCheck(project, id))) return yield* new CheckNotFound({ check: id })
  return check
})
