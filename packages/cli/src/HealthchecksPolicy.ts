/** What a server of Healthchecks makes of the fields of a check: it drops those that it does not know without a word. */
import type { CheckPolicy, Management } from "@overdue/client/management"
import type { Json } from "@overdue/core/document/Field"
import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { Failure } from "./Failure.ts"
import * as Healthchecks from "./Healthchecks.ts"
import { equal, fields } from "./WrittenFields.ts"

/** Returns why a server of Healthchecks would refuse a check or lose a part of it; `undefined` when it would not. */
export const refusal = (policy: CheckPolicy): string | undefined => {
  const lost = unknown(policy)
  if (lost.length > 0) return `Healthchecks has no ${lost.join(", ")}: leave ${them(lost)} out`
  for (const [name, value] of valuesOf(policy)) {
    const problem = fields.get(name)?.problemThere(value)
    if (problem !== undefined) return problem
  }
  return schedule(policy)
}

/**
 * Fails with a `Failure` when the server is one of Healthchecks, which would lose what is given. `others` are parts of a
 * request that are no fields. The server is only asked when there is something to lose.
 */
export const expectKept = async (
  api: Management,
  policy: CheckPolicy,
  others: readonly string[] = [],
): Promise<void> => {
  const lost = [...unknown(policy), ...others]
  if (lost.length === 0 || !(await Healthchecks.isOne(api))) return
  throw new Failure(
    `the server is one of Healthchecks, which has no ${lost.join(", ")}: leave ${them(lost)} out; nothing was changed`,
  )
}

/** Returns the fields that would be lost there, of those that are not as every check is there. */
const unknown = (policy: CheckPolicy): readonly string[] =>
  valuesOf(policy).flatMap(([name, value]) => {
    const field = fields.get(name)
    return field?.isBeyond === true && !equal(value, field.absent) ? [name] : []
  })

const valuesOf = (policy: CheckPolicy): readonly (readonly [name: string, value: Json])[] =>
  // safe because the values of a request are JSON
  Object.entries(policy as Readonly<Record<string, Json | undefined>>).filter(
    (entry): entry is [string, Json] => entry[1] !== undefined,
  )

/** Its schedules are those of cron and OnCalendar, which our dialect adds others to. */
const schedule = ({ schedule: text, tz = "UTC" }: CheckPolicy): string | undefined => {
  const zone = Zone.read(tz)
  if (text === undefined || Result.isFailure(zone)) return undefined
  const read = Schedule.validate(text, zone.success)
  return Result.isSuccess(read)
    ? undefined
    : "schedule: Healthchecks reads one cron line or OnCalendar expression, and no other kind of schedule"
}

const them = ({ length }: readonly string[]): string => (length === 1 ? "it" : "them")
