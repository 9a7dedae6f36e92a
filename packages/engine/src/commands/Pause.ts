/** The command that pauses a check: no signal is expected until it is resumed or, by default, until its next signal. */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Awake from "../Awake.ts"
import { Changes } from "../Changes.ts"
import type { CheckNotFound } from "../CommandError.ts"
import * as Subject from "./Subject.ts"

/**
 * Pauses a check and returns it. A paused check stays as it is. Fails with `CheckNotFound` when the project has no such
 * check.
 */
export const run = Effect.fn("Pause.run")(function* (subject: Subject.Subject) {
  const store = yield* Store.Store
  const now = yield* Awake.decisionAt
  const result = yield* store.transact(
    { checks: [subject.id] },
    (loaded): UnitOfWork.Decision<Result.Result<Check, CheckNotFound>> => {
      const existing = Subject.find(loaded, subject)
      if (Result.isFailure(existing)) return { result: existing }
      const changes = new Changes(loaded)
      return changes.decide(Result.succeed(changes.step(existing.success, { type: "pause" }, now).check))
    },
  )
  return yield* Effect.fromResult(result)
})
