/** Keys of new rows, which must be known before the rows are written: some name others of the same batch. */
import * as Effect from "effect/Effect"
import type { Connection, Transaction, Value } from "./Connection.ts"
import { type Flavour, keysAtOnce } from "./Flavour.ts"
import * as Row from "./Row.ts"

/** Returns the keys of the block that begins with one. */
export const ofBlock = (first: number): readonly number[] =>
  Array.from({ length: keysAtOnce }, (_, index) => first + index)

/** Succeeds with the keys of the block whose first key was asked for. */
export const reading = (first: Value) => Row.reading(() => ofBlock(Row.integer(first, "key")))

/** Returns keys for at least `count` new rows of a table, ascending, in a transaction. No other transaction gets the same ones. */
export const next = (connection: Connection, flavour: Flavour, table: string, count: number) => {
  const { sql, parameters, read } = flavour.keys(table, count)
  return Effect.flatMap(connection.query(sql, [parameters]), (rows) => Row.reading(() => read(rows)))
}

/** Begins to ask for them, and returns what waits for them. Those that are not used stay without rows. */
export const ahead = (connection: Transaction, flavour: Flavour, table: string, count: number) => {
  const { sql, parameters, read } = flavour.keys(table, count)
  return Row.ahead(connection, sql, [parameters], read)
}
