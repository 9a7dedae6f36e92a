/** Deliveries on their way, in SQL: claimed with all it takes to tell a channel. */
import * as Delivery from "@overdue/core/Delivery"
import * as Dependence from "@overdue/core/Dependence"
import * as Alert from "@overdue/core/Alert"
import { title, type Check } from "@overdue/core/Check"
import * as Limits from "@overdue/core/Limits"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection, Row as Values, Value } from "../Connection.ts"
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
      AND channel_key IN (SELECT h.key FROM channels h WHERE h.disabled IS NOT NULL)`,
    [[now, now]],
  )
  const due = yield* inTurn(connection, flavour, now, limit)
  if (due.length === 0) return []
  const rows = yield* connection.query(
    whole,
    due.map((key) => [key]),
  )
  const down = yield* countDown(connection, rows)
  const holders = holdersIn(connection)
  const held: Delivery.Claim[] = []
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

/** What was given up on the way from the check of a delivery to its channel, and of which nothing later has told. */
const earlier = `SELECT o.id, o.occasion, o.at, f.to_status, f.reason
  FROM deliveries d
    JOIN deliveries o ON o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key < d.key
      AND o.status IN (${Deliveries.words(Delivery.untold)})
    JOIN flips f ON f.check_key = o.check_key AND f.n = o.flip
  WHERE d.key = ?
    AND NOT EXISTS (SELECT 1 FROM deliveries t WHERE t.check_key = o.check_key AND t.flip >= o.flip
      AND t.channel_key = o.channel_key AND t.status = 'delivered' AND t.key > o.key AND t.key < d.key)
  ORDER BY o.key DESC LIMIT ${Limits.untoldAlerts}`

const readUntold = ([id, occasion, at, to, why]: Values): Alert.Untold => ({
  id: Row.text(id),
  occasion: Deliveries.occasion(occasion),
  at: Row.integer(at),
  status: Alert.status({ to: Flips.status(to) }),
  reason: Flips.reason(why),
})

/** The number of the flip that began the outage which flip `f` is about; null when it is about none (`Alert.outageBegan`). */
export const began = "CASE WHEN f.to_status = 'down' THEN f.n WHEN f.from_status = 'down' THEN f.n - 1 END"

const own = `d.key, d.project, f.n, f.from_status, f.to_status, f.reason, p.name, p.zone,
  b.at, b.reason, b.rid, e.at, m.value,
  EXISTS (SELECT 1 FROM deliveries s WHERE s.check_key = d.check_key AND s.channel_key = d.channel_key
    AND s.flip = ${began} AND s.flip < f.n AND s.occasion = 'flip' AND s.status = 'skipped')`
const ownWidth = 14

/**
 * Returns the keys of deliveries that are due and have their turn, the oldest first: of each channel as many as may be
 * sent at once. Channels that have so many are left out of the next look, so that they hold up nobody else.
 */
const inTurn = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  now: Instant,
  limit: number,
) {
  const sending = yield* Row.query(connection, underWay, [[now]], readChannel)
  const counts = new Map(sending.map(({ channel, count }) => [channel, count]))
  const full = new Set(sending.filter(({ count, most }) => count >= most).map(({ channel }) => channel))
  const taken = new Set<number>()
  while (true) {
    const others = padded([...full])
    const marks = others.map(() => "?").join(", ")
    const statement = `${turns} AND d.channel_key NOT IN (${marks}) ORDER BY d.due_at, d.key LIMIT ?`
    const found = yield* Row.query(
      connection,
      statement + flavour.lock("d", false),
      [[now, now, ...others, limit]],
      readTurn,
    )
    const before = full.size
    for (const { key, channel, most } of found) {
      if (full.has(channel) || taken.has(key) || taken.size === limit) continue
      const count = (counts.get(channel) ?? 0) + 1
      taken.add(key)
      counts.set(channel, count)
      if (count >= most) full.add(channel)
    }
    if (taken.size === limit || full.size === before) return [...taken]
  }
})

/** Keys count from 1. Lists of a few lengths only, because a statement is prepared for each. */
const padded = (keys: readonly number[]): readonly number[] => {
  const length = 2 ** Math.ceil(Math.log2(Math.max(1, keys.length)))
  return [...keys, ...Array.from({ length: length - keys.length }, () => 0)]
}

const mostOf = (failingSince: Value | undefined): number =>
  failingSince === null ? Limits.deliveriesPerChannel : Limits.deliveriesToFailing

/** How many deliveries to each channel are being sent. */
const underWay = `SELECT d.channel_key, count(*), max(h.failing_since)
  FROM deliveries d JOIN channels h ON h.key = d.channel_key
  WHERE d.status = 'pending' AND d.is_leased = 1 AND d.due_at > ? GROUP BY d.channel_key`

const readChannel = ([channel, count, failingSince]: Values) => ({
  channel: Row.integer(channel),
  count: Row.integer(count),
  most: mostOf(failingSince),
})

/**
 * What is due and has its turn: nothing older goes from its check to its channel, and nothing younger is being sent
 * (which happens when a dead delivery is tried again).
 */
const turns = `SELECT d.key, d.channel_key, h.failing_since
  FROM deliveries d JOIN channels h ON h.key = d.channel_key
  WHERE d.status = 'pending' AND d.due_at <= ?
    AND NOT EXISTS (SELECT 1 FROM deliveries o
      WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key < d.key)
    AND NOT EXISTS (SELECT 1 FROM deliveries o
      WHERE o.status = 'pending' AND o.check_key = d.check_key AND o.channel_key = d.channel_key AND o.key > d.key
        AND o.is_leased = 1 AND o.due_at > ?)`

const readTurn = ([key, channel, failingSince]: Values) => ({
  key: Row.integer(key),
  channel: Row.integer(channel),
  most: mostOf(failingSince),
})

/** A delivery with all that it takes to tell of it. */
const whole = `SELECT ${own}, ${Deliveries.columns}, ${Channels.columns}, ${CheckRow.columns}
  FROM ${Deliveries.tables}
    JOIN projects p ON p.key = d.project
    LEFT JOIN flips b ON b.check_key = d.check_key AND b.n = ${began}
    LEFT JOIN flips e ON e.check_key = d.check_key AND e.n = 1 + ${began}
    LEFT JOIN memories m ON m.channel_key = d.channel_key AND m.check_key = d.check_key AND m.flip = ${began}
  WHERE d.key = ?`

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
    status: Alert.status(flip),
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
