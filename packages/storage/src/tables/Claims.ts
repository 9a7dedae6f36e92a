/** Deliveries on their way, in SQL: claimed with all it takes to tell a channel, and settled with what that leaves behind. */
import * as Alert from "@overdue/core/Alert"
import type { DeliveryOutcome } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Channels from "./Channels.ts"
import * as CheckRow from "./CheckRow.ts"
import * as Deliveries from "./Deliveries.ts"
import * as Flips from "./Flips.ts"
import * as Pings from "./Pings.ts"

/** Claims what is due, the oldest first. To be run in a transaction. */
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
  const down = yield* countDown(connection, rows)
  const held: Alert.Claim[] = []
  for (const row of rows) {
    // One damaged row must not keep everybody's alerts: its delivery waits until somebody has corrected it.
    const claimed = yield* Effect.result(hold(connection, row, now + lease))
    if (Result.isSuccess(claimed)) held.push({ ...claimed.success, down: down.get(row[1]) ?? 0 })
    else if (claimed.failure.reason !== "corrupt") return yield* Effect.fail(claimed.failure)
    else {
      yield* connection.execute("UPDATE deliveries SET error = ?, due_at = ? WHERE key = ?", [
        [claimed.failure.detail, now + lease, Row.integer(row[0])],
      ])
    }
  }
  return held
})

/** Returns how many checks are down in each of the projects that claimed deliveries belong to, by the project's key. */
const countDown = Effect.fnUntraced(function* (connection: Connection, rows: readonly Values[]) {
  const projects = [...new Set(rows.map(([, project]) => project!))]
  if (projects.length === 0) return new Map<Values[number] | undefined, number>()
  const counts = yield* Row.query(
    connection,
    "SELECT count(*) FROM checks WHERE project = ? AND status = 'down'",
    projects.map((project) => [project]),
    ([count]) => Row.integer(count),
  )
  return new Map(projects.map((project, index) => [project, counts[index]!]))
})

const hold = Effect.fnUntraced(function* (connection: Connection, row: Values, until: Instant) {
  const { key, delivery, alert, ...claimed } = yield* Row.one(row, readClaim)
  const lastPing = yield* Pings.lastBy(connection, delivery.check, delivery.at)
  const attempts = delivery.attempts + 1
  yield* connection.execute("UPDATE deliveries SET attempts = ?, due_at = ?, is_leased = 1 WHERE key = ?", [
    [attempts, until, key],
  ])
  return { ...claimed, delivery: { ...delivery, attempts, dueAt: until }, alert: { ...alert, lastPing } }
})

/** The number of the flip that began the outage which flip `f` is about; null when it is about none (`Alert.outageBegan`). */
const began = "CASE WHEN f.to_status = 'down' THEN f.n WHEN f.from_status = 'down' THEN f.n - 1 END"

const own = `d.key, d.project, f.n, f.from_status, f.to_status, f.reason, p.name, p.zone,
  b.at, b.reason, b.rid, e.at, m.value,
  EXISTS (SELECT 1 FROM deliveries s WHERE s.check_key = d.check_key AND s.channel_key = d.channel_key
    AND s.flip = ${began} AND s.flip < f.n AND s.occasion = 'flip' AND s.status = 'skipped')`
const ownWidth = 14

/**
 * What is due and has its turn: nothing older goes from its check to its channel, and nothing younger is being sent
 * (which happens when a dead delivery is tried again).
 */
const inTurn = `SELECT ${own}, ${Deliveries.columns}, ${Channels.columns}, ${CheckRow.columns}
  FROM ${Deliveries.tables}
    JOIN projects p ON p.key = d.project
    JOIN flips f ON f.check_key = d.check_key AND f.n = d.flip
    LEFT JOIN flips b ON b.check_key = d.check_key AND b.n = ${began}
    LEFT JOIN flips e ON e.check_key = d.check_key AND e.n = 1 + ${began}
    LEFT JOIN memories m ON m.channel_key = d.channel_key AND m.check_key = d.check_key AND m.flip = ${began}
  WHERE d.status = 'pending' AND d.due_at <= ?
    AND NOT EXISTS (SELECT 1 FROM deliveries o
      WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key < d.key)
    AND NOT EXISTS (SELECT 1 FROM deliveries o
      WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key > d.key
        AND o.is_leased = 1 AND o.due_at > ?)
  ORDER BY d.due_at, d.key LIMIT ?`

const readClaim = (row: Values) => {
  const [key, , n, from, to, why, projectName, zone, begunAt, begunBy, rid, endedAt, memory, untold] = row
  const delivery = Deliveries.read(row.slice(ownWidth))
  const channel = Channels.read(row.slice(ownWidth + Deliveries.width))
  const { check } = CheckRow.read(row.slice(ownWidth + Deliveries.width + Channels.width))
  const flip = { n: Row.integer(n), from: Flips.status(from), to: Flips.status(to) }
  const first = Alert.outageBegan(flip)
  const begin =
    begunAt === null
      ? undefined
      : {
          at: Row.integer(begunAt),
          reason: Flips.reason(begunBy),
          rid: Row.optional(Row.text, rid),
        }
  const end = endedAt === null ? undefined : { at: Row.integer(endedAt) }
  const alert: Omit<Alert.Alert, "lastPing"> = {
    id: delivery.id,
    occasion: delivery.occasion,
    status: flip.to === "down" ? "down" : "up",
    reason: Flips.reason(why),
    at: delivery.at,
    check,
    project: { id: check.project, name: Row.text(projectName), zone: Row.text(zone) },
    outage: first === undefined ? undefined : Alert.outage(check.id, first, begin, end),
  }
  return {
    key: Row.integer(key),
    delivery,
    alert,
    channel,
    memory: memory === null ? undefined : Row.json(memory, "what a channel remembers of an outage"),
    beganUntold: isTrue(untold),
  }
}

/** PostgreSQL has truth values of its own; the driver may hand them over as such, or as SQLite's numbers. */
const isTrue = (value: unknown): boolean => value === true || value === 1

/**
 * Ends the attempt that holds the delivery, if it is this one, and notes on its channel how it ended. To be run in a
 * transaction. The channel is locked first, as by those who delete it.
 */
export const settle = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  attempt: {
    readonly id: string
    readonly attempt: number
    readonly outcome: DeliveryOutcome
    readonly now: Instant
  },
) {
  const { id, outcome, now } = attempt
  const notes = noteOf(outcome, now)
  const lock = flavour.lock("h", true)
  if (notes !== undefined && lock !== "") {
    yield* connection.query(
      `SELECT h.key FROM channels h WHERE h.key = (SELECT channel_key FROM deliveries WHERE id = ?)${lock}`,
      [[id]],
    )
  }
  const changed = yield* end(connection, id, attempt.attempt, outcome)
  if (changed === 0 || notes === undefined) return
  const { columns, values } = notes
  yield* connection.execute(
    `UPDATE channels SET ${columns} WHERE key = (SELECT channel_key FROM deliveries WHERE id = ?)`,
    [[...values, id]],
  )
  if (outcome.status !== "delivered" || outcome.remember === undefined) return
  yield* connection.execute(remembering, [[JSON.stringify(outcome.remember), id]])
})

const noteOf = (outcome: DeliveryOutcome, now: Instant) => {
  if (outcome.status === "delivered") return { columns: "last_success = ?", values: [now] }
  if (outcome.status === "skipped" || (outcome.status === "pending" && outcome.postponed === true))
    return undefined
  return { columns: "last_error_at = ?, last_error = ?", values: [now, outcome.error] }
}

/** Returns 1 when the attempt held the delivery, 0 when it did not (any more). */
const end = (connection: Connection, id: string, attempt: number, outcome: DeliveryOutcome) => {
  const { status } = outcome
  const error = "error" in outcome ? outcome.error : null
  const held = "WHERE id = ? AND status = 'pending' AND is_leased = 1 AND attempts = ?"
  return status === "pending"
    ? connection.execute(`UPDATE deliveries SET is_leased = 0, error = ?, due_at = ? ${held}`, [
        [error, outcome.dueAt, id, attempt],
      ])
    : connection.execute(`UPDATE deliveries SET is_leased = 0, error = ?, status = ? ${held}`, [
        [error, status, id, attempt],
      ])
}

/** What began too long ago to be kept cannot be remembered any more. */
const remembering = `INSERT INTO memories (channel_key, check_key, flip, value)
  SELECT d.channel_key, d.check_key, b.n, ?
  FROM deliveries d
    JOIN flips f ON f.check_key = d.check_key AND f.n = d.flip
    JOIN flips b ON b.check_key = d.check_key AND b.n = ${began}
  WHERE d.id = ?
  ON CONFLICT (channel_key, check_key, flip) DO UPDATE SET value = excluded.value`
