/** The field of quiet windows: `{schedule, tz, duration}` and `{every, duration}` recur, `{from, to, tz}` is open once. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { QuietWindow } from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as LocalTime from "../LocalTime.ts"
import * as Schedule from "../Schedule.ts"
import * as Every from "../schedule/Every.ts"
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Field from "./Field.ts"
import * as Format from "./Format.ts"
import * as Schemas from "./Schemas.ts"

const duration = Schemas.spanBetween(Limits.shortestQuiet, Limits.longestPeriod).annotate({
  description: "Seconds that it stays open.",
})

const recurring = Schema.Struct({
  schedule: Schemas.ownSchedule.annotate({ description: "When the window opens." }),
  tz: Schema.optionalKey(
    Schemas.zone.annotate({
      description: "On whose wall clock the schedule is; by default the check's zone when the window is set.",
    }),
  ),
  duration,
})

const periodic = Schema.Struct({
  every: Schemas.spanBetween(1, Limits.longestPeriod).annotate({
    description: "The window opens every so many seconds, counted from 1970.",
  }),
  duration,
})

const once = Schema.Struct({
  from: Schemas.localTime.annotate({ description: "When the window opens." }),
  to: Schemas.localTime.annotate({ description: "When the window closes." }),
  tz: Schema.optionalKey(
    Schemas.zone.annotate({
      description: "On whose wall clock times without an offset are; by default the check's zone.",
    }),
  ),
})

type Once = typeof once.Type
type Window = typeof recurring.Type | typeof periodic.Type | Once

const reversed = "ends before it begins"

/**
 * Returns the schema of windows as documents have them, whose local times are in a zone; `undefined` when that is known
 * only later, and whether a window ends before it begins may be found only then.
 */
export const windowsIn = (zone: Zone.Zone | undefined) =>
  Schemas.listOf(
    Schema.Union([
      recurring,
      periodic,
      once.check(Schemas.rule((window: Once) => mayBeOpen(window, zone), reversed)),
    ]).annotate({ message: "is not a quiet window" }),
  ).check(Schema.isMaxLength(Limits.quietWindows, { message: "is too long" }))

/** Returns what is wrong with the schedule or the zone of the first window in which one of them is. */
const explain = (value: unknown): string | undefined => {
  for (const window of Array.isArray(value) ? value : []) {
    const { schedule, tz }: { readonly schedule?: unknown; readonly tz?: unknown } = Object(window)
    const found = Schemas.explainSchedule(schedule) ?? Schemas.explainZone(tz)
    if (found !== undefined) return found
  }
  return undefined
}

/** The field `quiet`. `from` is inclusive and `to` exclusive. */
export const field = Field.make<readonly Window[]>({
  isBeyond: true,
  mayBeAbsent: true,
  sentence:
    "Windows in which nothing is expected: time in them does not count. One without a tz is on the wall clock of the check, and stays on it when only the check's tz is changed.",
  schema: windowsIn(undefined),
  form: { is: "windows" },
  code: "quiet",
  explain,
  example: [{ schedule: "0 22 * * *", tz: "Europe/Riga", duration: 28_800 }],
  show: ({ check: { policy } }) => policy.quiet.map(show),
  set: (change, windows) => {
    change.quiet = (zone) => {
      const read = windows.map((window) => parse(window, zone))
      return read.every(isOpen) ? read : `json validation error: an item in 'quiet' ${reversed}`
    }
  },
})

/** Returns a window as documents have it. */
export const show = (window: QuietWindow): Field.Json => {
  if ("from" in window) {
    return { from: Format.preciseInstant(window.from), to: Format.preciseInstant(window.to) }
  }
  const duration = Format.exactSeconds(window.duration)
  const { schedule } = window
  return schedule.kind === "every"
    ? { every: Format.exactSeconds(schedule.period), duration }
    : { schedule: Schedule.expressionOf(schedule)!, tz: Schedule.zoneOf(schedule).name, duration }
}

/**
 * Returns the window of a document, whose schedule or local times are in a zone unless it has a `tz`. Does not fail, because the
 * schema has validated every part of the window.
 */
export const parse = (window: Window, zone: Zone.Zone): QuietWindow => {
  if ("from" in window) return span(window, window.tz === undefined ? zone : zoneNamed(window.tz))
  if ("every" in window) {
    return {
      schedule: Every.make(Schemas.toSpan(window.every)),
      duration: Schemas.toSpan(window.duration),
    }
  }
  return {
    schedule: Result.getOrThrow(Schedule.read(window.schedule, zoneNamed(window.tz ?? zone.name))),
    duration: Schemas.toSpan(window.duration),
  }
}

const zoneNamed = (name: string): Zone.Zone => Result.getOrThrow(Zone.make(Zone.canonical(name)))

const span = ({ from, to }: Once, zone: Zone.Zone): Extract<QuietWindow, { from: Instant }> => ({
  from: at(from, zone),
  to: at(to, zone),
})

const at = (text: string, zone: Zone.Zone): Instant =>
  // The schema has read it in UTC. In some zones the first hours of 1970, or the last of 9999, are out of bounds.
  Result.getOrElse(LocalTime.read(text, zone), () => Result.getOrThrow(LocalTime.read(text, Zone.utc)))

const isOpen = (window: QuietWindow): boolean => !("from" in window) || window.from < window.to

/** Whether a window is open for a while in its zone or, where that is not known, in some zone. */
const mayBeOpen = (window: Once, otherwise: Zone.Zone | undefined): boolean => {
  const { from, to, tz } = window
  const zone = tz === undefined ? otherwise : zoneNamed(tz)
  // Of an instant and a local time any may be the first, as long as the zone is not known.
  if (zone === undefined && LocalTime.hasOffset(from) !== LocalTime.hasOffset(to)) return true
  return isOpen(span(window, zone ?? Zone.utc))
}
