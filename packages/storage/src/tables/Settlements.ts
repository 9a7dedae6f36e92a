/** Attempts that have ended, in SQL: what becomes of the delivery, and what that leaves behind on its channel. */
import * as Delivery from "@overdue/core/Delivery"
import type { Ended, Failed, Settled } from "@overdue/core/Delivery"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Many from "../Many.ts"
import * as Row from "../Row.ts"
import * as ClaimRow from "./ClaimRow.ts"
import * as Deliveries from "./Deliveries.ts"
import * as NewDeliveries from "./NewDeliveries.ts"

const notHeld: Settled = { isHeld: false, turn: undefined }
const quietly: Settled = { isHeld: true, turn: undefined }

/**
 * Ends attempts that hold their deliveries, if they do, and notes on their channels how they ended. Returns what that has
 * changed, in the order of the attempts. To be run in a transaction. Those that were delivered one after another, as most
 * are in a mass outage, are written together.
 */
export const settleAll = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  ended: readonly Ended[],
) {
  const settled: Settled[] = []
  let delivered: Delivered[] = []
  for (const one of ended) {
    if (isDelivered(one)) {
      delivered.push(one)
      continue
    }
    settled.push(...(yield* deliver(connection, flavour, delivered)))
    settled.push(yield* settle(connection, flavour, one))
    delivered = []
  }
  return [...settled, ...(yield* deliver(connection, flavour, delivered))]
})

type Delivered = Ended & { readonly outcome: { readonly status: "delivered" } }
const isDelivered = (ended: Ended): ended is Delivered => ended.outcome.status === "delivered"

/** The channel of a delivery is locked before the delivery is written, as by those who delete it. */
const channelsOf = (connection: Connection, flavour: Flavour, ended: readonly Ended[]) =>
  Effect.map(
    Row.query(
      connection,
      Many.select(selection, "d.id", "text", { order: "h.key", lock: flavour.lock("h", true) }),
      ended.map(({ id }) => [id]),
      ([delivery, id, failingSince, cause]) =>
        [
          Row.text(delivery, "id"),
          {
            id: Row.text(id, "id"),
            isFailing: failingSince !== null,
            cause: Row.readable(() => Row.optional(Deliveries.cause, cause, "cause")),
          },
        ] as const,
    ),
    (found) => new Map(found),
  )

const selection =
  "SELECT d.id, h.id, h.failing_since, d.cause FROM deliveries d JOIN channels h ON h.key = d.channel_key"

const deliver = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  ended: readonly Delivered[],
) {
  if (ended.length === 0) return []
  const channels = yield* channelsOf(connection, flavour, ended)
  const written = yield* connection.query(
    delivering,
    ended.map(({ id, attempt, now }) => [now, id, attempt]),
  )
  const attempts = new Set(written.map((row) => row.join(" ")))
  const isHeld = ended.map(({ id, attempt }) => attempts.delete(`${id} ${attempt}`))
  /** When each channel was told something that has failed until then. */
  const recovered = new Map<string, Instant>()
  const settled = ended.map(({ id, now }, index): Settled => {
    const channel = channels.get(id)
    if (!isHeld[index]!) return notHeld
    if (channel?.isFailing !== true || recovered.has(channel.id)) return quietly
    recovered.set(channel.id, now)
    return { isHeld: true, turn: "recovered" }
  })
  const done = ended.filter((_, index) => isHeld[index]!)
  const worked = new Map(done.map(({ id, now }) => [channels.get(id)!.id, now]))
  yield* connection.execute(
    working,
    Array.from(worked, ([channel, now]) => [now, channel]),
  )
  yield* connection.execute(
    remembering,
    done.flatMap(({ id, outcome: { remember } }) =>
      remember === undefined ? [] : [[JSON.stringify(remember), id]],
    ),
  )
  yield* connection.execute(
    skipping,
    done.flatMap(({ id, now }) =>
      Delivery.isKeptBack(channels.get(id)!.cause) ? [[Delivery.justTold, now, id]] : [],
    ),
  )
  for (const [channel, now] of recovered) {
    yield* Deliveries.release(connection, { channel, now, withRefused: false })
  }
  return settled
})

/** Settles an attempt that was not delivered. */
const settle = Effect.fnUntraced(function* (connection: Connection, flavour: Flavour, ended: Ended) {
  const { id, outcome, now } = ended
  const isFailed = Delivery.isFailed(outcome)
  const channel = isFailed ? (yield* channelsOf(connection, flavour, [ended])).get(id) : undefined
  if ((yield* end(connection, ended)) === 0) return notHeld
  if (!isFailed || channel === undefined) return quietly
  yield* connection.execute(failing, [[...failure(outcome, now), channel.id]])
  if (outcome.status === "pending") yield* NewDeliveries.giveWay(connection, id, now)
  return channel.isFailing || !Delivery.isTurn(outcome) ? quietly : { isHeld: true, turn: "failed" as const }
})

const working = "UPDATE channels SET last_success = ?, failing_since = NULL, gone_since = NULL WHERE id = ?"
const failing = `UPDATE channels SET last_error_at = ?, last_error = ?,
    failing_since = coalesce(failing_since, ?), gone_since = CASE CAST(? AS integer) WHEN 1 THEN coalesce(gone_since, ?) END
  WHERE id = ?`
const failure = (outcome: Failed, now: Instant): readonly Value[] => [
  now,
  outcome.error,
  now,
  Delivery.isGone(outcome) ? 1 : 0,
  now,
]

const held = "WHERE id = ? AND status = 'pending' AND is_leased = 1 AND attempts = ?"
const ending = `UPDATE deliveries SET is_leased = 0, error = ?, cause = ?, status = ?, settled_at = ? ${held}`

const delivering = Many.update(
  "deliveries",
  { settled_at: "integer" },
  { id: "text", attempts: "integer" },
  {
    also: "is_leased = 0, error = NULL, cause = NULL, status = 'delivered'",
    where: "status = 'pending' AND is_leased = 1",
    end: "RETURNING deliveries.id, deliveries.attempts",
  },
)

/** Returns 1 when the attempt held the delivery, 0 when it did not (any more). */
const end = (connection: Connection, { id, attempt, outcome, now }: Ended) => {
  const { status } = outcome
  const error = "error" in outcome ? outcome.error : null
  const cause = "cause" in outcome ? outcome.cause : null
  const failures = cause === "failed" ? 1 : 0
  return status === "pending"
    ? connection.execute(
        `UPDATE deliveries SET is_leased = 0, error = ?, cause = ?, failures = failures + ?, due_at = ? ${held}`,
        [[error, cause, failures, outcome.dueAt, id, attempt]],
      )
    : connection.execute(ending, [[error, cause, status, now, id, attempt]])
}

/** Reminders of an outage of which the channel has just been told, after that was kept back. */
const skipping = `UPDATE deliveries SET status = 'skipped', error = ?, settled_at = ?
  WHERE status = 'pending' AND is_leased = 0 AND occasion = 'reminder' AND key IN (
    SELECT r.key FROM deliveries o
      JOIN deliveries r ON r.check_key = o.check_key AND r.channel_key = o.channel_key AND r.flip = o.flip
    WHERE o.id = ?)`

/** What began too long ago to be kept cannot be remembered any more. */
const remembering = `INSERT INTO memories (channel_key, check_key, flip, value)
  SELECT d.channel_key, d.check_key, b.n, ?
  FROM deliveries d
    JOIN flips f ON f.check_key = d.check_key AND f.n = d.flip
    JOIN flips b ON b.check_key = d.check_key AND b.n = ${ClaimRow.began}
  WHERE d.id = ?
  ON CONFLICT (channel_key, check_key, flip) DO UPDATE SET value = excluded.value`
