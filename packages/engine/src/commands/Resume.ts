/** The command that resumes a paused check, which is then as a new one. */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Awake from "../Awake.ts"
import { Changes } from "../Changes.ts"
import { CheckNotFound, CheckNotPaused } from "../CommandError.ts"

/** Resumes a check and returns it. Fails with `CheckNotPaused` or `CheckNotFound`. */
export const run = Effect.fn("Resume.run")(function* (id: string) {
  const store = yield* Store.Store
  const now = yield* Awake.decisionAt
  const result = yield* store.transact(
    { checks: [id] },
    (loaded): Store.Decision<Result.Result<Check, CheckNotFound | CheckNotPaused>> => {
      const existing = loaded.check(id)
      if (existing === undefined) return { result: Result.fail(new CheckNotFound({ check: id })) }
      const changes = new Changes(loaded)
      const settled = changes.step(existing, { type: "tick" }, now).check
      if (settled.state.status !== "paused") {
        return changes.decide(Result.fail(new CheckNotPaused({ check: id })))
      }
      return changes.decide(Result.succeed(changes.step(settled, { type: "resume" }, now).check))
    },
  )
  return yield* Effect.fromResult(result)
})
