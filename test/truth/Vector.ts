/** Schedule vectors: rows that say when an expression fires, and whether ours says the same. */
import * as Schedule from "@overdue/core/Schedule"
import * as Cron from "@overdue/core/schedule/Cron"
import * as OnCalendar from "@overdue/core/schedule/OnCalendar"
import type { ScheduleError } from "@overdue/core/schedule/ScheduleError"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"

export type Language = "cron" | "oncalendar"

type Parse = (text: string, zone: Zone.Zone) => Result.Result<Schedule.Schedule, ScheduleError>

/** What reads the expressions of a file. Not `Schedule.parse`: the vectors hold cron lines of six fields. */
export const languages: Readonly<Record<Language, Parse>> = { cron: Cron.parse, oncalendar: OnCalendar.parse }

/** One row of a vectors file. `after` may carry milliseconds, occurrences are whole seconds. */
interface Vector {
  readonly expr: string
  readonly tz: string
  readonly after: string
  /** The first occurrences; absent when the expression is refused. */
  readonly next?: ReadonlyArray<string>
  /** There are no others. */
  readonly end?: boolean
  readonly error?: boolean
}

export interface Difference {
  readonly line: number
  /** Absent when the row cannot be read. */
  readonly vector: Vector | undefined
  readonly expected: string
  readonly got: string
}

export interface Report {
  readonly passed: number
  readonly differences: ReadonlyArray<Difference>
}

/** Checks every row of a file's text; empty lines do not count. */
export const check = (language: Language, text: string): Report => {
  const differences: Array<Difference> = []
  let passed = 0
  for (const [index, row] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    if (row.trim() === "") continue
    const difference = checkRow(language, row, index + 1)
    if (difference === undefined) passed++
    else differences.push(difference)
  }
  return { passed, differences }
}

function checkRow(language: Language, row: string, line: number): Difference | undefined {
  const vector = readRow(row)
  if (typeof vector === "string") {
    return {
      line,
      vector: undefined,
      expected: '{"expr","tz","after","next":[…]} or "error":true',
      got: vector,
    }
  }
  const expected = vector.error === true ? refused : show(vector.next ?? [], vector.end === true)
  const got = answer(language, vector)
  return got === expected || (vector.error === true && got.startsWith(refused))
    ? undefined
    : { line, vector, expected, got }
}

const refused = "refused"

function answer(language: Language, vector: Vector): string {
  const zone = Zone.make(vector.tz)
  if (Result.isFailure(zone)) return `no such zone: ${vector.tz}`
  const found = occurrences(language, vector, zone.success)
  if (typeof found === "string") return `${refused}: ${found}`
  const [next, ended] = found
  return show(next, ended)
}

function occurrences(
  language: Language,
  vector: Vector,
  zone: Zone.Zone,
): readonly [next: ReadonlyArray<string>, ended: boolean] | string {
  // One more than listed where the end is claimed, as many as listed where it is not.
  const count = (vector.next?.length ?? 5) + (vector.end === true ? 1 : 0)
  const next: Array<string> = []
  const schedule = languages[language](vector.expr, zone)
  if (Result.isFailure(schedule)) return schedule.failure.message
  let at: number | undefined = Date.parse(vector.after)
  while (next.length < count) {
    at = Schedule.next(schedule.success, at)
    if (at === undefined) return [next, true]
    next.push(new Date(at).toISOString().replace(".000Z", "Z"))
  }
  return [next, false]
}

function show(next: ReadonlyArray<string>, ended: boolean): string {
  return [...next, ...(ended ? ["end"] : [])].join(" ") || "nothing listed"
}

/** The row, or why it is not one. */
function readRow(row: string): Vector | string {
  let value: unknown
  try {
    value = JSON.parse(row)
  } catch (cause) {
    return `not JSON: ${String(cause)}`
  }
  if (typeof value !== "object" || value === null) return "not an object"
  const fields = value as Record<string, unknown> // safe because any object can be looked into
  for (const name of ["expr", "tz", "after"]) {
    if (typeof fields[name] !== "string") return `"${name}" is not a string`
  }
  if (Number.isNaN(Date.parse(fields["after"] as string))) return '"after" is not an instant'
  if (fields["error"] !== true && !isStrings(fields["next"])) return '"next" is not a list of instants'
  return value as Vector // safe because its fields have been looked at
}

function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string")
}
