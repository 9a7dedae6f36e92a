/**
 * The statements about samples. They are written once, as they came, and thinned later (`Thinning`): each is in one form at
 * any time, and a bucket is read from all of them.
 *
 * To add each also to its minute and its hour when it comes would make those ready to read, and was measured: of 100 servers
 * with 10 series, 53 µs a sample in place of 15, since every row is in a page of its own, and up to 104 ms for 25 reports.
 * Thinned together, those of a series cost 3 µs each. Rows in the order of their key take 28 bytes, others 47.
 */
import * as Limits from "@overdue/core/Limits"
import * as Bucket from "@overdue/core/sample/Bucket"
import * as Histogram from "@overdue/core/sample/Histogram"
import * as Sample from "@overdue/core/Sample"
import { StoreError } from "@overdue/core/Store"
import { day, hour, minute, type Instant, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Transaction } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as HistogramBytes from "../HistogramBytes.ts"
import * as RecordName from "../RecordName.ts"
import * as Keys from "../Keys.ts"
import * as Many from "../Many.ts"
import * as Row from "../Row.ts"

/** A report of a check whose row has a key. */
export interface Owned {
  readonly key: number
  readonly report: Sample.Report
}

/** Writes reports, in a transaction. Fails with reason `constraint` when a sample cannot be kept. */
export const insert = Effect.fnUntraced(function* (
  connection: Transaction,
  flavour: Flavour,
  reports: readonly Owned[],
) {
  for (const { report } of reports) {
    const wrong = report.samples.map(Sample.objection).find((sentence) => sentence !== undefined)
    if (wrong !== undefined) return yield* unfit(report.check, wrong)
  }
  const series = yield* seriesOf(connection, flavour, reports)
  const rows = reports.flatMap(({ key, report }) =>
    report.samples.flatMap(({ series: name, at, value, isFailure }): readonly Values[] => {
      const own = series.get(seriesText(key, name))
      return own === undefined ? [] : [[own, at, value, isFailure === true ? 1 : 0]]
    }),
  )
  // What is there already is what came before, and counts.
  if (rows.length > 0) yield* connection.send(insertion, rows)
})

const insertion = Many.insert(
  "samples",
  { series_key: "integer", at: "integer", value: "number", is_failure: "integer" },
  "ON CONFLICT DO NOTHING",
)

const unfit = (check: string, wrong: string): StoreError =>
  new StoreError({
    reason: "constraint",
    detail: `This contradicts what is stored: a sample of ${RecordName.check(check)} ${wrong}.`,
  })

const naming: Many.Many = {
  one: "SELECT key, check_key, name FROM series WHERE check_key = ? AND name = ?",
  all: `SELECT s.key, s.check_key, s.name FROM ${Many.rows(["integer", "text"])} AS given (check_key, name)
    JOIN series s ON s.check_key = given.check_key AND s.name = given.name`,
}

/** Names a series of a check. */
const seriesText = (check: number, name: string): string => `${check} ${name}`

/** Returns the keys of the series of reports, by `seriesText`; those that are new are made, as many as a check may have. */
const seriesOf = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  reports: readonly Owned[],
) {
  const named = new Map<string, readonly [check: number, name: string]>()
  for (const { key, report } of reports)
    for (const { series } of report.samples) named.set(seriesText(key, series), [key, series])
  const known = new Map(
    yield* Row.query(
      connection,
      naming,
      [...named.values()],
      ([key, check, name]): readonly [string, number] => [
        seriesText(Row.integer(check, "check_key"), Row.text(name, "name")),
        Row.integer(key, "key"),
      ],
    ),
  )
  const missing = [...named].flatMap(([text, pair]) => (known.has(text) ? [] : [pair]))
  if (missing.length === 0) return known
  const counts = new Map(
    yield* Row.query(
      connection,
      "SELECT check_key, count(*) FROM series WHERE check_key = ? GROUP BY check_key",
      [...new Set(missing.map(([check]) => check))].map((check) => [check]),
      ([check, count]): readonly [number, number] => [
        Row.integer(check, "check_key"),
        Row.count(count, "count"),
      ],
    ),
  )
  const made = missing.filter(([check]) => {
    const count = counts.get(check) ?? 0
    counts.set(check, count + 1)
    return count < Limits.series
  })
  if (made.length === 0) return known
  const keys = yield* Keys.next(connection, flavour, "series", made.length)
  yield* connection.execute(
    "INSERT INTO series (key, check_key, name) VALUES (?, ?, ?)",
    made.map(([check, name], index) => [keys[index]!, check, name]),
  )
  for (const [index, [check, name]] of made.entries()) known.set(seriesText(check, name), keys[index]!)
  return known
})

/** Returns the names of the series of a check. */
export const series = (connection: Connection, check: string) =>
  Effect.map(
    Row.query(
      connection,
      "SELECT s.name FROM checks c JOIN series s ON s.check_key = c.key WHERE c.id = ?",
      [[check]],
      ([name]) => Row.text(name, "name"),
    ),
    (names) => names.toSorted(),
  )

const keyOf = (connection: Connection, check: string, name: string) =>
  Row.first(
    connection,
    "SELECT s.key FROM checks c JOIN series s ON s.check_key = c.key WHERE c.id = ? AND s.name = ?",
    [check, name],
    ([key]) => Row.integer(key, "key"),
  )

/** Returns what reads a number of a row. */
const finite = (value: Values[number] | undefined, column: string): number => {
  const found = Row.number(value, column)
  return Number.isFinite(found) ? found : Row.unreadable(column, "a number is not finite")
}

/** Returns what reads a row of a sample of a series. */
export const readSample =
  (name: string) =>
  ([at, value, isFailure]: Values): Sample.Sample => ({
    series: name,
    at: Row.instant(at, "at"),
    value: finite(value, "value"),
    ...(Row.flag(isFailure, "is_failure") && { isFailure: true }),
  })

/** Returns the newest samples of a series in a range, oldest first. */
export const newest = Effect.fnUntraced(function* (
  connection: Connection,
  check: string,
  { series, from, to, limit }: Sample.Query,
) {
  const key = yield* keyOf(connection, check, series)
  if (key === undefined) return []
  const found = yield* Row.query(
    connection,
    "SELECT at, value, is_failure FROM samples WHERE series_key = ? AND at >= ? AND at < ? ORDER BY at DESC LIMIT ?",
    [[key, within(from), within(to), limit]],
    readSample(series),
  )
  return found.toReversed()
})

/** Bounds that no instant lies beyond, which databases can compare. */
const within = (at: Instant): Instant => Math.min(Row.last + 1, Math.max(0, Math.ceil(at)))

/** The columns that `readBucket` reads, of buckets. */
export const columns = "at, count, failures, sum, min, max, histogram"

/** Returns what reads a row of a bucket of a series. */
export const readBucket =
  (name: string) =>
  ([at, count, failures, sum, min, max, histogram]: Values): Bucket.Bucket => {
    const total = finite(sum, "sum")
    return {
      at: Row.instant(at, "at"),
      count: Row.count(count, "count"),
      failures: Row.count(failures, "failures"),
      sum: total,
      min: Row.optional(finite, min, "min") ?? total,
      max: Row.optional(finite, max, "max") ?? total,
      ...(Sample.hasHistogram(name) && { histogram: histogramOf(histogram, total) }),
    }
  }

const histogramOf = (bytes: Values[number] | undefined, only: number): Histogram.Histogram =>
  bytes === null ? Histogram.of(only) : HistogramBytes.decode(Row.bytes(bytes, "histogram"), "histogram")

/** What one statement reads at most: a day of rows, of which the shortest rounds make nine thousand. */
const portion: Span = day

const widths = { minute, hour } as const

/** Returns the newest buckets of a series that begin in a range, oldest first. */
export const buckets = Effect.fnUntraced(function* (
  connection: Connection,
  check: string,
  { series, from, to, limit, width }: Bucket.Query,
) {
  const key = yield* keyOf(connection, check, series)
  if (key === undefined) return []
  const step = widths[width]
  const whole = (at: Instant): Instant => Math.ceil(within(at) / step) * step
  const first = whole(from)
  let end = whole(to)
  const found: Bucket.Bucket[] = []
  while (found.length < limit) {
    const last = yield* lastBefore(connection, key, width, end)
    if (last === undefined || last < first) break
    const start = Math.max(first, Math.floor(last / portion) * portion)
    const some = Sample.hasHistogram(series)
      ? yield* listed(connection, { key, series, width, start, end })
      : yield* grouped(connection, { key, series, width, start, end })
    found.push(...some.toReversed())
    end = start
    yield* Effect.yieldNow
  }
  return found.slice(0, limit).toReversed()
})

/** Which buckets are read together. */
interface Portion {
  readonly key: number
  readonly series: string
  readonly width: keyof typeof widths
  readonly start: Instant
  readonly end: Instant
}

/** Returns the last instant before another at which something begins. */
const lastBefore = (connection: Connection, key: number, width: keyof typeof widths, end: Instant) => {
  const forms = width === "hour" ? [0, 1] : [0]
  const ofForms = forms.map(
    (form) => `SELECT max(at) AS at FROM buckets WHERE series_key = ? AND is_hour = ${form} AND at < ?`,
  )
  const all = ["SELECT max(at) AS at FROM samples WHERE series_key = ? AND at < ?", ...ofForms]
  return Row.first(
    connection,
    `SELECT max(at) FROM (${all.join(" UNION ALL ")}) AS ends`,
    all.flatMap(() => [key, end]),
    ([at]) => Row.optional(Row.instant, at, "at"),
  )
}

/** Everything in a portion, as rows of buckets: samples, minutes, and for hours those that are thinned to hours. */
const selections = (width: keyof typeof widths, at: string): readonly string[] => [
  `SELECT ${at} AS at, 1 AS count, is_failure AS failures, value AS sum, value AS min, value AS max
    FROM samples WHERE series_key = ? AND at >= ? AND at < ?`,
  ...(width === "hour" ? [0, 1] : [0]).map(
    (form) => `SELECT ${at}, count, failures, sum, coalesce(min, sum), coalesce(max, sum)
    FROM buckets WHERE series_key = ? AND is_hour = ${form} AND at >= ? AND at < ?`,
  ),
]

/** Adds up in the database: ten thousand rows take a few milliseconds there. */
const grouped = (connection: Connection, { key, series, width, start, end }: Portion) => {
  const all = selections(width, `at - at % ${widths[width]}`)
  return Row.query(
    connection,
    `SELECT at, CAST(sum(count) AS bigint), CAST(sum(failures) AS bigint), sum(sum), min(min), max(max), NULL
    FROM (${all.join(" UNION ALL ")}) AS parts GROUP BY at ORDER BY at`,
    [all.flatMap(() => [key, start, end])],
    readBucket(series),
  )
}

/** Adds up here, since databases know nothing of histograms. */
const listed = Effect.fnUntraced(function* (connection: Connection, portion: Portion) {
  const { key, series, width, start, end } = portion
  const range: Values = [key, start, end]
  const forms = width === "hour" ? [0, 1] : [0]
  // One statement: in between, samples may be thinned.
  const rows = yield* Row.query(
    connection,
    `SELECT at, 1 AS count, is_failure AS failures, value AS sum, NULL AS min, NULL AS max, NULL AS histogram
      FROM samples WHERE series_key = ? AND at >= ? AND at < ?
    ${forms
      .map(
        (form) =>
          `UNION ALL SELECT ${columns} FROM buckets WHERE series_key = ? AND is_hour = ${form} AND at >= ? AND at < ?`,
      )
      .join(" ")}`,
    [[range, ...forms.map(() => range)].flat()],
    readBucket(series),
  )
  return Bucket.widen(width, rows)
})
