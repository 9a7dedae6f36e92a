/**
 * Makes the rows of a database those of a dump, chunk by chunk, whatever they were before: what is the same already is left
 * alone, so that a load which was cut off goes on, and one that is repeated writes what is new.
 */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row } from "../Connection.ts"
import * as Catalogue from "./Catalogue.ts"
import * as Limits from "./Limits.ts"
import * as Lines from "./Lines.ts"
import * as Mark from "./Mark.ts"
import * as Pages from "./Pages.ts"
import type { Chunk } from "./Reader.ts"
import * as RowText from "./RowText.ts"
import * as TableSql from "./TableSql.ts"

/** The database that is loaded, and the mark of the load. */
export interface Target {
  readonly database: Database
  readonly id: string
}

/** Makes the rows of a chunk's keys those of the chunk. Returns how many rows it wrote, which is none or all of them. */
export const chunk = Effect.fnUntraced(function* ({ database, id }: Target, given: Chunk) {
  const found = yield* weigh(database, given)
  if (yield* isSame(database, given, found)) return 0
  const rows = yield* rowsOf(given)
  const write = (isContradicted: boolean) =>
    database.transaction(
      Effect.fnUntraced(function* (connection) {
        yield* Mark.expectOwn(connection, id)
        if (found.count > 0) yield* removeOthers(connection, given, rows)
        if (isContradicted) yield* removeContradictions(connection, given.table, rows)
        yield* connection.execute(TableSql.writing(given.table), rows)
      }),
      "with the next",
    )
  const contradicts = ({ reason }: StoreError): boolean => reason === "constraint"
  yield* write(false).pipe(
    // What is still to be compared may stand in the way of a row, such as a ping key that another project had.
    Effect.catchIf(contradicts, () => write(true)),
    Effect.mapError((error) =>
      error.reason === "constraint" || error.reason === "failed" ? unwritable(given, error) : error,
    ),
  )
  return rows.length
})

/** Deletes the rows of a table whose keys are above one, some at a time: the dump has none of them. */
export const end = Effect.fnUntraced(function* (
  { database, id }: Target,
  table: Catalogue.Table,
  after: Row | undefined,
) {
  const condition = TableSql.within(table, { after })
  while (true) {
    const found = yield* database.query(TableSql.keys(table, condition, Limits.rows), [condition.parameters])
    const last = found.at(-1)?.slice(0, -1)
    if (last === undefined) return
    yield* database.transaction(
      (connection) =>
        Effect.andThen(
          Mark.expectOwn(connection, id),
          remove(connection, table, TableSql.within(table, { after, to: last })),
        ),
      "with the next",
    )
  }
})

/** Deletes all rows, those first that refer to others: a statement that took others with it could take too long. */
export const clear = (target: Target): Effect.Effect<void, StoreError> =>
  Effect.forEach(Catalogue.tables().toReversed(), (table) => end(target, table, undefined), { discard: true })

interface Weight {
  readonly count: number
  readonly bytes: number
}

/** Weighs what is there, as far as it tells whether that may be the same. */
const weigh = (database: Database, { table, after, to, lines }: Chunk): Effect.Effect<Weight, StoreError> => {
  const condition = TableSql.within(table, { after, to })
  return Effect.map(
    database.query(TableSql.weighing(table, condition, lines.length + 1), [condition.parameters]),
    ([[count, bytes] = [0, 0]]) => ({ count: Number(count), bytes: Number(bytes) }),
  )
}

/** Reads the rows only when they are as many as those of the chunk, and not larger than their texts: so they are few. */
const isSame = Effect.fnUntraced(function* (database: Database, given: Chunk, found: Weight) {
  if (found.count !== given.lines.length || found.bytes > given.bytes) return false
  const rows = yield* Pages.list(database, given.table, given)
  const texts = yield* Effect.orElseSucceed(Pages.texts(given.table, rows), () => undefined)
  return texts !== undefined && Pages.add(Pages.digest(), texts).digest("hex") === given.sha256
})

/** Returns the rows of a chunk. Fails when one is not what the table holds, or not in its place. */
const rowsOf = ({ table, lines, at, after, to }: Chunk): Effect.Effect<readonly Row[], StoreError> =>
  Effect.suspend(() => {
    const rows: Row[] = []
    let before = after
    for (const [index, line] of lines.entries()) {
      const row = RowText.read(table, line.toString())
      if (typeof row === "string") return Effect.fail(Lines.refusal(at + index, `${row}. Take another one.`))
      const key = RowText.keyOf(table, row)
      const isInPlace = (before === undefined || compare(before, key) < 0) && compare(key, to) <= 0
      if (!isInPlace) return Effect.fail(misplaced(at + index))
      if (table.name === "settings" && key[0] === Mark.setting) return Effect.fail(misplaced(at + index))
      before = key
      rows.push(row)
    }
    return Effect.succeed(rows)
  })

const misplaced = (line: number): StoreError =>
  Lines.refusal(
    line,
    "has a row that may not stand there: rows are in the order of their keys. Take another one.",
  )

/** Compares keys as both databases do: texts by their bytes in UTF-8. */
const compare = (one: Row, other: Row): number => {
  for (const [index, a] of one.entries()) {
    const b = other[index]
    const order =
      typeof a === "string" ? Buffer.compare(Buffer.from(a), Buffer.from(String(b))) : Number(a) - Number(b)
    if (order !== 0) return order
  }
  return 0
}

/** Deletes what is between the keys of a chunk and not in it, neighbours with one statement. */
const removeOthers = Effect.fnUntraced(function* (
  connection: Connection,
  { table, after, to }: Chunk,
  rows: readonly Row[],
) {
  const kept = new Set(rows.map((row) => JSON.stringify(RowText.keyOf(table, row))))
  let last = after
  let run: { readonly from: Row | undefined; to: Row } | undefined
  const runs: { readonly from: Row | undefined; readonly to: Row }[] = []
  for (let isMore = true; isMore;) {
    const condition = TableSql.within(table, { after: last, to })
    const found = yield* connection.query(TableSql.keys(table, condition, Limits.rows), [
      condition.parameters,
    ])
    for (const row of found) {
      const key = row.slice(0, -1)
      if (kept.has(JSON.stringify(key))) run = undefined
      else if (run === undefined) runs.push((run = { from: last, to: key }))
      else run.to = key
      last = key
    }
    run = undefined
    isMore = found.length === Limits.rows
  }
  for (const { from, to: until } of runs)
    yield* remove(connection, table, TableSql.within(table, { after: from, to: until }))
})

/**
 * Deletes what cannot be there beside the rows: others with the same values where no two rows may have them, and those
 * with the same keys that others refer to by something else than their keys. What goes with them is loaded later: the
 * tables of those who refer to a row come after its own.
 */
const removeContradictions = Effect.fnUntraced(function* (
  connection: Connection,
  table: Catalogue.Table,
  rows: readonly Row[],
) {
  const own = TableSql.equal(table.key)
  const removals = [
    ...table.unique.map((set) => ({ set, sql: `${TableSql.equal(set)} AND NOT ${own}`, isKeyFirst: false })),
    ...table.anchors.map((set) => ({ set, sql: `${own} AND NOT ${TableSql.equal(set)}`, isKeyFirst: true })),
  ]
  for (const { set, sql, isKeyFirst } of removals) {
    const places = set.map((name) => table.columns.findIndex((column) => column.name === name))
    const each = rows.flatMap((row) => {
      const values = places.map((place) => row[place]!)
      if (values.some((value) => value === null)) return []
      const key = RowText.keyOf(table, row)
      return [isKeyFirst ? [...key, ...values] : [...values, ...key]]
    })
    yield* run(connection, TableSql.removing(table, sql, Catalogue.tables()), each)
  }
})

const remove = (
  connection: Connection,
  table: Catalogue.Table,
  { sql, parameters }: TableSql.Condition,
): Effect.Effect<void, StoreError> =>
  run(connection, TableSql.removing(table, sql, Catalogue.tables()), [parameters])

const run = (
  connection: Connection,
  statements: readonly string[],
  each: readonly Row[],
): Effect.Effect<void, StoreError> =>
  Effect.forEach(statements, (statement) => connection.execute(statement, each), { discard: true })

const unwritable = ({ table, at, lines }: Chunk, error: StoreError): StoreError =>
  new StoreError({
    reason: error.reason,
    detail:
      `the rows of table ${table.name} in lines ${at} to ${at + lines.length - 1} of the dump cannot be written: ` +
      error.detail,
    cause: error,
  })
