/** The command that resumes a paused check, which is then as a new one. */
import type { Check } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Switch from "@overdue/core/Switch"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Awake from "../Awake.ts"
import { Changes } from "../Changes.ts"
import { type CheckNotFound, CheckNotPaused } from "../CommandError.ts"
import * as Create from "./Create.ts"
import * as Subject from "./Subject.ts"

/** Resumes a check and returns it. Fails with `CheckNotPaused`, or `CheckNotFound` when the project has no such check. */
export const run = Effect.fn("Resume.run")(function* (subject: Subject.Subject) {
  const store = yield* Store.Store
  const now = yield* Awake.decisionAt
  const result = yield* store.transact(
    { checks: [subject.id] },
    (loaded): UnitOfWork.Decision<Result.Result<Check, CheckNotFound | CheckNotPaused>> => {
      const existing = Subject.find(loaded, subject)
      if (Result.isFailure(existing)) return { result: existing }
      const changes = new Changes(loaded)
      const settled = changes.step(existing.success, { type: "tick" }, now).check
      if (settled.state.status !== "paused") {
        return changes.decide(Result.fail(new CheckNotPaused({ check: subject.id })))
      }
      const resumed = changes.step(settled, { type: "resume" }, now).check
      const plan = Switch.on(resumed)
      if (plan === resumed) return changes.decide(Result.succeed(resumed))
      const revised = Create.revise(changes, resumed, { plan, now, from: undefined })
      changes.put(revised)
      return changes.decide(Result.succeed(revised))
    },
  )
  return yield* Effect.fromResult(result)
})
