/** The field of quiet windows: `{schedule, tz, duration}` and `{every, duration}` recur, `{from, to}` is open once. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type { QuietWindow } from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import * as Every from "../schedule/Every.ts"
import { second, type Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Field from "./Field.ts"
import * as Format from "./Format.ts"
import * as Schemas from "./Schemas.ts"

const duration = Schemas.wholeNumber(Limits.shortestQuiet / second, Limits.longestPeriod / second).annotate({
  description: "Seconds that it stays open.",
})

const recurring = Schema.Struct({
  schedule: Schemas.schedule.annotate({ description: "When the window opens." }),
  tz: Schema.optionalKey(Schemas.zone),
  duration,
})

const periodic = Schema.Struct({
  every: Schemas.period.annotate({
    description: "The window opens every so many seconds, counted from 1970.",
  }),
  duration,
})

const once = Schema.Struct({ from: Schemas.instant, to: Schemas.instant }).check(
  Schemas.rule(({ from, to }) => Date.parse(from) < Date.parse(to), "ends before it begins"),
)

type Window = typeof recurring.Type | typeof periodic.Type | typeof once.Type

/** Windows as documents have them. */
export const windows = Schemas.listOf(
  Schema.Union([recurring, periodic, once]).annotate({ message: "is not a quiet window" }),
).check(Schema.isMaxLength(Limits.quietWindows, { message: "is too long" }))

/** The field `quiet`. `from` is inclusive and `to` exclusive; both are rounded down to the second. */
export const field = Field.make<readonly Window[]>({
  isBeyond: true,
  mayBeAbsent: true,
  sentence: "Windows in which nothing is expected: time in them does not count.",
  schema: windows,
  form: { is: "windows" },
  code: "quiet",
  example: [{ schedule: "0 22 * * *", tz: "Europe/Riga", duration: 28_800 }],
  show: ({ check: { policy } }) => policy.quiet.map(show),
  set: (change, windows) => {
    change.policy = { ...change.policy, quiet: windows.map(parse) }
  },
})

/** Returns a window as documents have it. */
export const show = (window: QuietWindow): Field.Json => {
  if ("from" in window) return { from: Format.instant(window.from), to: Format.instant(window.to) }
  const duration = Format.seconds(window.duration)
  const { schedule } = window
  return schedule.kind === "every"
    ? { every: Format.seconds(schedule.period), duration }
    : { schedule: Schedule.expressionOf(schedule)!, tz: Schedule.zoneOf(schedule).name, duration }
}

/** Returns the window of a document. Does not fail, because the schema has validated every part of the window. */
export const parse = (window: Window): QuietWindow => {
  if ("from" in window) return { from: at(window.from), to: at(window.to) }
  if ("every" in window) {
    return { schedule: Every.make(window.every * second), duration: window.duration * second }
  }
  const zone = Result.getOrThrow(Zone.make(Zone.canonical(window.tz ?? "UTC")))
  return {
    schedule: Result.getOrThrow(Schedule.parse(window.schedule, zone)),
    duration: window.duration * second,
  }
}

const at = (text: string): Instant => Math.floor(Date.parse(text) / second) * second
