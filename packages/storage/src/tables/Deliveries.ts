/** The statements about deliveries, which are the outbox: those that wait, and what became of the others. */
import * as Alert from "@overdue/core/Alert"
import { droppable, retriable } from "@overdue/core/Delivery"
import type {
  DeliveriesFilter,
  Delivery,
  DeliveryCause,
  DeliveryStatus,
  TrackedDelivery,
} from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Value } from "../Connection.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Flips from "./Flips.ts"

/** The columns that `read` reads, of `tables`. */
export const columns = `c.id, h.id, d.id, d.flip, d.occasion, d.at, d.status, d.cause, d.attempts, d.failures, d.due_at,
  d.error, d.settled_at, f.to_status, f.reason`
/** How many columns those are. */
export const width = 15
/** Deliveries `d`, the checks `c` and flips `f` that they are of, and the channels `h` that they go to. */
export const tables = `deliveries d
    JOIN checks c ON c.key = d.check_key
    JOIN flips f ON f.check_key = d.check_key AND f.n = d.flip
    JOIN channels h ON h.key = d.channel_key`
/** Deliveries also of what does not exist, of which `read` tells. */
export const tablesOfAny = tables.replaceAll("JOIN", "LEFT JOIN")

/** Reads an occasion. */
export const occasion = Row.word<Delivery["occasion"]>({ flip: true, reminder: true })
const statuses: Readonly<Record<DeliveryStatus, true>> = {
  pending: true,
  delivered: true,
  skipped: true,
  superseded: true,
  dead: true,
  dropped: true,
}
const status = Row.word(statuses)
/** Reads a cause. */
export const cause = Row.word<DeliveryCause>({
  failed: true,
  quiet: true,
  held: true,
  stopped: true,
  refused: true,
  disabled: true,
  exhausted: true,
})

/** Returns statuses as a list in SQL. */
export const words = (statuses: readonly DeliveryStatus[]): string =>
  statuses.map((status) => `'${status}'`).join(", ")

/** Returns the delivery of a row; throws when it cannot be read. */
export const read = Row.record(
  "deliveries",
  (row) => RecordName.of("alert", row[2]),
  (row: Values): TrackedDelivery => ({
    check: Row.text(row[0], "check_key"),
    channel: Row.text(row[1], "channel_key"),
    id: Row.text(row[2], "id"),
    flip: Row.integer(row[3], "flip"),
    occasion: occasion(row[4], "occasion"),
    at: Row.instant(row[5], "at"),
    status: status(row[6], "status"),
    cause: Row.optional(cause, row[7], "cause"),
    attempts: Row.count(row[8], "attempts"),
    failures: readFailures(row[9], Row.count(row[8], "attempts")),
    dueAt: Row.instant(row[10], "due_at"),
    error: Row.optional(Row.text, row[11], "error"),
    settledAt: Row.optional(Row.instant, row[12], "settled_at"),
    ...ofFlip(row),
  }),
)

/** By the number of failures a delivery is given up, so that one that cannot be would end it at the first. */
const readFailures = (value: Value | undefined, attempts: number): number => {
  const found = Row.count(value, "failures")
  return found <= attempts ? found : Row.unreadable("failures", `${found} of ${attempts} attempts failed`)
}

const ofFlip = Row.record(
  "flips",
  (row) => RecordName.nth("flip", row[3], row[0]),
  (row: Values) => ({
    to: Alert.status({ to: Flips.status(row[13], "to_status") }),
    reason: Flips.reason(row[14], "reason"),
  }),
)

/** Makes a delivery pending and due that was given up; returns whether there was one. */
export const retry = (connection: Connection, id: string, now: Instant) =>
  Effect.map(
    connection.execute(`UPDATE deliveries SET ${anew} WHERE id = ? AND status IN (${words(retriable)})`, [
      [now, id],
    ]),
    (changed) => changed > 0,
  )

/** Gives up a delivery, also one that is being sent; returns whether there was one to give up. */
export const drop = (connection: Connection, id: string, now: Instant) =>
  Effect.map(
    connection.execute(
      `UPDATE deliveries SET status = 'dropped', cause = NULL, is_leased = 0, settled_at = ?
      WHERE id = ? AND status IN (${words(droppable)})`,
      [[now, id]],
    ),
    (changed) => changed > 0,
  )

const anew = "status = 'pending', cause = NULL, failures = 0, settled_at = NULL, due_at = ?"

/** Which deliveries are sent when a channel works again. */
export interface Recovery {
  readonly channel: string
  readonly now: Instant
  /** Whether messages count as well that the receiver has refused again and again (`Limits.refusals`). */
  readonly withRefused: boolean
}

/**
 * Makes due at once what waits for a channel that works again; and the newest delivery that was given up of each check
 * that is down without the channel's knowledge, or up while the channel was told that it is down.
 */
export const release = Effect.fnUntraced(function* (
  connection: Connection,
  { channel, now, withRefused }: Recovery,
) {
  const own = "(SELECT key FROM channels WHERE id = ?)"
  yield* connection.execute(
    `UPDATE deliveries SET due_at = ?
    WHERE channel_key = ${own} AND status = 'pending' AND cause = 'failed' AND is_leased = 0 AND due_at > ?`,
    [[now, channel, now]],
  )
  yield* connection.execute(
    `UPDATE deliveries SET ${anew} WHERE status = 'dead' AND key IN (
      SELECT max(d.key) FROM deliveries d JOIN checks c ON c.key = d.check_key
      WHERE d.channel_key = ${own} AND d.status = 'dead'
        AND (d.cause <> 'refused' OR d.attempts < ?)
        AND d.flip = c.flips
        AND (c.status = 'down' OR c.status = 'up' AND EXISTS (SELECT 1 FROM deliveries b
          WHERE b.check_key = d.check_key AND b.flip = d.flip - 1 AND b.channel_key = d.channel_key
            AND b.status = 'delivered'))
        AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.check_key = d.check_key AND o.flip = d.flip
          AND o.channel_key = d.channel_key AND o.status IN ('pending', 'delivered'))
      GROUP BY d.check_key)`,
    [[now, channel, withRefused ? Number.MAX_SAFE_INTEGER : Limits.refusals]],
  )
})

/** Makes due what is held in projects, from the instants on at which a check there ceased to be down. */
export const unhold = (connection: Connection, projects: ReadonlyMap<number, Instant>) =>
  connection.execute(
    `UPDATE deliveries SET due_at = ?
    WHERE project = ? AND status = 'pending' AND cause = 'held' AND is_leased = 0 AND due_at > ?`,
    Array.from(projects, ([project, at]) => [at, project, at]),
  )

/** Returns the key of the newest delivery of all; `undefined` when there is none. */
export const last = (connection: Connection) =>
  Row.first(connection, "SELECT max(key) FROM deliveries", [], ([key]) =>
    Row.optional(Row.integer, key, "key"),
  )

/** Returns how many deliveries are pending, and when the first of them is due; a damaged record has no say in that. */
export const pending = (connection: Connection) =>
  Effect.map(
    Row.first(
      connection,
      `SELECT count(*), min(CASE WHEN due_at BETWEEN 0 AND ${Row.last} THEN due_at END)
        FROM deliveries WHERE status = 'pending'`,
      [],
      ([count, due]) => ({
        pending: Row.integer(count, "count"),
        dueSince: Row.optional(Row.instant, due, "due_at"),
      }),
    ),
    (found) => found ?? { pending: 0, dueSince: undefined },
  )

/** Returns how many deliveries wait for each channel of a project that any wait for. */
export const waiting = (connection: Connection, project: string) =>
  Effect.map(
    Row.query(
      connection,
      `SELECT h.id, count(*) FROM projects p JOIN channels h ON h.project = p.key
        JOIN deliveries d ON d.channel_key = h.key AND d.status = 'pending'
      WHERE p.id = ? GROUP BY h.id`,
      [[project]],
      ([id, count]) => [Row.text(id, "id"), Row.integer(count, "count")] as const,
    ),
    (counts): ReadonlyMap<string, number> => new Map(counts),
  )

/** Lists, of the deliveries with keys after `after` and up to `last`, those whose status is none. */
export const ofNoStatus = (connection: Connection, after: number, last: number) =>
  Row.list(
    connection,
    `SELECT ${columns} FROM ${tables} WHERE d.key > ? AND d.key <= ?
      AND d.status NOT IN (${Object.keys(statuses)
        .map((one) => `'${one}'`)
        .join(", ")})`,
    [[after, last]],
    read,
  )

/** Returns the delivery with an id; `undefined` when there is none. */
export const byId = (connection: Connection, id: string) =>
  Row.first(connection, `SELECT ${columns} FROM ${tables} WHERE d.id = ?`, [id], read)

/** Returns at most `limit` deliveries that pass the filter, the newest first. */
export const list = (connection: Connection, filter: DeliveriesFilter) => {
  const { project, check, channel, status, cause, limit } = filter
  const conditions: (readonly [string, Value | undefined])[] = [
    ["d.project = (SELECT key FROM projects WHERE id = ?)", project],
    ["c.id = ?", check],
    ["h.id = ?", channel],
    ["d.status = ?", status],
    ["d.cause = ?", cause],
  ]
  const given = conditions.filter((condition): condition is [string, Value] => condition[1] !== undefined)
  const where = given.length === 0 ? "" : `WHERE ${given.map(([condition]) => condition).join(" AND ")}`
  return Row.list(
    connection,
    `SELECT ${columns} FROM ${tables} ${where} ORDER BY d.key DESC LIMIT ?`,
    [[...given.map(([, value]) => value), limit]],
    read,
  )
}
