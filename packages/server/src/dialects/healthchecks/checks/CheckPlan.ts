/** What a request makes of a check. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type { Plan } from "@overdue/core/Check"
import * as Result from "effect/Result"
import { fields } from "./CheckFields.ts"
import type { Any, Draft, Version } from "./Field.ts"
import type { Spec } from "./Spec.ts"
import * as When from "./When.ts"

/** A new check of this API times only the newest start, as Healthchecks does. */
const blank: Plan = { details: Check.noDetails, policy: { ...Check.defaultPolicy, runs: "latest" } }

const setters = Object.entries<Any>(fields).flatMap(([name, { set }]) =>
  set === undefined ? [] : [{ name, set }],
)

/** The plan, or the text of the error that refuses it. A policy that stays the same is the same object. */
export const make = (
  spec: Spec,
  version: Version,
  {
    existing = blank,
    channels,
  }: { readonly existing: Plan | undefined; readonly channels: readonly Channel[] },
): Result.Result<Plan, string> => {
  const { details, policy } = existing
  const draft: Draft = { version, channels, details, policy, when: When.of(existing) }
  for (const { name, set } of setters) {
    if (name === "timeout" && spec.schedule !== undefined) continue
    const value = spec[name as keyof Spec]
    const error = value === undefined ? undefined : set(draft, value as never) // safe because its field read it
    if (typeof error === "string") return Result.fail(error)
  }
  const schedule = When.schedule(draft.when)
  if (Result.isFailure(schedule)) return Result.fail(schedule.failure)
  const planned: Check.Policy = { ...draft.policy, schedule: schedule.success }
  return Result.succeed({
    details: When.remember(draft.details, draft.when),
    policy: Check.isSamePolicy(planned, policy) ? policy : planned,
  })
}
