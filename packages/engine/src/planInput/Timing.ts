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

/** Returns the schedule that is asked for; `undefined` when none is. `present` is the one of which a zone alone is. */
export const schedule = (
  input: Input,
  present?: Schedule.Schedule,
  path = "",
): Schedule.Schedule | undefined => {
  const kinds = (["every", "cron", "onCalendar", "schedule"] as const).filter(
    (name) => input[name] !== undefined,
  )
  const zone = Values.given(input.zone, Zone.utc, (value) => zoneOf(`${path}zone`, value))
  const [kind] = kinds
  if (kind === undefined) return input.zone === undefined ? undefined : moved(present, zone)
  const field = path + kind
  if (kinds.length > 1) return refuse(`${path}schedule`, "one of every, cron, onCalendar and schedule")
  if (kind === "every") return Every.make(Values.span(field, input.every, { shortest: 1, longest }))
  return expressionOf(field, text(field, input[kind]), { kind, zone })
}

/** Returns a schedule in another zone; `undefined` when it has none. */
const moved = (present: Schedule.Schedule | undefined, zone: Zone.Zone): Schedule.Schedule | undefined => {
  const encoded = present === undefined ? undefined : Schedule.encode(present)
  return encoded !== undefined && "zone" in encoded
    ? Result.getOrThrow(Schedule.decode({ ...encoded, zone: zone.name }))
    : undefined
}

const zoneOf = (field: string, value: unknown): Zone.Zone => {
  const zone = Zone.make(Zone.canonical(text(field, value)))
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
  const strict = Schedule.decode({ kind, expression, zone: zone.name })
  return refuse(field, Result.isFailure(strict) ? strict.failure.message : languages[kind])
}

const languages = {
  cron: "a cron expression of five fields",
  onCalendar: "an OnCalendar expression",
} as const

/** Returns the zone of local times in a plan: the one that it names, or that of its schedule. */
export const clock = ({ zone }: Input, schedule: Schedule.Schedule): Zone.Zone =>
  zone === undefined ? Schedule.zoneOf(schedule) : zoneOf("zone", zone)

/** An instant: a `Date`, a number of milliseconds since 1970, or ISO 8601 text, with an offset or on a wall clock. */
export type InstantInput = Date | number | string

/** Returns an instant; local times are in `zone`. Fails with what was expected in its place. */
export const instant = (value: unknown, zone: Zone.Zone): Result.Result<Instant, string> => {
  if (typeof value === "string") {
    return Result.mapError(LocalTime.read(value, zone), ({ expected }) => expected)
  }
  const at = value instanceof Date || typeof value === "number" ? Number(value) : Number.NaN
  return Number.isSafeInteger(at)
    ? Result.succeed(at)
    : Result.fail("a valid Date, a whole number of milliseconds, or ISO 8601 text")
}

/** The years are those in which an instant can be written, so that every door can show it. */
const instantOf = (field: string, value: unknown, zone: Zone.Zone): Instant => {
  const at = instant(value, zone)
  if (Result.isFailure(at)) return refuse(field, at.failure)
  return at.success >= 0 && at.success <= LocalTime.latest
    ? at.success
    : refuse(field, "an instant in the years 1970 to 9999")
}

/** Returns quiet windows, whose local times are in a zone. */
export const quiet = (value: unknown, zone: Zone.Zone): readonly Check.QuietWindow[] => {
  const windows = Values.listOf("quiet", value, (path, window) => windowOf(path, window, zone))
  return windows.length > Limits.quietWindows
    ? refuse("quiet", `at most ${Limits.quietWindows} windows`)
    : windows
}

const windowOf = (path: string, value: unknown, zone: Zone.Zone): Check.QuietWindow => {
  const window = Values.members(path, value, ["from", "to", "duration", ...names])
  if ("from" in window) {
    const from = instantOf(`${path}.from`, window.from, zone)
    const to = instantOf(`${path}.to`, window.to, zone)
    return from < to ? { from, to } : refuse(`${path}.to`, "two instants, from before to")
  }
  const opening = schedule(window, undefined, `${path}.`)
  if (opening === undefined) {
    return refuse(`${path}.schedule`, "cron, onCalendar, schedule or every: when the window opens")
  }
  const { shortestQuiet: shortest } = Limits
  return {
    schedule: opening,
    duration: Values.span(`${path}.duration`, window.duration, { shortest, longest }),
  }
}
