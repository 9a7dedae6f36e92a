/** The metrics of a server as charts need them: raw, or as buckets. */
import type { Check } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import * as Bucket from "@overdue/core/sample/Bucket"
import { day, hour, type Instant } from "@overdue/core/Time"
import * as Pings from "@overdue/engine/queries/Pings"
import * as Samples from "@overdue/engine/queries/Samples"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as LongJson from "../../http/LongJson.ts"
import type { Request } from "../../rest/Endpoint.ts"
import * as Shapes from "../../rest/Shapes.ts"
import * as Answers from "./Answers.ts"
import * as Parameters from "./Parameters.ts"
import * as Metric from "./ServerMetric.ts"
import * as ServerResources from "./ServerResources.ts"

/** Widths of buckets; `on-demand`: as it was reported. */
export const intervals = ["on-demand", "minute", "hour", "day"] as const

/** Numbers of one answer: of types with many disks or interfaces there are fewer instants. */
const mostNumbers = 100_000

const read = Parameters.reader(
  Schema.Struct({
    type: Schema.Literals(Metric.types).annotate({ message: `must be one of ${Metric.types.join(", ")}` }),
    interval: Schema.optionalKey(
      Schema.Literals(intervals).annotate({ message: `must be one of ${intervals.join(", ")}` }),
    ),
    ...Parameters.range,
  }).check(Parameters.inOrder),
)

const Row = Schema.Struct({
  received_at: Shapes.instant.annotate({ description: "When it was measured, or when the bucket begins." }),
  value: Metric.Value,
  min: Schema.optionalKey(Metric.Value),
  max: Schema.optionalKey(Metric.Value),
  count: Schema.optionalKey(Shapes.count.annotate({ description: "How many values are in the bucket." })),
})

/** Metrics as answers have them. */
export const Output = Schema.Struct({
  type: Schema.Literals(Metric.types),
  interval: Schema.Literals(intervals),
  data: Schema.Array(Row),
})

type Shown = typeof Row.Type

/** Answers with the metrics of a type, oldest first. */
export const get = Effect.fnUntraced(function* (request: Request) {
  const check = yield* ServerResources.subject(request)
  const { type, interval = "on-demand", limit = Parameters.usualLimit, ...dates } = yield* read(request.query)
  const now = yield* SteadyClock.now
  // A date is the last instant of the range.
  const to = (dates.end_date ?? now + Limits.sampleAhead) + 1
  const from = dates.start_date ?? (dates.end_date ?? now) - (interval === "on-demand" ? hour : day)
  const rows =
    type === "processes-unified"
      ? yield* processesOf(check, dates)
      : yield* rowsOf(check, { type, interval, from, to, limit })
  return yield* LongJson.answer({ type, interval, data: yield* LongJson.list(rows, (row) => row) })
})

/** What is asked for. */
interface Asked {
  readonly type: Metric.Type
  readonly interval: (typeof intervals)[number]
  readonly from: Instant
  readonly to: Instant
  readonly limit: number
}

/** What was measured at an instant, or in a bucket, by series. */
type Measured = Map<Instant, Map<string, Bucket.Bucket>>

const rowsOf = Effect.fnUntraced(function* (check: Check, { type, interval, from, to, limit: most }: Asked) {
  const names = Metric.seriesOf(type, yield* Samples.series(check))
  const limit = Math.min(most, Math.max(1, Math.floor(mostNumbers / Math.max(1, names.length))))
  const measured: Measured = new Map()
  for (const series of names) {
    const query = { series, from, to, limit }
    const found =
      interval === "on-demand"
        ? (yield* Samples.raw(check, query)).map((sample) => ({
            ...Bucket.ofSample("minute", sample),
            at: sample.at,
          }))
        : yield* Samples.buckets(check, { ...query, width: interval })
    for (const bucket of found) {
      const others = measured.get(bucket.at)
      if (others === undefined) measured.set(bucket.at, new Map([[series, bucket]]))
      else others.set(series, bucket)
    }
    yield* Effect.yieldNow
  }
  const newest = [...measured].sort(([a], [b]) => a - b).slice(-limit)
  return newest.map(([at, buckets]): Shown => {
    const valueOf = (number: (bucket: Bucket.Bucket) => number) =>
      Metric.join(type, new Map(Array.from(buckets, ([series, bucket]) => [series, number(bucket)])))
    return {
      received_at: Answers.instant(at),
      value: valueOf(Bucket.mean),
      ...(interval !== "on-demand" && {
        min: valueOf(({ min }) => min),
        max: valueOf(({ max }) => max),
        count: Math.max(...Array.from(buckets.values(), ({ count }) => count)),
      }),
    }
  })
})

/** The dates that are asked for. */
interface Dates {
  readonly start_date?: Instant
  readonly end_date?: Instant
}

/** Returns the processes that were reported last in a range: with their ping, of which nothing is added up. */
const processesOf = (check: Check, { start_date: from = -Infinity, end_date: to = Infinity }: Dates) =>
  Pings.newest(check, 1, ({ kind, extension }): readonly Shown[] => {
    const own = extension?.["pinghome"] as // safe because its parts are looked at
      { readonly measuredAt?: Instant; readonly processes?: readonly Metric.Process[] } | undefined
    if (kind === "ignored" || own?.measuredAt === undefined || own.processes === undefined) return []
    const isWithin = from <= own.measuredAt && own.measuredAt <= to
    return isWithin ? [{ received_at: Answers.instant(own.measuredAt), value: own.processes }] : []
  })
