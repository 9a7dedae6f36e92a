/** The statistic of a heartbeat: what was expected, kept, missed and received in buckets of equal width. */
import type { Check } from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as InSlices from "@overdue/core/InSlices"
import { day, hour, type Instant, type Span } from "@overdue/core/Time"
import * as History from "@overdue/engine/queries/History"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { json } from "../../http/Http.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Heartbeat from "./Heartbeat.ts"
import * as Heartbeats from "./Heartbeats.ts"
import * as Subject from "./Subject.ts"
import * as Parameters from "./Parameters.ts"
import * as Windows from "./Windows.ts"

/** Widths of buckets, by their names. */
const widths = {
  "1h": hour,
  "3h": 3 * hour,
  "12h": 12 * hour,
  "1d": day,
  "3d": 3 * day,
  "7d": 7 * day,
  "30d": 30 * day,
} as const

/** The names of the widths. */
export const intervals = Object.keys(widths) as readonly (keyof typeof widths)[] // safe because those are its keys

const read = Parameters.reader(
  Schema.Struct({
    interval: Schema.optionalKey(
      Schema.Literals(intervals).annotate({ message: `must be one of ${intervals.join(", ")}` }),
    ),
    start_date: Schema.optionalKey(Parameters.instant),
    end_date: Schema.optionalKey(Parameters.instant),
  }).check(Parameters.inOrder),
)

/** Buckets of a statistic for which no dates are given. */
const usualBuckets = 30
/** The most buckets of one statistic, the newest: more than a month of hours. */
export const mostBuckets = 1_000

/** Steps of the count between which others have no turn: about a millisecond of work. */
const atOnce = 1_000

/** The dates that are asked for. */
interface Asked {
  readonly width: Span
  readonly from: Instant | undefined
  readonly to: Instant | undefined
}

/** Returns the buckets that overlap what is asked for and the life of a check, in multiples of the width since 1970. */
const bucketsOf = (asked: Asked, life: Interval): Windows.Buckets => {
  const { width } = asked
  const at = (instant: Instant): number => Math.floor(instant / width)
  const to = asked.to ?? life.to
  const wanted = asked.from === undefined ? at(to) - usualBuckets + 1 : at(asked.from)
  const last = Math.min(at(to), at(life.to))
  const first = Math.max(wanted, at(life.from), last - mostBuckets + 1)
  return { from: first * width, width, count: Math.max(0, last - first + 1) }
}

const countsOf = Effect.fnUntraced(function* (check: Check, buckets: Windows.Buckets) {
  const { flips, pings, now } = yield* History.ofCheck(check)
  const interval = Heartbeat.intervalOf(check, now)
  // A schedule that has ended expects nothing.
  const counting = Windows.count({ check, flips, pings, now }, interval ?? Infinity, buckets)
  return yield* InSlices.run(counting, atOnce)
})

const Bucket = Schema.Struct({
  received_at: Shapes.instant.annotate({ description: "When the bucket begins." }),
  tick_count: Shapes.count.annotate({ description: "Intervals that were expected." }),
  run_count: Shapes.count.annotate({ description: "Events that were received, of those in the log." }),
  fail_count: Shapes.count.annotate({ description: "Intervals that were missed." }),
  complete_count: Shapes.count.annotate({ description: "Intervals that were kept." }),
})

/** A statistic as answers have it. */
export const Output = Schema.Struct({ interval: Schema.Literals(intervals), data: Schema.Array(Bucket) })

/** Answers with the statistic of a heartbeat, oldest bucket first. */
export const get = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Heartbeats.subject(request)
  const { interval = "1d", start_date: from, end_date: to } = yield* read(request.query)
  const { now } = yield* Subject.presently
  const buckets = bucketsOf({ width: widths[interval], from, to }, { from: check.createdAt, to: now })
  const counts = buckets.count === 0 ? [] : yield* countsOf(check, buckets)
  return json(200, {
    interval,
    data: counts.map(({ ended, kept, events }, index): typeof Bucket.Type => ({
      received_at: Answers.instant(buckets.from + index * buckets.width),
      tick_count: ended,
      run_count: events,
      fail_count: ended - kept,
      complete_count: kept,
    })),
  })
})
