/** The statistic of an uptime monitor: how many rounds there were in buckets of time, and how long answers took. */
import type { Check } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Probe from "@overdue/core/Probe"
import * as Rounds from "@overdue/core/probe/Rounds"
import { day, type Instant } from "@overdue/core/Time"
import * as Pings from "@overdue/engine/queries/Pings"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { json } from "../../http/Http.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Fields from "../../rest/Fields.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Parameters from "./Parameters.ts"
import * as Resources from "./Resources.ts"
import * as Subject from "./Subject.ts"

/** The widths of buckets. */
export const intervals = ["minute", "hour", "day", "week", "month"] as const

type Interval = (typeof intervals)[number]

const readQuery = Parameters.reader(
  Schema.Struct({
    interval: Schema.optionalKey(
      Schema.Literals(intervals).annotate({ message: `must be one of ${intervals.join(", ")}` }),
    ),
    limit: Schema.optionalKey(Fields.integer(1, Limits.mostListed)),
    start_date: Schema.optionalKey(Parameters.instant),
    end_date: Schema.optionalKey(Parameters.instant),
  }).check(Parameters.inOrder),
)

const usual = 100

const milliseconds = Schema.NullOr(Schema.Number.annotate({ description: "Milliseconds." }))

const Bucket = Schema.Struct({
  received_at: Shapes.instant.annotate({ description: "When the bucket begins." }),
  check_count: Shapes.count.annotate({ description: "Rounds." }),
  fail_count: Shapes.count.annotate({ description: "Rounds that failed." }),
  uptime: Schema.Number.annotate({ description: "Percentage of rounds that did not fail." }),
  response_time_avg: milliseconds,
  response_time_min: milliseconds,
  response_time_max: milliseconds,
})

/** A statistic as answers have it. */
export const Output = Schema.Struct({ interval: Schema.Literals(intervals), data: Schema.Array(Bucket) })

/** Returns when the bucket begins that an instant is in: weeks on Mondays, months on their first day, in UTC. */
const bucketOf = (at: Instant, interval: Interval): Instant => {
  const date = new Date(at)
  const [year, month, of] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  switch (interval) {
    case "minute":
      return at - (at % 60_000)
    case "hour":
      return at - (at % 3_600_000)
    case "day":
      return Date.UTC(year, month, of)
    case "week":
      return Date.UTC(year, month, of - ((date.getUTCDay() + 6) % 7))
    case "month":
      return Date.UTC(year, month, 1)
  }
}

interface Told {
  readonly at: Instant
  readonly isBad: boolean
  readonly took: number
}

/** Pings that are read at once. */
const atOnce = 500

const roundsOf = Effect.fnUntraced(function* (check: Check, from: Instant, to: Instant) {
  const found: Told[] = []
  for (let before = check.state.pings + 1; before > 1;) {
    const page = yield* Pings.page(check, { limit: atOnce, before })
    for (const ping of page) {
      const results = Rounds.ofPing(ping)?.results
      const told = results && Probe.telling(results)
      if (results === undefined || told === undefined || ping.at < from || ping.at > to) continue
      found.push({ at: ping.at, isBad: Probe.isBad(results), took: told.timings.whole })
    }
    before = page.at(-1)?.n ?? 1
    yield* Effect.yieldNow
  }
  return found
})

const rounded = (value: number): number => Math.round(value * 100) / 100

const show = (begins: Instant, rounds: readonly Told[]): typeof Bucket.Type => {
  const took = rounds.map(({ took }) => took)
  const failed = rounds.filter(({ isBad }) => isBad).length
  return {
    received_at: Answers.instant(begins),
    check_count: rounds.length,
    fail_count: failed,
    uptime: rounded((100 * (rounds.length - failed)) / rounds.length),
    response_time_avg: rounded(took.reduce((sum, one) => sum + one, 0) / took.length),
    response_time_min: Math.min(...took),
    response_time_max: Math.max(...took),
  }
}

/** Answers with the statistic of an uptime monitor, oldest bucket first, the newest that there is room for. */
export const get = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const { interval = "hour", limit = usual, start_date, end_date } = yield* readQuery(request.query)
  const { now } = yield* Subject.presently
  const to = end_date ?? now
  const rounds = yield* roundsOf(check, start_date ?? to - day, to)
  const buckets = Map.groupBy(rounds, ({ at }) => bucketOf(at, interval))
  const ordered = [...buckets].toSorted(([a], [b]) => a - b).slice(-limit)
  return json(200, { interval, data: ordered.map(([begins, those]) => show(begins, those)) })
})
