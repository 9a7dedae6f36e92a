/** The outbox in SQL: deliveries, their turns, leases and ends. */
import type { Alert, Claim, Delivery, DeliveryStatus, TrackedDelivery } from "@overdue/core/Alert"
import type { DeliveryOutcome } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection, Row as Values, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Channels from "./Channels.ts"
import * as Checks from "./Checks.ts"
import * as Flips from "./Flips.ts"
import * as Pings from "./Pings.ts"

const columns = "c.id, h.id, d.id, d.flip, d.occasion, d.at, d.status, d.attempts, d.due_at, d.error"
const width = 10
const tables = "deliveries d JOIN checks c ON c.key = d.check_key JOIN channels h ON h.key = d.channel_key"

const occasion = Row.word<Delivery["occasion"]>({ flip: true, reminder: true })
const status = Row.word<DeliveryStatus>({ pending: true, delivered: true, skipped: true, dead: true })

const read = (row: Values): TrackedDelivery => ({
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

/** Adds deliveries, except those that exist and those to a channel that the project does not have. */
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

/** Whether anything is due: asked before a claim, which then writes. */
export const isAnyDue = (connection: Connection, now: Instant) =>
  Effect.map(
    connection.query("SELECT 1 FROM deliveries WHERE status = 'pending' AND due_at <= ? LIMIT 1", [[now]]),
    (rows) => rows.length > 0,
  )

/** To be run in a transaction. */
export const claim = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  request: { readonly now: Instant; readonly limit: number; readonly lease: Span },
) {
  const { now, limit, lease } = request
  yield* connection.execute(
    `UPDATE deliveries SET status = 'dead', is_leased = 0,
      error = (SELECT h.disabled FROM channels h WHERE h.key = deliveries.channel_key)
    WHERE status = 'pending' AND due_at <= ?
      AND EXISTS (SELECT 1 FROM channels h WHERE h.key = deliveries.channel_key AND h.disabled IS NOT NULL)`,
    [[now]],
  )
  const rows = yield* connection.query(inTurn + flavour.lock("d", false), [[now, now, limit]])
  const held: Claim[] = []
  for (const row of rows) {
    // One damaged row must not keep everybody's alerts: its delivery waits until somebody has corrected it.
    const claimed = yield* Effect.result(hold(connection, row, now + lease))
    if (Result.isSuccess(claimed)) held.push(claimed.success)
    else if (claimed.failure.reason !== "corrupt") return yield* Effect.fail(claimed.failure)
    else {
      yield* connection.execute("UPDATE deliveries SET error = ?, due_at = ? WHERE key = ?", [
        [claimed.failure.detail, now + lease, Row.integer(row[0])],
      ])
    }
  }
  return held
})

const hold = Effect.fnUntraced(function* (connection: Connection, row: Values, until: Instant) {
  const { key, delivery, ...claimed } = yield* Row.one(row, readClaim)
  const { id, name } = claimed.project
  const alert: Alert = {
    id: delivery.id,
    occasion: delivery.occasion,
    status: claimed.status,
    reason: claimed.reason,
    at: delivery.at,
    check: claimed.check,
    project: { id, name },
    lastPing: yield* Pings.lastBy(connection, delivery.check, delivery.at),
  }
  const attempts = delivery.attempts + 1
  yield* connection.execute("UPDATE deliveries SET attempts = ?, due_at = ?, is_leased = 1 WHERE key = ?", [
    [attempts, until, key],
  ])
  return { delivery: { ...delivery, attempts, dueAt: until }, alert, channel: claimed.channel }
})

/**
 * What is due and has its turn: nothing older goes from its check to its channel, and nothing younger is being sent
 * (which happens when a dead delivery is tried again).
 */
const inTurn = `SELECT d.key, f.to_status, f.reason, p.name, ${columns}, ${Channels.columns}, ${Checks.columns}
  FROM ${tables}
    JOIN projects p ON p.key = d.project
    JOIN flips f ON f.check_key = d.check_key AND f.n = d.flip
  WHERE d.status = 'pending' AND d.due_at <= ?
    AND NOT EXISTS (SELECT 1 FROM deliveries o
      WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key < d.key)
    AND NOT EXISTS (SELECT 1 FROM deliveries o
      WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key > d.key
        AND o.is_leased = 1 AND o.due_at > ?)
  ORDER BY d.due_at, d.key LIMIT ?`

const readClaim = (row: Values) => {
  const [key, to, why, projectName] = row
  const delivery = read(row.slice(4))
  const channel = Channels.read(row.slice(4 + width))
  const { check } = Checks.read(row.slice(4 + width + Channels.width))
  return {
    key: Row.integer(key),
    delivery,
    channel,
    check,
    project: { id: check.project, name: Row.text(projectName) },
    status: to === "down" ? ("down" as const) : ("up" as const),
    reason: Flips.reason(why),
  }
}

/** Ends the attempt that holds the delivery, if it is this one. */
export const settle = (connection: Connection, id: string, attempt: number, outcome: DeliveryOutcome) => {
  const { status } = outcome
  const error = "error" in outcome ? outcome.error : null
  const held = "WHERE id = ? AND status = 'pending' AND is_leased = 1 AND attempts = ?"
  return Effect.asVoid(
    status === "pending"
      ? connection.execute(`UPDATE deliveries SET is_leased = 0, error = ?, due_at = ? ${held}`, [
          [error, outcome.dueAt, id, attempt],
        ])
      : connection.execute(`UPDATE deliveries SET is_leased = 0, error = ?, status = ? ${held}`, [
          [error, status, id, attempt],
        ]),
  )
}

export const retry = (connection: Connection, id: string, now: Instant) =>
  Effect.map(
    connection.execute(
      "UPDATE deliveries SET status = 'pending', due_at = ? WHERE id = ? AND status = 'dead'",
      [[now, id]],
    ),
    (changed) => changed > 0,
  )

/** The key of the newest delivery of all; `undefined` when there is none. */
export const last = (connection: Connection) =>
  Row.first(connection, "SELECT max(key) FROM deliveries", [], ([key]) => Row.optional(Row.integer, key))

export const countPending = (connection: Connection) =>
  Effect.map(
    Row.first(connection, "SELECT count(*) FROM deliveries WHERE status = 'pending'", [], ([count]) =>
      Row.integer(count),
    ),
    (count) => count ?? 0,
  )

/** Newest first. */
export const list = (
  connection: Connection,
  filter: {
    readonly project?: string
    readonly check?: string
    readonly status?: DeliveryStatus
    readonly limit: number
  },
) => {
  const { project, check, status, limit } = filter
  const conditions: (readonly [string, Value | undefined])[] = [
    ["d.project = (SELECT key FROM projects WHERE id = ?)", project],
    ["c.id = ?", check],
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
