/** Forgets what is old, in SQL: a little at a time, so that nobody waits long for it. */
import type { Expiry } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values } from "../Connection.ts"
import * as Row from "../Row.ts"

/** Rows that go in one transaction. */
const atOnce = 1_000

/** Gives how many rows went. */
export const run = Effect.fnUntraced(function* (database: Database, expiry: Expiry) {
  const deliveries = yield* drain(database, oldDeliveries, expiry.deliveries)
  const flips = yield* drain(database, oldFlips, expiry.flips)
  return deliveries + flips + (yield* drain(database, oldBlindSpans, expiry.blind))
})

/** A table, and what holds of its rows that may go when they are older than an instant. */
interface Old {
  readonly table: string
  readonly condition: string
  /** Writes down, in the same transaction, what is to outlive a row. */
  readonly before?: (condition: string) => string
}

const oldDeliveries: Old = { table: "deliveries", condition: "status <> 'pending' AND at < ?" }

/** Deliveries refer to their flip, and go with it: so the flips that one tells of stay, and all after them. */
const oldFlips: Old = {
  table: "flips",
  condition: `at < ? AND n < (SELECT c.flips FROM checks c WHERE c.key = flips.check_key)
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.check_key = flips.check_key AND d.flip <= flips.n)`,
  before: (condition) => `INSERT INTO forgotten_flips (project, check_key, reason, number)
    SELECT project, check_key, reason, 1 FROM flips WHERE ${condition}
    ON CONFLICT (check_key, reason) DO UPDATE SET number = forgotten_flips.number + 1`,
}

const oldBlindSpans: Old = { table: "blind_spans", condition: "to_at < ?" }

/** Looks for the rows first, and deletes them by their keys: what writes holds up everybody else. */
const drain = Effect.fnUntraced(function* (database: Database, old: Old, before: Instant) {
  const find = Row.query(
    database,
    `SELECT key FROM ${old.table} WHERE ${old.condition} LIMIT ${atOnce}`,
    [[before]],
    ([key]) => Row.integer(key),
  )
  let drained = 0
  while (true) {
    const found = yield* find
    if (found.length === 0) return drained
    const rows = found.map((key) => [before, key])
    drained += yield* database.transaction((connection) => remove(connection, old, rows))
  }
})

/** Removes only those that may still go: a delivery may have been tried again meanwhile. */
const remove = Effect.fnUntraced(function* (connection: Connection, old: Old, rows: readonly Values[]) {
  const condition = `${old.condition} AND key = ?`
  if (old.before !== undefined) yield* connection.execute(old.before(condition), rows)
  return yield* connection.execute(`DELETE FROM ${old.table} WHERE ${condition}`, rows)
})
