/**
 * When a check is expected, as Healthchecks stores it: a period, an expression and a zone beside each other.
 *
 * The engine's schedule has only those that are in use. The others are remembered with the check, so that clients of
 * Healthchecks find them again.
 */
import type { Details, Plan } from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import * as Every from "../schedule/Every.ts"
import type { Span } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Result from "effect/Result"

/** When a check is expected, in the terms of Healthchecks. */
export interface When {
  readonly period: Span
  /** A cron or OnCalendar expression; `undefined` when the check is expected after each period. */
  readonly expression: string | undefined
  readonly zone: string
}

const dialect = "healthchecks"

/**
 * The period that a check with an expression does not use, or the zone that one without does not; absent when it is the
 * default.
 */
interface Remembered {
  readonly period?: Span
  readonly zone?: string
}

const defaultZone = "UTC"

/** Returns when a check is expected, in the terms of Healthchecks. */
export const of = ({ details, policy: { schedule } }: Plan): When => {
  const { period = Limits.defaultPeriod, zone = defaultZone } = remembered(details)
  return schedule.kind === "every"
    ? { period: schedule.period, expression: undefined, zone }
    : { period, expression: Schedule.expressionOf(schedule), zone: Schedule.zoneOf(schedule).name }
}

/** Returns the details with the period or zone that the schedule does not use. */
export const remember = (details: Details, { period, expression, zone }: When): Details => {
  const { [dialect]: _, ...others } = details.extension
  const unused: Remembered =
    expression === undefined
      ? zone === defaultZone
        ? {}
        : { zone }
      : period === Limits.defaultPeriod
        ? {}
        : { period }
  const extension = Object.keys(unused).length === 0 ? others : { ...others, [dialect]: unused }
  return { ...details, extension }
}

/** Returns the zone of a check, also of one whose schedule needs none. Fails with a message in Healthchecks' words. */
export const zoneOf = ({ zone: name }: When): Result.Result<Zone.Zone, string> =>
  Result.mapError(Zone.make(name), () => "json validation error: tz is not a valid timezone")

/** Returns the engine's schedule. Fails with a message in Healthchecks' words. */
export const schedule = (when: When): Result.Result<Schedule.Schedule, string> => {
  const { period, expression } = when
  if (expression === undefined) return Result.succeed(Every.make(period))
  const zone = zoneOf(when)
  if (Result.isFailure(zone)) return Result.fail(zone.failure)
  return Result.mapError(
    Schedule.parse(expression, zone.success),
    () => "json validation error: schedule is not a valid cron or OnCalendar expression",
  )
}

const remembered = ({ extension }: Details): Remembered => extension[dialect] ?? {} // only `remember` writes it
