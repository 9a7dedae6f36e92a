/** The rows of a table in the order of their keys, as texts, a bounded part of them at a time. */
import { createHash, type Hash } from "node:crypto"
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Row } from "../Connection.ts"
import type { Table } from "./Catalogue.ts"
import * as Limits from "./Limits.ts"
import * as RowText from "./RowText.ts"
import * as TableSql from "./TableSql.ts"

/** Some rows of a table, of which there is no other one between them. */
export interface Page {
  /** The key after which they begin; `undefined`: with the first. */
  readonly after: Row | undefined
  /** The key of the last one. */
  readonly to: Row
  readonly lines: readonly string[]
}

/** How many rows there are, and their digest. */
export interface Sum {
  readonly count: number
  readonly sha256: string
}

/** Returns the next page after a key; `undefined` when there is none. */
export const next = Effect.fnUntraced(function* (
  connection: Connection,
  table: Table,
  after: Row | undefined,
) {
  const to = TableSql.isHeavy(table) ? yield* reach(connection, table, after) : undefined
  if (TableSql.isHeavy(table) && to === undefined) return undefined
  const found = yield* list(connection, table, { after, to })
  const last = found.at(-1)
  if (last === undefined) return undefined
  const lines = yield* texts(table, found)
  const page: Page = { after, to: RowText.keyOf(table, last), lines }
  return page
})

/** Lists the rows of a range, as many as a page has at most. */
export const list = (
  connection: Connection,
  table: Table,
  range: TableSql.Range,
): Effect.Effect<readonly Row[], StoreError> => {
  const condition = TableSql.within(table, range)
  return connection.query(TableSql.rows(table, condition, Limits.rows), [condition.parameters])
}

/** Returns the texts of rows. */
export const texts = (table: Table, rows: readonly Row[]): Effect.Effect<readonly string[], StoreError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(rows.map((row) => RowText.write(table, row)))
    } catch (cause) {
      return Effect.fail(cause as StoreError) // safe because it throws nothing else
    }
  })

/** Returns what digests texts, line by line. */
export const digest = (): Hash => createHash("sha256")

/** Adds lines to a digest. */
export const add = (hash: Hash, lines: readonly string[]): Hash => hash.update(`${lines.join("\n")}\n`)

/** Returns the number and the digest of all rows of a table. `told` is told of each page. */
export const sum = Effect.fnUntraced(function* (
  connection: Connection,
  table: Table,
  told: (rows: number) => void,
) {
  const hash = digest()
  let count = 0
  for (let page = yield* next(connection, table, undefined); page !== undefined;) {
    add(hash, page.lines)
    count += page.lines.length
    told(page.lines.length)
    page = yield* next(connection, table, page.to)
  }
  const all: Sum = { count, sha256: hash.digest("hex") }
  return all
})

/** Returns the key up to which rows are a page, by what they weigh; `undefined` when there is none. */
const reach = (connection: Connection, table: Table, after: Row | undefined) => {
  const condition = TableSql.within(table, { after })
  return Effect.map(
    connection.query(TableSql.keys(table, condition, Limits.rows), [condition.parameters]),
    (found) => {
      let bytes = 0
      const first = found.findIndex((row) => (bytes += Number(row.at(-1))) >= Limits.chunk)
      return found[first < 0 ? found.length - 1 : first]?.slice(0, -1)
    },
  )
}
