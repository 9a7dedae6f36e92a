/** What a check will be once a file has been applied: planned as the server will, so that it can be judged before. */
import type { Check } from "@overdue/client/management"
import type { Plan } from "@overdue/core/Check"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import { ownTable, type Json } from "@overdue/core/document/Field"
import * as Policy from "@overdue/core/Policy"
import * as Result from "effect/Result"
import { fields, valueOf } from "../WrittenFields.ts"

/** What is said about a planned check. */
export interface Judgement {
  /** Why the server will refuse it; `undefined` when it will not. */
  readonly refusal: string | undefined
  readonly remarks: readonly Policy.Remark[]
}

const plan = CheckDocument.planner(ownTable(CheckFields.fields))

type Values = Readonly<Record<string, Json>>

/**
 * Returns what is said about a check with the values of a file, seen from `now`: a new one with the defaults of its
 * server, or what an existing one becomes. What cannot be planned here is left to the server.
 */
export const judge = (
  values: Values,
  existing: Check | undefined,
  { now, defaults }: { readonly now: number; readonly defaults: CheckDocument.Defaults },
): Judgement => {
  const base = existing === undefined ? undefined : planOf(existing)
  if (base !== undefined && Result.isFailure(base)) return { refusal: undefined, remarks: [] }
  const planned = plan(withoutChannels(values), { existing: base?.success, defaults, channels: [] })
  return Result.isFailure(planned)
    ? { refusal: planned.failure.replace(/^json validation error: /, ""), remarks: [] }
    : { refusal: undefined, remarks: Policy.remarks(planned.success.policy, now, planned.success.details) }
}

/** Returns the plan of a check that a server has answered with. */
const planOf = (check: Check): Result.Result<Plan, string> => {
  const values: Record<string, Json> = {}
  for (const field of fields.values()) {
    const value = valueOf(check, field)
    const isUnset = value === "" || (field.name === "timeout" && value === null)
    if (!isUnset && field.problem(value) === undefined) values[field.name] = value
  }
  return plan(withoutChannels(values), { channels: [] })
}

/** Channels are of the project, and no part of a policy. */
const withoutChannels = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => name !== "channels"))
