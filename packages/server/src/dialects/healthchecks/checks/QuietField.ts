/** Quiet windows as the API writes them: `{schedule, tz, duration}`, or `{from, to}` for one span of time. */
import type { QuietWindow } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Schedule from "@overdue/core/Schedule"
import { second, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Field from "./Field.ts"
import * as Schemas from "./Schemas.ts"
import * as Show from "./Show.ts"

const recurring = Schema.Struct({
  schedule: Schemas.schedule.annotate({ description: "When the window opens." }),
  tz: Schema.optionalKey(Schemas.zone),
  duration: Schemas.wholeNumber(Limits.shortestQuiet / second, Limits.longestPeriod / second).annotate({
    description: "Seconds that it stays open.",
  }),
})

const once = Schema.Struct({ from: Schemas.instant, to: Schemas.instant }).check(
  Schemas.rule(({ from, to }) => Date.parse(from) < Date.parse(to), "ends before it begins"),
)

type Window = typeof recurring.Type | typeof once.Type

export const field = Field.make<readonly Window[]>({
  schema: Schemas.listOf(Schema.Union([recurring, once]).annotate({ message: "is not a quiet window" }))
    .check(Schema.isMaxLength(Limits.quietWindows, { message: "is too long" }))
    .annotate({ description: "Windows in which nothing is expected: time in them does not count." }),
  mayBeAbsent: true,
  show: ({ check: { policy } }) => (policy.quiet.length === 0 ? undefined : policy.quiet.map(show)),
  set: (draft, windows) => {
    draft.policy = { ...draft.policy, quiet: windows.map(parse) }
  },
})

const show = (window: QuietWindow): Field.Json => {
  if ("from" in window) return { from: Show.instant(window.from), to: Show.instant(window.to) }
  const duration = Show.seconds(window.duration)
  return window.schedule.kind === "every"
    ? { every: Show.seconds(window.schedule.period), duration }
    : { schedule: window.schedule.expression, tz: window.schedule.zone.name, duration }
}

/** Never throws: the schema has seen the parts. */
const parse = (window: Window): QuietWindow => {
  if ("from" in window) return { from: at(window.from), to: at(window.to) }
  const zone = Result.getOrThrow(Zone.make(Zone.canonical(window.tz ?? "UTC")))
  return {
    schedule: Result.getOrThrow(Schedule.parse(window.schedule, zone)),
    duration: window.duration * second,
  }
}

const at = (text: string): Instant => Math.floor(Date.parse(text) / second) * second
