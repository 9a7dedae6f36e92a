/** The statements about deliveries, which are the outbox: those that wait, and what became of the others. */
import type { Delivery, DeliveryStatus, TrackedDelivery } from "@overdue/core/Alert"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Value } from "../Connection.ts"
import * as Row from "../Row.ts"

/** The columns that `read` reads, of `tables`. */
export const columns = "c.id, h.id, d.id, d.flip, d.occasion, d.at, d.status, d.attempts, d.due_at, d.error"
/** How many columns those are. */
export const width = 10
/** Deliveries `d`, the checks `c` that they are of and the channels `h` that they go to. */
export const tables =
  "deliveries d JOIN checks c ON c.key = d.check_key JOIN channels h ON h.key = d.channel_key"

const occasion = Row.word<Delivery["occasion"]>({ flip: true, reminder: true })
const status = Row.word<DeliveryStatus>({ pending: true, delivered: true, skipped: true, dead: true })

/** Returns the delivery of a row; throws when it cannot be read. */
export const read = (row: Values): TrackedDelivery => ({
  check: Row.text(row[0]),
  channel: Row.text(row[1]),
  id: Row.text(row[2]),
  flip: Row.integer(row[3]),
  occasion: occasion(row[4]),
  at: Row.integer(row[5]),
  status: status(row[6]),
  attempts: Row.integer(row[7]),
  dueAt: Row.integer(row[8]),
  error: Row.optional(Row.text, row[9]),
})

/** Inserts deliveries, except those that exist and those to a channel that the project of the check does not have. */
export const insert = Effect.fnUntraced(function* (
  connection: Connection,
  deliveries: readonly {
    readonly owner: { readonly key: number; readonly project: number }
    readonly delivery: Delivery
  }[],
) {
  const named = new Set(deliveries.map(({ delivery }) => delivery.channel))
  const found = yield* Row.query(
    connection,
    "SELECT id, key, project FROM channels WHERE id = ?",
    Array.from(named, (id) => [id]),
    ([id, key, project]) => ({ id: Row.text(id), key: Row.integer(key), project: Row.integer(project) }),
  )
  const channels = new Map(found.map((channel) => [channel.id, channel]))
  yield* connection.execute(
    insertion,
    deliveries.flatMap(({ owner, delivery }) => {
      const channel = channels.get(delivery.channel)
      if (channel?.project !== owner.project) return []
      const { id, flip, at } = delivery
      return [[owner.project, owner.key, channel.key, id, flip, delivery.occasion, at, at]]
    }),
  )
})

const insertion = `INSERT INTO deliveries (project, check_key, channel_key, id, flip, occasion, at, due_at, status,
    attempts, is_leased)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0) ON CONFLICT (id) DO NOTHING`

/** Whether any delivery is due. Asked before a claim, which takes the lock for writing even when nothing is. */
export const isAnyDue = (connection: Connection, now: Instant) =>
  Effect.map(
    connection.query("SELECT 1 FROM deliveries WHERE status = 'pending' AND due_at <= ? LIMIT 1", [[now]]),
    (rows) => rows.length > 0,
  )

/** Makes a dead delivery pending and due; returns whether there was one. */
export const retry = (connection: Connection, id: string, now: Instant) =>
  Effect.map(
    connection.execute(
      "UPDATE deliveries SET status = 'pending', due_at = ? WHERE id = ? AND status = 'dead'",
      [[now, id]],
    ),
    (changed) => changed > 0,
  )

/** Returns the key of the newest delivery of all; `undefined` when there is none. */
export const last = (connection: Connection) =>
  Row.first(connection, "SELECT max(key) FROM deliveries", [], ([key]) => Row.optional(Row.integer, key))

/** Returns how many deliveries are pending. */
export const countPending = (connection: Connection) =>
  Effect.map(
    Row.first(connection, "SELECT count(*) FROM deliveries WHERE status = 'pending'", [], ([count]) =>
      Row.integer(count),
    ),
    (count) => count ?? 0,
  )

/** Returns at most `limit` deliveries that pass the filter, the newest first. */
export const list = (
  connection: Connection,
  filter: {
    readonly project?: string
    readonly check?: string
    readonly channel?: string
    readonly status?: DeliveryStatus
    readonly limit: number
  },
) => {
  const { project, check, channel, status, limit } = filter
  const conditions: (readonly [string, Value | undefined])[] = [
    ["d.project = (SELECT key FROM projects WHERE id = ?)", project],
    ["c.id = ?", check],
    ["h.id = ?", channel],
    ["d.status = ?", status],
  ]
  const given = conditions.filter((condition): condition is [string, Value] => condition[1] !== undefined)
  const where = given.length === 0 ? "" : `WHERE ${given.map(([condition]) => condition).join(" AND ")}`
  return Row.query(
    connection,
    `SELECT ${columns} FROM ${tables} ${where} ORDER BY d.key DESC LIMIT ?`,
    [[...given.map(([, value]) => value), limit]],
    read,
  )
}
