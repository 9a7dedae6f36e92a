/** Beyond Healthchecks: what a check was like over a window of time, and unit by unit of a calendar. */
import type { Check } from "@overdue/core/Check"
import * as Calendar from "@overdue/core/Calendar"
import type { Interval } from "@overdue/core/CountedTime"
import type { Report } from "@overdue/core/Statistics"
import { second, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Statistics from "@overdue/engine/queries/Statistics"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { empty, json } from "../../../../http/Http.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Format from "@overdue/core/document/Format"
import { byUniqueKey, named } from "./Checks.ts"
import * as Flips from "./Flips.ts"

/** Units that one answer lists: six weeks of hours, or three years of days. */
const mostUnits = 1_000

const units = ["hour", "day", "week", "month"] as const

const byId = Effect.fnUntraced(function* (request: Authorized) {
  return yield* answer(request, yield* named(request))
})

const byKey = Effect.fnUntraced(function* (request: Authorized) {
  const check = yield* byUniqueKey(request)
  return check === undefined ? empty(404) : yield* answer(request, check)
})

const answer = Effect.fnUntraced(function* ({ query }: Authorized, check: Check) {
  const window = yield* windowOf(query)
  const calendar = yield* calendarOf(query, check, window)
  const whole = shown(yield* Statistics.over(check, window))
  if (calendar === undefined) return json(200, whole)
  const reports = yield* Statistics.by(check, window, calendar)
  return json(200, {
    ...whole,
    by: calendar.unit,
    tz: calendar.zone.name,
    units: reports.map(shown),
  })
})

export const endpoints: readonly Endpoint[] = [
  {
    path: "/checks/{uuid}/statistics",
    methods: { GET: { id: "getStatistics", access: "read", run: byId } },
    since: 3,
  },
  {
    path: "/checks/{unique_key}/statistics",
    methods: { GET: { id: "getStatistics", access: "read", run: byKey } },
    since: 3,
  },
]

const windowOf = Effect.fnUntraced(function* (query: URLSearchParams) {
  const [from, to] = [Flips.instantOf(query, "start"), Flips.instantOf(query, "end")]
  if (Number.isNaN(from)) return yield* new BadRequest({ text: "start is not a valid timestamp" })
  if (Number.isNaN(to)) return yield* new BadRequest({ text: "end is not a valid timestamp" })
  const window = Statistics.window({ from, to }, yield* Clock.currentTimeMillis)
  return window.from < window.to ? window : yield* new BadRequest({ text: "start is not before end" })
})

/** `undefined` when the query asks for no units. */
const calendarOf = Effect.fnUntraced(function* (query: URLSearchParams, { policy }: Check, window: Interval) {
  const name = query.getAll("tz").at(-1)
  const zone = name === undefined ? undefined : Zone.make(Zone.canonical(name))
  if (zone !== undefined && Result.isFailure(zone)) {
    return yield* new BadRequest({ text: "tz is not a valid timezone" })
  }
  const by = query.getAll("by").at(-1)
  if (by === undefined) return undefined
  const unit = units.find((unit) => unit === by)
  if (unit === undefined) return yield* new BadRequest({ text: `by is none of ${units.join(", ")}` })
  const own = policy.schedule.kind === "every" ? Zone.utc : policy.schedule.zone
  const calendar = { unit, zone: zone?.success ?? own }
  let count = 0
  for (const _ of Calendar.cut(window, unit, calendar.zone)) {
    count += 1
    if (count > mostUnits) {
      return yield* new BadRequest({ text: `from start to end there are more than ${mostUnits} units` })
    }
  }
  return calendar
})

const seconds = Schema.Number
const span = (description: string) => seconds.annotate({ description })
const count = (description: string) => Schema.Int.annotate({ description })

const Outage = Schema.Struct({
  start: Schema.NullOr(Schemas.instant).annotate({ description: "Null when it began before what is known." }),
  end: Schema.NullOr(Schemas.instant).annotate({ description: "Null while it goes on." }),
  reason: Schema.NullOr(Flips.reason),
  duration: span("Seconds, until now while it goes on."),
  blind: Schema.Boolean.annotate({
    description: "Whether it would have begun sooner, had the service itself always been awake.",
  }),
})

const Durations = Schema.Struct({
  count: count("Runs that began with a start and have ended."),
  average: seconds,
  p50: seconds,
  p95: seconds,
  longest: seconds,
  last: Schema.Array(seconds).annotate({ description: "Newest first, at most ten." }),
})

const report = {
  start: Schemas.instant,
  end: Schemas.instant.annotate({ description: "Not part of the time." }),
  up: span("Seconds for which it was up."),
  down: span("Seconds for which it was down."),
  paused: span("Seconds for which it was paused."),
  unknown: span(
    "Seconds of which nothing is known: before its first signal, before what is kept, while the service was not awake, and what is yet to come.",
  ),
  uptime: Schema.NullOr(Schema.Number).annotate({
    description: "Share of up in up and down, 0 to 1; null without either.",
  }),
  outages: Schema.Array(Outage).annotate({ description: "Those that touch the time, oldest first." }),
  runs: Schema.Struct({
    count: count("Successes and failures that arrived."),
    failed: count("Those of them that failed, or succeeded too soon."),
    missed: count("Slots without a signal that took the check down."),
    overran: count("Runs that took longer than allowed."),
    durations: Schema.NullOr(Durations),
  }),
  complete: Schema.Boolean.annotate({
    description: "Whether every ping of the time is kept; if not, there were more runs than these.",
  }),
}

/** What the API answers. */
export const Shown = Schema.Struct({
  ...report,
  by: Schema.optionalKey(Schema.Literals(units)),
  tz: Schema.optionalKey(Schema.String),
  units: Schema.optionalKey(
    Schema.Array(Schema.Struct(report)).annotate({
      description: "The same for each unit, oldest first; the first and the last may be cut by the window.",
    }),
  ),
})

const shown = ({ from, to, outages, runs, isComplete, ...known }: Report): typeof Shown.Type => ({
  start: Format.preciseInstant(from),
  end: Format.preciseInstant(to),
  up: inSeconds(known.up),
  down: inSeconds(known.down),
  paused: inSeconds(known.paused),
  unknown: inSeconds(known.unknown),
  uptime: known.uptime ?? null,
  outages: outages.map(({ start, end, reason, duration, blind }) => ({
    start: start === undefined ? null : Format.preciseInstant(start),
    end: end === undefined ? null : Format.preciseInstant(end),
    reason: reason ?? null,
    duration: inSeconds(duration),
    blind,
  })),
  runs: { ...runs, durations: runs.durations === undefined ? null : durations(runs.durations) },
  complete: isComplete,
})

const durations = ({ count, last, ...spans }: NonNullable<Report["runs"]["durations"]>) => ({
  count,
  average: inSeconds(spans.average),
  p50: inSeconds(spans.p50),
  p95: inSeconds(spans.p95),
  longest: inSeconds(spans.longest),
  last: last.map(inSeconds),
})

const inSeconds = (span: Span): number => span / second
