/** Keys of new rows, which must be known before the rows are written: some name others of the same batch. */
import * as Effect from "effect/Effect"
import type { Connection, Transaction } from "./Connection.ts"
import type { Flavour } from "./Flavour.ts"
import * as Row from "./Row.ts"

/** Returns keys for `count` new rows of a table, ascending, in a transaction. No other transaction gets the same ones. */
export const next = (connection: Connection, flavour: Flavour, table: string, count: number) => {
  const { sql, parameters, read } = flavour.keys(table, count)
  return Effect.flatMap(connection.query(sql, [parameters]), (rows) => Row.reading(() => read(rows)))
}

/** Begins to ask for them, and returns what waits for them. Those that are not used stay without rows. */
export const ahead = (connection: Transaction, flavour: Flavour, table: string, count: number) => {
  const { sql, parameters, read } = flavour.keys(table, count)
  return Row.ahead(connection, sql, [parameters], read)
}
