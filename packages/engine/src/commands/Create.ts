/** Creates a check, or updates the one that it matches. */
import type { Channel } from "@overdue/core/Channel"
import type * as Check from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Awake from "../Awake.ts"
import { Changes } from "../Changes.ts"
import { type CheckLimitReached, ProjectNotFound } from "../CommandError.ts"
import { Ids } from "../Ids.ts"
import * as Birth from "./Birth.ts"

export interface Input<E> {
  readonly project: string
  /** Fields of a check that, if it exists, is updated instead. */
  readonly match?: Omit<Store.Match, "project"> | undefined
  /** How many times the project's limit of checks may be reached, by default once. */
  readonly limitFactor?: number
  /**
   * What the new check is to be, or what the matched one, `existing`, is to become. Sees the project's channels, and may
   * refuse. Pure.
   */
  readonly plan: (
    existing: Check.Check | undefined,
    channels: readonly Channel[],
  ) => Result.Result<Check.Plan, E>
}

export interface Created {
  readonly check: Check.Check
  /** False when an existing check matched and was updated. */
  readonly created: boolean
}

/** Fails with what the plan refuses, when the project is full, or when there is no such project. */
export const run = Effect.fn("Create.run")(function* <E>(input: Input<E>) {
  const store = yield* Store.Store
  const now = yield* Awake.decisionAt
  const fresh = Birth.fresh(yield* Ids)
  const selection: Store.Selection = {
    projects: [input.project],
    ...(input.match === undefined ? {} : { match: { ...input.match, project: input.project } }),
  }
  const result = yield* store.transact(
    selection,
    (loaded): Store.Decision<Result.Result<Created, E | CheckLimitReached | ProjectNotFound>> => {
      const project = loaded.project(input.project)
      if (project === undefined) return refuse(new ProjectNotFound({ project: input.project }))
      const existing = loaded.match
      const parent: Birth.Parent = { ...project, limitFactor: input.limitFactor ?? 1 }
      const room = existing === undefined ? Birth.room(parent) : Result.void
      if (Result.isFailure(room)) return refuse(room.failure)
      const plan = input.plan(existing, project.channels)
      if (Result.isFailure(plan)) return refuse(plan.failure)
      const changes = new Changes(loaded)
      const check =
        existing === undefined
          ? Birth.make(parent, fresh, plan.success, now)
          : revise(changes, existing, plan.success, now)
      changes.put(check)
      return changes.decide(Result.succeed({ check, created: existing === undefined }))
    },
  )
  return yield* Effect.fromResult(result)
})

/** Returns the check with new details and policy. The same policy, by reference, leaves its clock alone. */
export const revise = (changes: Changes, check: Check.Check, plan: Check.Plan, now: number): Check.Check => {
  const configured =
    plan.policy === check.policy
      ? check
      : changes.step(check, { type: "configure", policy: plan.policy }, now).check
  return { ...configured, details: plan.details }
}

const refuse = <E>(error: E): Store.Decision<Result.Result<never, E>> => ({ result: Result.fail(error) })
