/** A schedule expression as it comes from the command line, and what is printed about it. */
import * as Schedule from "@overdue/core/Schedule"
import type { ScheduleError } from "@overdue/core/schedule/ScheduleError"
import type { Instant } from "@overdue/core/Time"
import * as Wording from "@overdue/core/Wording"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { Failure, UsageError } from "../../Failure.ts"
import type { Flags } from "../../Flags.ts"
import * as NamedZone from "../../NamedZone.ts"

/** `--tz`: the zone in which an expression is read. */
export const zoneFlag = {
  tz: {
    kind: "text",
    value: "ZONE",
    env: "OVERDUE_TZ",
    default: "UTC",
    help: "the time zone, such as Europe/Riga",
  },
} as const satisfies Flags

/** Returns the zone with a name, which is UTC without one. Fails with a `UsageError` when there is none. */
export const zone = (name = "UTC"): Zone.Zone => NamedZone.read(name)

/** Returns the one expression; a shell may have split it, so that `0 3 * * *` comes as five arguments. */
export const text = (positionals: readonly string[], rest: readonly string[] = []): string => {
  const words = [...positionals, ...rest]
  if (words.length === 0)
    throw new UsageError("give a schedule in quotes, such as '0 3 * * 1-5' or 'Mon..Fri 03:00'")
  return words.join(" ")
}

/** Returns the schedule of an expression, as people type it. Fails with a `Failure` that marks what is wrong. */
export const read = (expression: string, zone: Zone.Zone): Schedule.Schedule => {
  const schedule = Schedule.read(expression, zone)
  if (Result.isSuccess(schedule)) return schedule.success
  throw new Failure(complain(expression, schedule.failure))
}

/** Returns what is wrong with an expression, with a mark under the place. */
export const complain = (expression: string, { field, part, expected, offset }: ScheduleError): string => {
  const lines = expression.slice(0, offset).split("\n")
  const column = lines.at(-1)!.length
  const line = expression.split("\n")[lines.length - 1]!
  const mark = "^".repeat(Math.max(1, Math.min(part.length, line.length - column)))
  return `${field}: ${JSON.stringify(part)} is not valid: expected ${expected}\n  ${line}\n  ${" ".repeat(column)}${mark}`
}

/** Returns an instant on the clock of a zone: `Mon 2026-03-30 03:00:00 +03:00`. */
export const wall = (at: Instant, zone: Zone.Zone): string => {
  const offset = Zone.offsetAt(zone, Math.floor(at / 1000))
  const shifted = new Date(at + offset * 1000)
  const weekday = shifted.toUTCString().slice(0, 3)
  const clock = shifted.toISOString().slice(0, 19).replace("T", " ")
  return `${weekday} ${clock} ${Wording.offset(offset * 1000)}`
}
