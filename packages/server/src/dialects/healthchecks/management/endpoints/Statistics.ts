/** The endpoint of statistics, beyond Healthchecks: uptime, outages and runs of a check over a window of time. */
import type { Check } from "@overdue/core/Check"
import * as Calendar from "@overdue/core/Calendar"
import type { Interval } from "@overdue/core/CountedTime"
import * as LocalTime from "@overdue/core/LocalTime"
import * as Schedule from "@overdue/core/Schedule"
import type { Report, Units } from "@overdue/core/Statistics"
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as ResponseTimes from "@overdue/engine/queries/ResponseTimes"
import * as Statistics from "@overdue/engine/queries/Statistics"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { empty } from "../../../../http/Http.ts"
import * as SlicedBody from "../../../../http/SlicedBody.ts"
import * as Json from "../../Json.ts"
import { BadRequest, type Authorized, type Endpoint } from "../Endpoint.ts"
import * as Schemas from "@overdue/core/document/Schemas"
import * as Format from "@overdue/core/document/Format"
import { byUniqueKey, named } from "./Checks.ts"
import * as Reason from "@overdue/core/document/Reason"
import * as Flips from "./Flips.ts"

/** The most calendar units in one answer: six weeks of hours, or three years of days. */
const mostUnits = 1_000

const units = ["hour", "day", "week", "month"] as const

const byId = Effect.fnUntraced(function* (request: Authorized) {
  return yield* answer(request, yield* named(request))
})

const byKey = Effect.fnUntraced(function* (request: Authorized) {
  const check = yield* byUniqueKey(request)
  return check === undefined ? empty(404) : yield* answer(request, check)
})

const answer = Effect.fnUntraced(function* ({ project, query }: Authorized, check: Check) {
  const zone = yield* zoneOf(query, check)
  const window = yield* windowOf(query, zone)
  const calendar = yield* calendarOf(query, zone, window)
  const what = JSON.stringify(["statistics", check.id, window, calendar?.unit, zone.name])
  return yield* SlicedBody.inTurn({ project: project.id, what }, made(check, window, calendar))
})

const made = Effect.fnUntraced(function* (check: Check, window: Interval, calendar?: Units) {
  const { whole, units } = yield* Statistics.reports(check, window, calendar)
  const times = yield* ResponseTimes.over(check, window, calendar)
  const ofWhole = { ...shown(whole), ...timed(times, times?.whole) }
  if (calendar === undefined) return yield* Json.long(ofWhole)
  return yield* Json.long({
    ...ofWhole,
    by: calendar.unit,
    tz: calendar.zone.name,
    units: lazily(units, (unit, index) => ({ ...shown(unit), ...timed(times, times?.units[index]) })),
  })
})

/** The endpoints. */
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

/** Returns the zone that the query names; by default the one of the check's schedule. */
const zoneOf = Effect.fnUntraced(function* (query: URLSearchParams, { policy }: Check) {
  const name = query.getAll("tz").at(-1)
  if (name === undefined) return Schedule.zoneOf(policy.schedule)
  const zone = Zone.read(name)
  if (Result.isSuccess(zone)) return zone.success
  return yield* new BadRequest({ text: "tz is not a valid timezone", detail: zone.failure.message })
})

const windowOf = Effect.fnUntraced(function* (query: URLSearchParams, zone: Zone.Zone) {
  const [from, to] = [instantOf(query, "start", zone), instantOf(query, "end", zone)]
  if (Number.isNaN(from)) return yield* new BadRequest({ text: "start is not a valid timestamp" })
  if (Number.isNaN(to)) return yield* new BadRequest({ text: "end is not a valid timestamp" })
  const window = Statistics.window({ from, to }, yield* SteadyClock.now)
  return window.from < window.to ? window : yield* new BadRequest({ text: "start is not before end" })
})

/**
 * Returns an instant that is written in Unix seconds, as in the parameters of Healthchecks, or in ISO 8601; `undefined`
 * when it is absent, `NaN` when it is neither.
 */
const instantOf = (query: URLSearchParams, name: string, zone: Zone.Zone): Instant | undefined => {
  const text = query.getAll(name).at(-1)
  const read = text === undefined ? undefined : LocalTime.read(text, zone)
  return read !== undefined && Result.isSuccess(read) ? read.success : Flips.instantOf(query, name)
}

/** Returns how the window is cut into units; `undefined` when the query does not ask for that. */
const calendarOf = Effect.fnUntraced(function* (query: URLSearchParams, zone: Zone.Zone, window: Interval) {
  const by = query.getAll("by").at(-1)
  if (by === undefined) return undefined
  const unit = units.find((unit) => unit === by)
  if (unit === undefined) return yield* new BadRequest({ text: `by is none of ${units.join(", ")}` })
  const calendar = { unit, zone }
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
  start: Schema.NullOr(Schemas.instant).annotate({
    description: "Start of the outage; null when it began before the stored history.",
  }),
  end: Schema.NullOr(Schemas.instant).annotate({ description: "End of the outage; null while it lasts." }),
  reason: Schema.NullOr(Reason.schema),
  duration: span("Duration in seconds, until now while it lasts."),
  blind: Schema.Boolean.annotate({
    description: "Whether the outage began late because the service itself was not running.",
  }),
})

const Durations = Schema.Struct({
  count: count("Number of finished runs that began with a start ping."),
  average: seconds,
  p50: seconds,
  p95: seconds,
  longest: seconds,
  last: Schema.Array(seconds).annotate({
    description: "Durations of the last runs in seconds, newest first, at most 10.",
  }),
})

const report = {
  start: Schemas.instant,
  end: Schemas.instant.annotate({ description: "End of the window, exclusive." }),
  up: span("Seconds in which the check was up."),
  down: span("Seconds in which the check was down."),
  paused: span("Seconds in which the check was paused."),
  unknown: span(
    "Seconds without a known status: before the first ping, before the stored history, while the service was not running, and in the future.",
  ),
  uptime: Schema.NullOr(Schema.Number).annotate({
    description: "`up` divided by the sum of `up` and `down`, from 0 to 1; null when both are 0.",
  }),
  outages: Schema.Array(Outage).annotate({ description: "Outages that overlap the window, oldest first." }),
  runs: Schema.Struct({
    count: count("Number of successes and failures that arrived."),
    failed: count("Number of runs that failed, or succeeded after less than `min_runtime`."),
    missed: count("Number of times the check went down because no ping arrived in time."),
    overran: count("Number of runs that took longer than allowed."),
    durations: Schema.NullOr(Durations),
  }),
  response_times: Schema.optionalKey(
    Schema.NullOr(
      Schema.Struct({
        count: count("Number of rounds."),
        failed: count("Number of rounds that failed."),
        average: seconds,
        p50: span("Within 4 %, as p95 is."),
        p95: seconds,
        longest: seconds,
      }),
    ).annotate({
      description:
        "How long the rounds of a probe took, in seconds; null when there were none, and absent of checks that are not asked.",
    }),
  ),
  complete: Schema.Boolean.annotate({
    description:
      "Whether all pings of the window are stored. If not, there were more runs than are counted here.",
  }),
}

/** Statistics as the API returns them. Durations are in seconds. */
export const Output = Schema.Struct({
  ...report,
  by: Schema.optionalKey(Schema.Literals(units)),
  tz: Schema.optionalKey(Schema.String),
  units: Schema.optionalKey(
    Schema.Array(Schema.Struct(report)).annotate({
      description:
        "The same figures for each unit, oldest first. The window may cut the first and the last unit short.",
    }),
  ),
})

type Shown = Omit<typeof Output.Type, "outages"> & { readonly outages: Iterable<typeof Outage.Type> }

/** Makes the items of a long list while they are printed. */
const lazily = function* <A, B>(
  items: readonly A[],
  make: (item: A, index: number) => B,
): Generator<B, undefined> {
  for (const [index, item] of items.entries()) yield make(item, index)
  return undefined
}

/** Only of checks that are asked. */
const timed = (known: unknown, times: ResponseTimes.ResponseTimes | undefined) =>
  known === undefined ? {} : { response_times: times === undefined ? null : responseTimes(times) }

const responseTimes = ({ count, failed, ...spans }: ResponseTimes.ResponseTimes) => ({
  count,
  failed,
  average: inSeconds(spans.average),
  p50: inSeconds(spans.p50),
  p95: inSeconds(spans.p95),
  longest: inSeconds(spans.longest),
})

/** A report as it is printed: its outages are made meanwhile, for there may be many. */
const shown = ({ from, to, outages, runs, isComplete, ...known }: Report): Shown => ({
  start: Format.preciseInstant(from),
  end: Format.preciseInstant(to),
  up: inSeconds(known.up),
  down: inSeconds(known.down),
  paused: inSeconds(known.paused),
  unknown: inSeconds(known.unknown),
  uptime: known.uptime ?? null,
  outages: lazily(outages, outage),
  runs: { ...runs, durations: runs.durations === undefined ? null : durations(runs.durations) },
  complete: isComplete,
})

const outage = ({ start, end, reason, duration, blind }: Report["outages"][number]): typeof Outage.Type => ({
  start: start === undefined ? null : Format.preciseInstant(start),
  end: end === undefined ? null : Format.preciseInstant(end),
  reason: reason ?? null,
  duration: inSeconds(duration),
  blind,
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
