/** Deliveries on their way, in SQL: claimed with all it takes to tell a channel. */
import type { Claim } from "@overdue/core/Delivery"
import * as Dependence from "@overdue/core/Dependence"
import * as Alert from "@overdue/core/Alert"
import { title, type Check } from "@overdue/core/Check"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Channels from "./Channels.ts"
import * as CheckRow from "./CheckRow.ts"
import * as Checks from "./Checks.ts"
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
    `UPDATE deliveries SET status = 'dead', cause = 'disabled', is_leased = 0, settled_at = ?,
      error = (SELECT h.disabled FROM channels h WHERE h.key = deliveries.channel_key)
    WHERE status = 'pending' AND (is_leased = 0 OR due_at <= ?)
      AND EXISTS (SELECT 1 FROM channels h WHERE h.key = deliveries.channel_key AND h.disabled IS NOT NULL)`,
    [[now, now]],
  )
  yield* connection.execute(superseding, [[now, now]])
  const rows = yield* connection.query(inTurn + flavour.lock("d", false), [[now, now, limit]])
  const down = yield* countDown(connection, rows)
  const holders = holdersIn(connection)
  const held: Claim[] = []
  for (const row of rows) {
    // One damaged row must not keep everybody's alerts: its delivery waits until somebody has corrected it.
    const claimed = yield* Effect.result(hold(connection, row, now + lease))
    if (Result.isSuccess(claimed)) {
      const heldBy = yield* holders(claimed.success.alert.check, row[1]!)
      held.push({ ...claimed.success, heldBy, down: down.get(row[1]) ?? 0 })
    } else if (claimed.failure.reason !== "corrupt") return yield* Effect.fail(claimed.failure)
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

/** Returns what finds the holder of a check, given the key of its project. Most checks depend on none, and cost nothing. */
const holdersIn = (connection: Connection) => {
  const known = new Map<Values[number], Dependence.Holder>()
  return Effect.fnUntraced(function* (check: Check, project: Values[number]) {
    if (check.details.after === "") return undefined
    let holder = known.get(project)
    if (holder === undefined) {
      holder = Dependence.among(yield* Checks.down(connection, project))
      known.set(project, holder)
    }
    const found = holder(check)
    return found === undefined ? undefined : title(found)
  })
}

const hold = Effect.fnUntraced(function* (connection: Connection, row: Values, until: Instant) {
  const { key, delivery, alert, ...claimed } = yield* Row.one(row, readClaim)
  const lastPing = yield* Pings.lastBy(connection, delivery.check, delivery.at)
  const untold = yield* Row.query(connection, earlier, [[key]], readUntold)
  const attempts = delivery.attempts + 1
  yield* connection.execute("UPDATE deliveries SET attempts = ?, due_at = ?, is_leased = 1 WHERE key = ?", [
    [attempts, until, key],
  ])
  return {
    ...claimed,
    untold: untold.toReversed(),
    delivery: { ...delivery, attempts, dueAt: until },
    alert: { ...alert, lastPing },
  }
})

/** At most so many alerts that were not told are told of. */
const mostUntold = 10

/** What was given up on the way from the check of a delivery to its channel, and of which nothing later has told. */
const earlier = `SELECT o.id, o.occasion, o.at, f.to_status, f.reason
  FROM deliveries d
    JOIN deliveries o ON o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key < d.key
      AND o.status IN ('superseded', 'dead')
    JOIN flips f ON f.check_key = o.check_key AND f.n = o.flip
  WHERE d.key = ?
    AND NOT EXISTS (SELECT 1 FROM deliveries t WHERE t.check_key = o.check_key AND t.flip >= o.flip
      AND t.channel_key = o.channel_key AND t.status = 'delivered' AND t.key > o.key AND t.key < d.key)
  ORDER BY o.key DESC LIMIT ${mostUntold}`

const readUntold = ([id, occasion, at, to, why]: Values): Alert.Untold => ({
  id: Row.text(id),
  occasion: Deliveries.occasion(occasion),
  at: Row.integer(at),
  status: Flips.status(to) === "down" ? "down" : "up",
  reason: Flips.reason(why),
})

/** The number of the flip that began the outage which flip `f` is about; null when it is about none (`Alert.outageBegan`). */
export const began = "CASE WHEN f.to_status = 'down' THEN f.n WHEN f.from_status = 'down' THEN f.n - 1 END"

const own = `d.key, d.project, f.n, f.from_status, f.to_status, f.reason, p.name, p.zone,
  b.at, b.reason, b.rid, e.at, m.value,
  EXISTS (SELECT 1 FROM deliveries s WHERE s.check_key = d.check_key AND s.channel_key = d.channel_key
    AND s.flip = ${began} AND s.flip < f.n AND s.occasion = 'flip' AND s.status = 'skipped')`
const ownWidth = 14

/** What has failed does not hold up a newer alert that is due, which tells of it. What is being sent is waited for. */
const superseding = `UPDATE deliveries SET status = 'superseded', cause = NULL, settled_at = ?
  WHERE status = 'pending' AND key IN (
    SELECT o.key FROM deliveries n
      JOIN deliveries o ON o.check_key = n.check_key AND o.channel_key = n.channel_key AND o.key < n.key
    WHERE n.status = 'pending' AND n.due_at <= ? AND o.status = 'pending' AND o.cause = 'failed' AND o.is_leased = 0)`

/**
 * What is due and has its turn: nothing older goes from its check to its channel, and nothing younger is being sent
 * (which happens when a dead delivery is tried again).
 */
const inTurn = `SELECT ${own}, ${Deliveries.columns}, ${Channels.columns}, ${CheckRow.columns}
  FROM ${Deliveries.tables}
    JOIN projects p ON p.key = d.project
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
