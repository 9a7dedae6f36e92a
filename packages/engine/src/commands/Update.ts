/** The command that changes the details and policy of a check. */
import type { Channel } from "@overdue/core/Channel"
import type { Check, Plan } from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Switch from "@overdue/core/Switch"
import type * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Awake from "../Awake.ts"
import { Changes } from "../Changes.ts"
import { CheckNotFound, type ServerNotFound } from "../CommandError.ts"
import * as Create from "./Create.ts"
import * as Subject from "./Subject.ts"
import * as Watched from "./Watched.ts"

/** What is asked for. */
export interface Input<E> extends Subject.Subject {
  /** From when on the check is expected; see `Create.Start`. */
  readonly from?: Create.Start
  /** Whether the check is switched on or off; left out, it stays as it is. */
  readonly isOn?: boolean | undefined
  /** Returns what the check is to become, or fails. `channels` are those of the project. Pure. */
  readonly plan: (existing: Check, channels: readonly Channel[]) => Result.Result<Plan, E>
}

/**
 * Updates a check and returns it. Fails with the error of `plan`, with `CheckNotFound` when the project has no such
 * check, or with `ServerNotFound`.
 */
export const run = Effect.fn("Update.run")(function* <E>(input: Input<E>) {
  const store = yield* Store.Store
  const now = yield* Awake.decisionAt
  return yield* Watched.reading((server) =>
    store.transact(
      {
        checks: server === undefined || server === input.id ? [input.id] : [input.id, server],
        projects: [input.project],
      },
      (
        loaded,
      ): UnitOfWork.Decision<Result.Result<Check, E | CheckNotFound | ServerNotFound | Watched.Unread>> => {
        const existing = Subject.find(loaded, input)
        if (Result.isFailure(existing)) return { result: Result.fail(existing.failure) }
        const owner = loaded.project(input.project)
        if (owner === undefined) return { result: Result.fail(new CheckNotFound({ check: input.id })) }
        const plan = input.plan(existing.success, owner.channels)
        if (Result.isFailure(plan)) return { result: Result.fail(plan.failure) }
        const watching = { loaded, project: input.project, existing: existing.success, read: server }
        const unwatched = Watched.refusal(plan.success, watching)
        if (unwatched !== undefined) return { result: Result.fail(unwatched) }
        const changes = new Changes(loaded)
        const made = Create.revise(changes, existing.success, {
          plan: Switch.to(input.isOn, plan.success),
          now,
          from: input.from,
        })
        changes.put(made)
        const check = Create.switched(changes, made, { isOn: input.isOn, now })
        return changes.decide(Result.succeed(check))
      },
    ),
  )
})
