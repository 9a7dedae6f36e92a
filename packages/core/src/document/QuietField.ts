/** The field of quiet windows: `{schedule, tz, duration}` and `{every, duration}` recur, `{from, to, tz}` is open once. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { QuietWindow } from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as LocalTime from "../LocalTime.ts"
import * as Schedule from "../Schedule.ts"
import * as Period from "../schedule/dialect/Period.ts"
import * as Every from "../schedule/Every.ts"
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Field from "./Field.ts"
import * as Format from "./Format.ts"
import * as Schemas from "./Schemas.ts"

const duration = Schemas.spanBetween(Limits.shortestQuiet, Limits.longestPeriod).annotate({
  description: "Seconds that it stays open.",
})

/**
 * Keeps the members that a window does not have, so that they can be refused: without them it would be another window
 * than the one that is meant, and nobody would know.
 */
const keeping = <F extends Schema.Struct.Fields>(struct: Schema.Struct<F>): Schema.Struct<F> =>
  // safe because `isWhole` refuses what is kept
  Schema.StructWithRest(struct, [Schema.Record(Schema.String, Schema.Unknown)]) as unknown as Schema.Struct<F>

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

/** Each kind of window by the member that tells it. */
const kinds = { schedule: recurring, every: periodic, from: once }

const kindOf = (window: Window): keyof typeof kinds =>
  "schedule" in window ? "schedule" : "every" in window ? "every" : "from"

/** Refuses the first member that a window does not have, by its name. */
const isWhole = Schema.makeFilter(
  (window: Window) => {
    const kind = kindOf(window)
    const known = Object.keys(kinds[kind].fields)
    const other = Object.keys(window).find((name) => !known.includes(name))
    if (other === undefined) return undefined
    const hint = other === "zone" && known.includes("tz") ? "; its time zone is called tz" : ""
    const names = known.join(", ").replace(/, (?=\w+$)/u, " and ")
    return { path: [other], issue: `is unknown: a window with ${kind} has ${names}${hint}` }
  },
  { toJsonSchema: () => ({}) },
)

/**
 * Returns the schema of windows as documents have them, whose local times are in a zone; `undefined` when that is known
 * only later, and whether a window is open at all may be found only then.
 */
export const windowsIn = (zone: Zone.Zone | undefined) =>
  Schemas.listOf(
    Schema.Union([
      keeping(recurring),
      keeping(periodic),
      keeping(once).check(
        Schema.makeFilter((window: Once) => closedBecause(window, zone), { toJsonSchema: () => ({}) }),
      ),
    ])
      .annotate({ message: "is not a quiet window" })
      .check(isWhole),
  ).check(Schemas.isListUpTo(Limits.quietWindows))

/** Returns what is wrong with the schedule or the zone of the first window in which one of them is. */
export const explain = (value: unknown): string | undefined => {
  for (const window of Array.isArray(value) ? value : []) {
    const { schedule, tz }: { readonly schedule?: unknown; readonly tz?: unknown } = Object(window)
    const found =
      Schemas.explainSchedule(schedule)?.replace(Period.place, "the period of the window (`every`") ??
      Schemas.explainZone(tz)
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
      const wrong = windows
        .map((window) => ("from" in window ? closedBecause(window, zone) : undefined))
        .find((text) => text !== undefined)
      return wrong === undefined
        ? windows.map((window) => parse(window, zone))
        : `json validation error: an item in 'quiet' ${wrong}`
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

const zoneNamed = (name: string): Zone.Zone => Result.getOrThrow(Zone.read(name))

const span = ({ from, to }: Once, zone: Zone.Zone): Extract<QuietWindow, { from: Instant }> => ({
  from: at(from, zone),
  to: at(to, zone),
})

const at = (text: string, zone: Zone.Zone): Instant =>
  // The schema has read it in UTC. In some zones the first hours of 1970, or the last of 9999, are out of bounds.
  Result.getOrElse(LocalTime.read(text, zone), () => Result.getOrThrow(LocalTime.read(text, Zone.utc)))

/** Returns why a window is open in no zone that it may be in, as the end of a sentence; `undefined` when it may be open. */
const closedBecause = (window: Once, otherwise: Zone.Zone | undefined): string | undefined => {
  const { from, to, tz } = window
  const zone = tz === undefined ? otherwise : zoneNamed(tz)
  const isMixed = LocalTime.hasOffset(from) !== LocalTime.hasOffset(to)
  // Of an instant and a local time any may be the first, as long as the zone is not known.
  if (zone === undefined && isMixed) return undefined
  const found = span(window, zone ?? Zone.utc)
  if (found.from < found.to) return undefined
  const written = span(window, Zone.utc)
  if (!isMixed && written.from < written.to) return "is never open: the clock is put forward over it"
  return found.from === found.to ? "ends when it begins" : "ends before it begins"
}
