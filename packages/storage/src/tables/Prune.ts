/** Deletes old rows, a few in each transaction, so that pings never wait long for it. */
import type { Expiry, StoreError } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values } from "../Connection.ts"
import * as Row from "../Row.ts"
import * as Awake from "./Awake.ts"
import * as Flips from "./Flips.ts"

/** The largest number of rows that one transaction deletes. */
const atOnce = 1_000

/** Deletes the rows that are older than `expiry` allows, and returns how many they were. */
export const run = Effect.fnUntraced(function* (database: Database, expiry: Expiry) {
  const deliveries = yield* drain(database, oldDeliveries, expiry.deliveries)
  const flips = yield* drain(database, oldFlips, expiry.flips)
  return deliveries + flips + (yield* drain(database, oldBlindSpans, expiry.blind))
})

/** Which rows of a table may be deleted: a condition with one parameter, the instant before which a row is old. */
interface Old {
  readonly table: string
  readonly condition: string
  /** Returns the statement that runs for a row before its deletion, in the same transaction, given the condition. */
  readonly before?: (condition: string) => string
  /** Runs once after a deletion, in the same transaction. */
  readonly after?: (connection: Connection) => Effect.Effect<unknown, StoreError>
}

const oldDeliveries: Old = { table: "deliveries", condition: "status <> 'pending' AND at < ?" }

/**
 * Deleting a flip deletes its deliveries. So the flip of a delivery stays, with all flips after it, and so does the
 * newest flip of a check; how many were deleted is counted for good.
 */
const oldFlips: Old = {
  table: "flips",
  condition: `at < ? AND n < (SELECT c.flips FROM checks c WHERE c.key = flips.check_key)
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.check_key = flips.check_key AND d.flip <= flips.n)`,
  before: Flips.forgetting,
}

const oldBlindSpans: Old = { table: "blind_spans", condition: "to_at < ?", after: Awake.changed }

/** Looks for the rows outside a transaction and deletes them by key: writing keeps all others from writing. */
const drain = Effect.fnUntraced(function* (database: Database, old: Old, before: Instant) {
  const find = Row.query(
    database,
    `SELECT key FROM ${old.table} WHERE ${old.condition} LIMIT ${atOnce}`,
    [[before]],
    ([key]) => Row.integer(key, "key"),
  )
  let drained = 0
  while (true) {
    const found = yield* find
    if (found.length === 0) return drained
    const rows = found.map((key) => [before, key])
    drained += yield* database.transaction((connection) => remove(connection, old, rows))
  }
})

/** Tests the condition again: a delivery may have become pending since it was found. */
const remove = Effect.fnUntraced(function* (connection: Connection, old: Old, rows: readonly Values[]) {
  const condition = `${old.condition} AND key = ?`
  if (old.before !== undefined) yield* connection.execute(old.before(condition), rows)
  const deleted = yield* connection.execute(`DELETE FROM ${old.table} WHERE ${condition}`, rows)
  if (old.after !== undefined) yield* old.after(connection)
  return deleted
})
