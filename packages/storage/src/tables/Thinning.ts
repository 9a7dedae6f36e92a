/**
 * Thins samples: those that are old become minutes, old minutes become hours, and old hours are deleted; and what a deleted
 * check has left goes. Always a few rows of one series in a transaction, at most some milliseconds of work.
 */
import * as Bucket from "@overdue/core/sample/Bucket"
import type { Expiry } from "@overdue/core/Expiry"
import type { Instant } from "@overdue/core/Time"
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as HistogramBytes from "../HistogramBytes.ts"
import * as Row from "../Row.ts"
import * as Walk from "../Walk.ts"
import * as InGroups from "./InGroups.ts"
import * as Samples from "./Samples.ts"

/** Rows of one series that are thinned, or deleted, in one transaction: in SQLite a millisecond or two of work. */
const atOnce = 200

/** A series that has something to thin. */
interface Series {
  readonly key: number
  /** Key of its project. */
  readonly project: number
  readonly name: string
}

/** What becomes of the old rows of a form. */
interface Work {
  /** The rows, as the source of a statement. */
  readonly rows: string
  readonly before: Instant
  /** Does at most `atOnce` of them, the oldest, in a transaction, and returns how many. */
  readonly part: (
    connection: Connection,
    series: Series,
    before: Instant,
  ) => Effect.Effect<number, StoreError>
}

/** Thins what is old, and returns how many hours it deleted. */
export const run = Effect.fnUntraced(function* (
  database: Database,
  flavour: Flavour,
  { raw, minute, hour }: Expiry["samples"],
) {
  const done = (width: "minute" | "hour", before: Instant, work: Omit<Work, "before">) =>
    inSeries(database, flavour, { ...work, before: Math.max(0, Bucket.startOf(width, before)) })
  const buckets = "buckets WHERE series_key = series.key AND is_hour ="
  yield* clear(database)
  yield* done("minute", raw, { rows: "samples WHERE series_key = series.key", part: thinSamples })
  yield* done("hour", minute, { rows: `${buckets} 0`, part: thinMinutes })
  return yield* done("hour", hour, { rows: `${buckets} 1`, part: dropHours })
})

/** Does the work for each series that has such rows, and returns how many it were. */
const inSeries = Effect.fnUntraced(function* (database: Database, flavour: Flavour, work: Work) {
  let all = 0
  yield* Walk.each(
    database,
    {
      selection: "SELECT key, name, project FROM series",
      conditions: [`check_key IS NOT NULL AND EXISTS (SELECT 1 FROM ${work.rows} AND at < ?)`],
      parameters: [work.before],
      key: ["key"],
      atOnce: 256,
    },
    ([key, name, project]): Series => ({
      key: Row.integer(key, "key"),
      project: Row.integer(project, "project"),
      name: Row.text(name, "name"),
    }),
    Effect.fnUntraced(function* ({ found }) {
      for (const series of found) all += yield* inParts(database, flavour, series, work)
    }),
  )
  return all
})

/** Repeats a part of the work, each in a transaction, until one is done with less than it might; returns the rows of all. */
const inParts = Effect.fnUntraced(function* (
  database: Database,
  flavour: Flavour,
  series: Series,
  { part, before }: Work,
) {
  let all = 0
  while (true) {
    const done = yield* database.transaction(
      (connection) =>
        // Whoever thins the same series elsewhere would count the same rows.
        Effect.andThen(
          connection.query(`SELECT key FROM series WHERE key = ?${flavour.lock("series", true)}`, [
            [series.key],
          ]),
          part(connection, series, before),
        ),
      InGroups.durability,
    )
    yield* Effect.yieldNow
    all += done
    if (done < atOnce) return all
  }
})

/** Deletes by whole keys: what has come in between in a late report stays. */
const thinSamples = Effect.fnUntraced(function* (connection: Connection, series: Series, before: Instant) {
  const found = yield* Row.query(
    connection,
    "SELECT at, value, is_failure FROM samples WHERE series_key = ? AND at < ? ORDER BY at LIMIT ?",
    [[series.key, before, atOnce]],
    Samples.readSample(series.name),
  )
  if (found.length === 0) return 0
  const minutes = found.map((sample) => Bucket.ofSample("minute", sample))
  yield* add(connection, series, "minute", minutes)
  yield* connection.execute(
    "DELETE FROM samples WHERE series_key = ? AND at = ?",
    found.map(({ at }) => [series.key, at]),
  )
  return found.length
})

const thinMinutes = Effect.fnUntraced(function* (connection: Connection, series: Series, before: Instant) {
  const found = yield* Row.query(
    connection,
    `SELECT ${Samples.columns} FROM buckets WHERE series_key = ? AND is_hour = 0 AND at < ? ORDER BY at LIMIT ?`,
    [[series.key, before, atOnce]],
    Samples.readBucket(series.name),
  )
  if (found.length === 0) return 0
  yield* add(connection, series, "hour", found)
  yield* connection.execute(
    "DELETE FROM buckets WHERE series_key = ? AND is_hour = 0 AND at = ?",
    found.map(({ at }) => [series.key, at]),
  )
  return found.length
})

/** Adds to the buckets of a width what is to be in them; of late samples there is one already. */
const add = Effect.fnUntraced(function* (
  connection: Connection,
  { key, name, project }: Series,
  width: "minute" | "hour",
  more: readonly Bucket.Bucket[],
) {
  const form = width === "hour" ? 1 : 0
  const starts = new Set(more.map(({ at }) => Bucket.startOf(width, at)))
  const known = yield* Row.query(
    connection,
    `SELECT ${Samples.columns} FROM buckets WHERE series_key = ? AND is_hour = ? AND at = ?`,
    [...starts].map((at) => [key, form, at]),
    Samples.readBucket(name),
  )
  yield* connection.execute(
    `INSERT INTO buckets (project, series_key, is_hour, ${Samples.columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (series_key, is_hour, at) DO UPDATE SET count = excluded.count, failures = excluded.failures,
      sum = excluded.sum, min = excluded.min, max = excluded.max, histogram = excluded.histogram`,
    Bucket.widen(width, [...known, ...more]).map((bucket) => [project, key, form, ...rowOf(bucket)]),
  )
})

const rowOf = ({ at, count, failures, sum, min, max, histogram }: Bucket.Bucket): Values => {
  const isSingle = count === 1
  return [
    at,
    count,
    failures,
    sum,
    isSingle ? null : min,
    isSingle ? null : max,
    isSingle || histogram === undefined ? null : HistogramBytes.encode(histogram),
  ]
}

/** Deletes hours, and with the last of all that it has a series. */
const dropHours = Effect.fnUntraced(function* (connection: Connection, { key }: Series, before: Instant) {
  const found = yield* connection.query(
    "SELECT series_key, at FROM buckets WHERE series_key = ? AND is_hour = 1 AND at < ? ORDER BY at LIMIT ?",
    [[key, before, atOnce]],
  )
  if (found.length > 0)
    yield* connection.execute("DELETE FROM buckets WHERE series_key = ? AND is_hour = 1 AND at = ?", found)
  if (found.length < atOnce) yield* dropEmpty(connection, key)
  return found.length
})

const dropEmpty = (connection: Connection, key: number) =>
  connection.execute(
    `DELETE FROM series WHERE key = ? AND NOT EXISTS (SELECT 1 FROM samples WHERE series_key = series.key)
      AND NOT EXISTS (SELECT 1 FROM buckets WHERE series_key = series.key)`,
    [[key]],
  )

/** Deletes what checks have left that are deleted. */
export const clear = Effect.fnUntraced(function* (database: Database) {
  yield* Walk.each(
    database,
    {
      selection: "SELECT key FROM series",
      conditions: ["check_key IS NULL"],
      key: ["key"],
      atOnce: 256,
    },
    ([key]) => Row.integer(key, "key"),
    ({ found }) =>
      Effect.forEach(
        found,
        Effect.fnUntraced(function* (key) {
          yield* remove(database, ["samples", "at"], key)
          yield* remove(database, ["buckets", "is_hour", "at"], key)
          yield* database.execute("DELETE FROM series WHERE key = ?", [[key]])
        }),
        { discard: true },
      ),
  )
})

/** Deletes all rows of a series in a table. */
const remove = Effect.fnUntraced(function* (
  database: Database,
  [table, ...columns]: readonly [table: string, ...columns: readonly string[]],
  key: number,
) {
  yield* Walk.each(
    database,
    {
      selection: `SELECT ${columns.join(", ")}, series_key FROM ${table}`,
      conditions: ["series_key = ?"],
      parameters: [key],
      key: columns,
      atOnce,
    },
    (row) => row,
    ({ found }) =>
      InGroups.run(database, [
        `DELETE FROM ${table} WHERE ${columns.map((column) => `${column} = ?`).join(" AND ")} AND series_key = ?`,
        found,
      ]),
  )
})
