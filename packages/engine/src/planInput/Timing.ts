/** When a check is expected, and when it is quiet, as code says it: read, or refused with a `PlanInvalid` that is thrown. */
import type * as Check from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as LocalTime from "@overdue/core/LocalTime"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import type { Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as Values from "./Values.ts"

/** The fields that say when a check is expected. */
export const names = ["every", "cron", "onCalendar", "schedule", "zone"] as const

/** What is given for these fields. */
export type Input = { readonly [K in (typeof names)[number]]?: unknown }

const { refuse, text } = Values
const longest = Limits.longestPeriod

/** What a schedule is read with. */
interface Setting {
  /** The schedule of which a zone alone is. */
  readonly present?: Schedule.Schedule
  /** The zone of a schedule that names none; by default UTC. */
  readonly otherwise?: Zone.Zone
  /** What stands before the names of fields in an error. */
  readonly path?: string
}

/** Returns the schedule that is asked for; `undefined` when none is. */
export const schedule = (
  input: Input,
  { present, otherwise = Zone.utc, path = "" }: Setting,
): Schedule.Schedule | undefined => {
  const kinds = kindsOf(input)
  const zone = Values.given(input.zone, otherwise, (value) => zoneOf(`${path}zone`, value))
  const [kind] = kinds
  if (kind === undefined) return input.zone === undefined ? undefined : moved(present, zone)
  const field = path + kind
  if (kinds.length > 1) return refuse(`${path}schedule`, "one of every, cron, onCalendar and schedule")
  if (kind === "every") return Every.make(Values.span(field, input.every, { shortest: 1, longest }))
  return expressionOf(field, text(field, input[kind]), { kind, zone })
}

const kindsOf = (input: Input) =>
  (["every", "cron", "onCalendar", "schedule"] as const).filter((name) => input[name] !== undefined)

/** Returns a schedule in another zone; `undefined` when it has none. */
const moved = (present: Schedule.Schedule | undefined, zone: Zone.Zone): Schedule.Schedule | undefined => {
  const encoded = present === undefined ? undefined : Schedule.encode(present)
  return encoded !== undefined && "zone" in encoded
    ? Result.getOrThrow(Schedule.decode({ ...encoded, zone: zone.name }))
    : undefined
}

const zoneOf = (field: string, value: unknown): Zone.Zone => {
  const zone = Zone.read(text(field, value))
  return Result.isFailure(zone) ? refuse(field, zone.failure.expected) : zone.success
}

/** Reads an expression as people write it, but in no other language than the one that is asked for. */
const expressionOf = (
  field: string,
  expression: string,
  { kind, zone }: { readonly kind: "cron" | "onCalendar" | "schedule"; readonly zone: Zone.Zone },
): Schedule.Schedule => {
  const read = Schedule.read(expression, zone)
  // This reading knows other dialects, and what to write instead.
  if (Result.isFailure(read)) return refuse(field, read.failure.message)
  if (kind === "schedule" || read.success.kind === kind) return read.success
  if (read.success.kind === "never" || read.success.kind === "interval") {
    return refuse(field, `${languages[kind]}; ${JSON.stringify(expression.trim())} is for the field schedule`)
  }
  const strict = Schedule.decode({ kind, expression, zone: zone.name })
  return refuse(field, Result.isFailure(strict) ? strict.failure.message : languages[kind])
}

const languages = {
  cron: "a cron expression of five fields",
  onCalendar: "an OnCalendar expression",
} as const

/**
 * Returns the zone of a check, on whose clock its quiet windows are unless they say another: the one that the plan names,
 * also for a period, which needs none; that of the schedule which the plan sets; or the one that the check has.
 */
export const clock = (input: Input, schedule: Schedule.Schedule, present: string): Zone.Zone => {
  if (input.zone !== undefined) return zoneOf("zone", input.zone)
  return kindsOf(input).length > 0 ? Schedule.zoneOf(schedule) : (Zone.find(present) ?? Zone.utc)
}

/** An instant: a `Date`, a number of milliseconds since 1970, or ISO 8601 text, with an offset or on a wall clock. */
export type InstantInput = Date | number | string

/** Returns an instant; local times are in `zone`. Fails with what was expected in its place. */
export const instant = (value: unknown, zone: Zone.Zone): Result.Result<Instant, string> => {
  if (typeof value === "string") {
    return Result.mapError(LocalTime.read(value, zone), ({ expected }) => expected)
  }
  const at = millisecondsOf(value)
  return Number.isSafeInteger(at)
    ? Result.succeed(at)
    : Result.fail("a valid Date, a whole number of milliseconds, or ISO 8601 text")
}

/** What only claims to be a `Date` throws. */
const millisecondsOf = (value: unknown): number => {
  try {
    return value instanceof Date || typeof value === "number" ? Number(value) : Number.NaN
  } catch {
    return Number.NaN
  }
}

/** The years are those in which an instant can be written, so that every door can show it. */
const instantOf = (field: string, value: unknown, zone: Zone.Zone): Instant => {
  const at = instant(value, zone)
  if (Result.isFailure(at)) return refuse(field, at.failure)
  return at.success >= 0 && at.success <= LocalTime.latest
    ? at.success
    : refuse(field, "an instant in the years 1970 to 9999")
}

/** Returns quiet windows, whose schedules and local times are in a zone unless they name another. */
export const quiet = (value: unknown, zone: Zone.Zone): readonly Check.QuietWindow[] => {
  const windows = Values.listOf("quiet", value, (path, window) => windowOf(path, window, zone))
  return windows.length > Limits.quietWindows
    ? refuse("quiet", `at most ${Limits.quietWindows} windows`)
    : windows
}

const windowOf = (path: string, value: unknown, zone: Zone.Zone): Check.QuietWindow => {
  const window = Values.members(path, value, ["from", "to", "duration", ...names])
  if ("from" in window) return onceOf(path, Values.members(path, value, ["from", "to", "zone"]), zone)
  if ("to" in window) return refuse(`${path}.from`, "an instant: when the window opens")
  const opening = schedule(window, { otherwise: zone, path: `${path}.` })
  if (opening === undefined) {
    return refuse(`${path}.schedule`, "cron, onCalendar, schedule or every: when the window opens")
  }
  const { shortestQuiet: shortest } = Limits
  return {
    schedule: opening,
    duration: Values.span(`${path}.duration`, window.duration, { shortest, longest }),
  }
}

/** Returns a window that is open once, whose local times are in its own zone or the other one. */
const onceOf = (
  path: string,
  window: { readonly from?: unknown; readonly to?: unknown; readonly zone?: unknown },
  otherwise: Zone.Zone,
): Check.QuietWindow => {
  const zone = Values.given(window.zone, otherwise, (value) => zoneOf(`${path}.zone`, value))
  const from = instantOf(`${path}.from`, window.from, zone)
  const to = instantOf(`${path}.to`, window.to, zone)
  return from < to ? { from, to } : refuse(`${path}.to`, "two instants, from before to")
}
