/** An expression as it comes from the command line. */
import * as Schedule from "@overdue/core/Schedule"
import type { ScheduleError } from "@overdue/core/schedule/ScheduleError"
import type { Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { Failure, UsageError } from "../../Failure.ts"
import type { Flags } from "../../Flags.ts"

export const zoneFlag = {
  tz: {
    kind: "text",
    value: "ZONE",
    env: "OVERDUE_TZ",
    default: "UTC",
    help: "the time zone, such as Europe/Riga",
  },
} as const satisfies Flags

export const zone = (name = "UTC"): Zone.Zone => {
  const zone = Zone.make(Zone.canonical(name))
  if (Result.isSuccess(zone)) return zone.success
  throw new UsageError(`there is no time zone ${JSON.stringify(name)}; a name is like Europe/Riga or UTC`)
}

/** One expression, however the shell split it: `0 3 * * *` may come as five words. */
export const text = (positionals: readonly string[], rest: readonly string[] = []): string => {
  const words = [...positionals, ...rest]
  if (words.length === 0)
    throw new UsageError("give an expression, in quotes: '0 3 * * 1-5' or 'Mon..Fri 03:00'")
  return words.join(" ")
}

export const read = (expression: string, zone: Zone.Zone): Schedule.Schedule => {
  const schedule = Schedule.validate(expression, zone)
  if (Result.isSuccess(schedule)) return schedule.success
  throw new Failure(complain(expression, schedule.failure))
}

/** What is wrong, with a mark under the place. */
export const complain = (expression: string, { field, part, expected, offset }: ScheduleError): string => {
  const lines = expression.slice(0, offset).split("\n")
  const column = lines.at(-1)!.length
  const line = expression.split("\n")[lines.length - 1]!
  const mark = "^".repeat(Math.max(1, Math.min(part.length, line.length - column)))
  return `${field}: ${JSON.stringify(part)} is not right: expected ${expected}\n  ${line}\n  ${" ".repeat(column)}${mark}`
}

/** `Mon 2026-03-30 03:00:00 +03:00`, on the wall of the zone. */
export const wall = (at: Instant, zone: Zone.Zone): string => {
  const offset = Zone.offsetAt(zone, Math.floor(at / 1000))
  const shifted = new Date(at + offset * 1000)
  const weekday = shifted.toUTCString().slice(0, 3)
  const sign = offset < 0 ? "-" : "+"
  const minutes = Math.floor(Math.abs(offset) / 60)
  const two = (value: number) => String(value).padStart(2, "0")
  const clock = shifted.toISOString().slice(0, 19).replace("T", " ")
  return `${weekday} ${clock} ${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
