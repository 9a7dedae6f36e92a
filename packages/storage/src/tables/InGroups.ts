/**
 * Deletions of any number of rows: a few in each transaction, so that pings never wait long for one. A process may end
 * in between, so what is deleted together must be of no use, whatever else of it is left.
 */
import * as Effect from "effect/Effect"
import type { Database, Durability, Row as Values } from "../Connection.ts"

/** The largest number of rows that one transaction deletes: some milliseconds of work. Most are in many indices. */
export const atOnce = 100

/** A power failure brings back what was to be deleted anyway. */
export const durability: Durability = "in portions"

/** A statement, and the lists of its parameters, for each of which it runs. */
export type Statement = readonly [sql: string, each: readonly Values[]]

/**
 * Runs statements in a transaction, and lets others have their turn of the event loop. Returns how many rows the last one
 * changed.
 */
export const run = Effect.fnUntraced(function* (database: Database, ...statements: readonly Statement[]) {
  const changed = yield* database.transaction(
    (connection) => Effect.forEach(statements, ([sql, each]) => connection.execute(sql, each)),
    durability,
  )
  yield* Effect.yieldNow
  return changed.at(-1) ?? 0
})
