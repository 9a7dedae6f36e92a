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

/** A series that has something to thin, and where. */
interface Series {
  readonly key: number
  readonly name: string
}

/** Thins what is old, and returns how many hours it deleted. */
export const run = Effect.fnUntraced(function* (
  database: Database,
  flavour: Flavour,
  { raw, minute, hour }: Expiry["samples"],
) {
  const bounds = [
    Bucket.startOf("minute", raw),
    Bucket.startOf("hour", minute),
    Bucket.startOf("hour", hour),
  ].map((at) => Math.max(0, at))
  const [rawFrom, minutesFrom, hoursFrom] = bounds
  yield* clear(database)
  yield* eachOld(database, "samples WHERE series_key = series.key", rawFrom!, (series) =>
    inParts(database, flavour, series, (connection) => thinSamples(connection, series, rawFrom!)),
  )
  yield* eachOld(database, "buckets WHERE series_key = series.key AND is_hour = 0", minutesFrom!, (series) =>
    inParts(database, flavour, series, (connection) => thinMinutes(connection, series, minutesFrom!)),
  )
  let gone = 0
  yield* eachOld(
    database,
    "buckets WHERE series_key = series.key AND is_hour = 1",
    hoursFrom!,
    Effect.fnUntraced(function* (series) {
      gone += yield* inParts(database, flavour, series, (connection) =>
        dropHours(connection, series, hoursFrom!),
      )
      yield* dropEmpty(database, series)
    }),
  )
  return gone
})

/** Does something for each series that has rows before an instant. */
const eachOld = (
  database: Database,
  old: string,
  before: Instant,
  use: (series: Series) => Effect.Effect<unknown, StoreError>,
) =>
  Walk.each(
    database,
    {
      selection: "SELECT key, name FROM series",
      conditions: [`check_key IS NOT NULL AND EXISTS (SELECT 1 FROM ${old} AND at < ?)`],
      parameters: [before],
      key: ["key"],
      atOnce: 256,
    },
    ([key, name]): Series => ({ key: Row.integer(key, "key"), name: Row.text(name, "name") }),
    ({ found }) => Effect.forEach(found, use, { discard: true }),
  )

/** Repeats a part of the work, each in a transaction, until one is done with less than it might; returns the rows of all. */
const inParts = Effect.fnUntraced(function* (
  database: Database,
  flavour: Flavour,
  { key }: Series,
  part: (connection: Connection) => Effect.Effect<number, StoreError>,
) {
  let all = 0
  while (true) {
    const done = yield* database.transaction(
      (connection) =>
        // Whoever thins the same series elsewhere would count the same rows.
        Effect.andThen(
          connection.query(`SELECT key FROM series WHERE key = ?${flavour.lock("series", true)}`, [[key]]),
          part(connection),
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
  yield* add(connection, series, 0, Bucket.widen("minute", minutes))
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
  yield* add(connection, series, 1, Bucket.widen("hour", found))
  yield* connection.execute(
    "DELETE FROM buckets WHERE series_key = ? AND is_hour = 0 AND at = ?",
    found.map(({ at }) => [series.key, at]),
  )
  return found.length
})

/** Adds buckets to those that there are; of late samples there is one already. */
const add = Effect.fnUntraced(function* (
  connection: Connection,
  { key, name }: Series,
  form: 0 | 1,
  buckets: readonly Bucket.Bucket[],
) {
  const known = yield* Row.query(
    connection,
    `SELECT ${Samples.columns} FROM buckets WHERE series_key = ? AND is_hour = ? AND at = ?`,
    buckets.map(({ at }) => [key, form, at]),
    Samples.readBucket(name),
  )
  const before = new Map(known.map((bucket) => [bucket.at, bucket]))
  yield* connection.execute(
    `INSERT INTO buckets (series_key, is_hour, ${Samples.columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (series_key, is_hour, at) DO UPDATE SET count = excluded.count, failures = excluded.failures,
      sum = excluded.sum, min = excluded.min, max = excluded.max, histogram = excluded.histogram`,
    buckets.map((bucket) => {
      const there = before.get(bucket.at)
      return [key, form, ...rowOf(there === undefined ? bucket : Bucket.merge(there, bucket))]
    }),
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

const dropHours = Effect.fnUntraced(function* (connection: Connection, { key }: Series, before: Instant) {
  const found = yield* connection.query(
    "SELECT series_key, at FROM buckets WHERE series_key = ? AND is_hour = 1 AND at < ? ORDER BY at LIMIT ?",
    [[key, before, atOnce]],
  )
  if (found.length > 0)
    yield* connection.execute("DELETE FROM buckets WHERE series_key = ? AND is_hour = 1 AND at = ?", found)
  return found.length
})

const dropEmpty = (database: Database, { key }: Series) =>
  database.execute(
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
