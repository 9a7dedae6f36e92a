/** The check that a command is about, named with its project: no command reaches a check of another project. */
import type { Check } from "@overdue/core/Check"
import type { Loaded } from "@overdue/core/UnitOfWork"
import * as Result from "effect/Result"
import { CheckNotFound } from "../CommandError.ts"

/** Names the check. */
export interface Subject {
  /** Id of the project whose check it is. */
  readonly project: string
  readonly id: string
}

/** Returns the check among those that were loaded. Fails with `CheckNotFound` when the project has no such check. */
export const find = (loaded: Loaded, { project, id }: Subject): Result.Result<Check, CheckNotFound> => {
  const check = loaded.check(id)
  return check === undefined || check.project !== project
    ? Result.fail(new CheckNotFound({ check: id }))
    : Result.succeed(check)
}
