/** What a request makes of a check. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import * as Zone from "@overdue/core/Zone"
import type { Plan } from "@overdue/engine/commands/Create"
import * as Result from "effect/Result"
import { fields } from "./CheckFields.ts"
import type { Draft, Any, Version, When } from "./Field.ts"
import type { Spec } from "./Spec.ts"

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
  const draft: Draft = { version, channels, details, policy, when: whenOf(existing) }
  for (const { name, set } of setters) {
    const value = spec[name as keyof Spec]
    const error = value === undefined ? undefined : set(draft, value as never) // safe because its field read it
    if (typeof error === "string") return Result.fail(error)
  }
  const schedule = scheduleOf(draft.when, policy.schedule)
  if (Result.isFailure(schedule)) return Result.fail(schedule.failure)
  const planned: Check.Policy = { ...draft.policy, schedule: schedule.success }
  return Result.succeed({
    details: remember(draft),
    policy: Check.isSamePolicy(planned, policy) ? policy : planned,
  })
}

const dialect = "healthchecks"

/** A check keeps its time zone while it has no schedule to use it. */
const remember = ({ details, when }: Draft): Check.Details => {
  const { [dialect]: _, ...others } = details.extension
  const zone = when.expression === undefined && when.zone !== "UTC" ? when.zone : undefined
  return { ...details, extension: zone === undefined ? others : { ...others, [dialect]: { zone } } }
}

const whenOf = ({ details, policy: { schedule } }: Plan): When => {
  if (schedule.kind !== "every") {
    return { period: undefined, expression: schedule.expression, zone: schedule.zone.name }
  }
  const kept = details.extension[dialect] as { readonly zone: string } | undefined // safe because `remember` wrote it
  return { period: schedule.period, expression: undefined, zone: kept?.zone ?? "UTC" }
}

const scheduleOf = (
  { period, expression, zone: name }: When,
  otherwise: Schedule.Schedule,
): Result.Result<Schedule.Schedule, string> => {
  if (expression === undefined) {
    return Result.succeed(period === undefined ? otherwise : Every.make(period))
  }
  const zone = Zone.make(name)
  if (Result.isFailure(zone)) return Result.fail("json validation error: tz is not a valid timezone")
  return Result.mapError(
    Schedule.parse(expression, zone.success),
    () => "json validation error: schedule is not a valid cron or OnCalendar expression",
  )
}
