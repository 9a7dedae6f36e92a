/** Heartbeats: checks as 66uptime shows them, and what a check becomes that 66uptime describes. */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import { day } from "@overdue/core/Time"
import * as Every from "@overdue/core/schedule/Every"
import * as Result from "effect/Result"
import type { FieldsInvalid } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import { longest, type Arguments } from "./Arguments.ts"
import type { Named } from "./Surroundings.ts"
import * as Settings from "./Settings.ts"

const dialect = "uptime66"

/** What a heartbeat is to be, and of what. */
export interface Wanted extends Named {
  readonly given: Arguments
  readonly existing: Check.Check | undefined
  readonly channels: readonly Channel[]
}

/** Returns the plan of a check; of one that there is, only what is given changes. Fails when a field is out of bounds. */
export const plan = (wanted: Wanted): Result.Result<Check.Plan, FieldsInvalid> => {
  const { given, existing } = wanted
  const base = existing ?? { details: Check.noDetails, policy: Check.healthchecksPolicy }
  const timed = timing(wanted, base)
  if (Result.isFailure(timed)) return Result.fail(timed.failure)
  const { details, policy } = timed.success
  const { name = details.name } = given
  return Result.succeed({ details: { ...details, name, ...placed(wanted) }, policy })
}

/** The group and the channels, as far as they are given. A channel may be gone since it was looked up. */
const placed = ({ given, group, chosen, channels }: Wanted): Partial<Check.Details> => ({
  ...(given.project_id !== undefined && { group }),
  ...(given.is_ok_notifications !== undefined && {
    channels: channels.filter(({ id }) => chosen.has(id)).map(({ id }) => id),
  }),
})

/**
 * The plan with the interval and the grace that are given. An interval turns any other schedule into a period, unless all
 * settings are given as they were shown: clients with forms send them back whatever else they change.
 */
const timing = (
  { given, existing, now }: Wanted,
  { details, policy }: Check.Plan,
): Result.Result<Check.Plan, FieldsInvalid> => {
  const before = existing === undefined ? Settings.usual : Settings.of(existing, now)
  const settings = Settings.changed(before, given)
  const isIntervalGiven = given.run_interval !== undefined || given.run_interval_type !== undefined
  const isGraceGiven = given.run_interval_grace !== undefined || given.run_interval_grace_type !== undefined
  const isNew = existing === undefined
  const isAsShown = Settings.areAsShown(given, { details, policy }, before, now)
  // The same object as before leaves the deadline alone.
  if (!isNew && (isAsShown || !(isIntervalGiven || isGraceGiven))) return Result.succeed({ details, policy })
  const interval = Settings.interval(settings)
  const grace = Settings.grace(settings)
  if (isIntervalGiven && (interval <= 0 || interval > longest)) return outOfBounds("run_interval")
  if (isGraceGiven && grace > longest) return outOfBounds("run_interval_grace")
  return Result.succeed({
    details: { ...details, extension: { ...details.extension, [dialect]: settings } },
    policy: {
      ...policy,
      ...((isNew || isIntervalGiven) && { schedule: Every.make(interval) }),
      ...((isNew || isGraceGiven) && { grace }),
    },
  })
}

const outOfBounds = (field: string) =>
  Result.fail(
    Fields.invalid(field, `must be at most ${longest / day} days, and an interval more than nothing`),
  )
