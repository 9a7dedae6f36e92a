/** When deliveries are due: whether one is, and those that no clock would ever come to. */
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection } from "../Connection.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"

/**
 * Whether any delivery is due, or is not to be by any clock. Asked before a claim, which takes the lock for writing even
 * when nothing is.
 */
export const isAnyDue = (connection: Connection, now: Instant) =>
  Effect.map(
    connection.query(
      `SELECT 1 WHERE EXISTS (SELECT 1 FROM deliveries WHERE status = 'pending' AND due_at <= ?)
        OR EXISTS (SELECT 1 FROM deliveries WHERE ${neverDue})`,
      [[now]],
    ),
    (rows) => rows.length > 0,
  )

const neverDue = `status = 'pending' AND due_at > ${Row.last}`

/** Makes due what is not to be by any clock, because its record is damaged; returns what is wrong with each. */
export const hasten = Effect.fnUntraced(function* (connection: Connection, now: Instant) {
  const found = yield* connection.query(`SELECT key, id, due_at FROM deliveries WHERE ${neverDue} LIMIT ?`, [
    [hastenedAtOnce],
  ])
  yield* connection.execute(
    "UPDATE deliveries SET due_at = ? WHERE key = ?",
    found.map(([key]) => [now, key!]),
  )
  return found.map(([, id, dueAt]) =>
    Row.damage(
      { table: "deliveries", record: RecordName.of("alert", id), column: "due_at" },
      `${Number(dueAt)} is out of range`,
      "",
    ),
  )
})

/** Deliveries that one claim hastens. */
const hastenedAtOnce = 100
