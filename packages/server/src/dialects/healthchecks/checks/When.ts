/**
 * When a check is expected, as Healthchecks keeps it: a period, an expression and a zone beside each other, of which
 * only those that are in use are shown. What the engine has no place for is remembered with the check.
 */
import type { Details } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import type { Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import type { Plan } from "@overdue/core/Check"
import * as Result from "effect/Result"

export interface When {
  readonly period: Span
  /** Without it, the check is expected after each period. */
  readonly expression: string | undefined
  readonly zone: string
}

const dialect = "healthchecks"

/** What is not in use, when it is not the default. */
interface Remembered {
  readonly period?: Span
  readonly zone?: string
}

const defaultZone = "UTC"

export const of = ({ details, policy: { schedule } }: Plan): When => {
  const { period = Limits.defaultPeriod, zone = defaultZone } = remembered(details)
  return schedule.kind === "every"
    ? { period: schedule.period, expression: undefined, zone }
    : { period, expression: schedule.expression, zone: schedule.zone.name }
}

/** The details with what the schedule will not hold. */
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

/** The schedule, or the text of the error that refuses it. */
export const schedule = ({
  period,
  expression,
  zone: name,
}: When): Result.Result<Schedule.Schedule, string> => {
  if (expression === undefined) return Result.succeed(Every.make(period))
  const zone = Zone.make(name)
  if (Result.isFailure(zone)) return Result.fail("json validation error: tz is not a valid timezone")
  return Result.mapError(
    Schedule.parse(expression, zone.success),
    () => "json validation error: schedule is not a valid cron or OnCalendar expression",
  )
}

/** Only `remember` writes it. */
const remembered = ({ extension }: Details): Remembered => extension[dialect] ?? {}
