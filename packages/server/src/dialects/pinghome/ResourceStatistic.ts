/** The statistic of an uptime monitor: how many rounds there were in buckets of time, and how long answers took. */
import * as Sample from "@overdue/core/Sample"
import * as Buckets from "@overdue/core/sample/Bucket"
import { day } from "@overdue/core/Time"
import * as Samples from "@overdue/engine/queries/Samples"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as LongJson from "../../http/LongJson.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Parameters from "./Parameters.ts"
import * as Resources from "./Resources.ts"
import * as Subject from "./Subject.ts"

/** The widths of buckets. */
export const intervals = ["minute", "hour", "day", "week", "month"] as const

const readQuery = Parameters.reader(
  Schema.Struct({
    interval: Schema.optionalKey(
      Schema.Literals(intervals).annotate({ message: `must be one of ${intervals.join(", ")}` }),
    ),
    ...Parameters.range,
  }).check(Parameters.inOrder),
)

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

const rounded = (value: number): number => Math.round(value * 100) / 100

const show = (bucket: Buckets.Bucket): typeof Bucket.Type => {
  const { at, count, failures, min, max } = bucket
  return {
    received_at: Answers.instant(at),
    check_count: count,
    fail_count: failures,
    uptime: rounded((100 * (count - failures)) / count),
    response_time_avg: rounded(Buckets.mean(bucket)),
    response_time_min: min,
    response_time_max: max,
  }
}

/** Answers with the statistic of an uptime monitor, oldest bucket first, the newest that there is room for. */
export const get = Effect.fnUntraced(function* (request: Request) {
  const check = yield* Resources.subject(request)
  const {
    interval: width = "hour",
    limit = Parameters.usualLimit,
    start_date,
    end_date,
  } = yield* readQuery(request.query)
  const { now } = yield* Subject.presently
  // The end is meant to be shown as well.
  const to = end_date === undefined ? now + 1 : end_date + 1
  const query = { series: Sample.responseTime, from: start_date ?? to - day, to, limit, width }
  const data = yield* LongJson.list(yield* Samples.buckets(check, query), show)
  return yield* LongJson.answer({ interval: width, data })
})
