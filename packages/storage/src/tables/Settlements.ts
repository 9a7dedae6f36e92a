/** Attempts that have ended, in SQL: what becomes of the delivery, and what that leaves behind on its channel. */
import * as Delivery from "@overdue/core/Delivery"
import type { Ended, Failed, Settled } from "@overdue/core/Delivery"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Value } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Claims from "./Claims.ts"
import * as Deliveries from "./Deliveries.ts"

const notHeld: Settled = { isHeld: false, turn: undefined }
const quietly: Settled = { isHeld: true, turn: undefined }

/**
 * Ends the attempt that holds the delivery, if it is this one, and notes on its channel how it ended. To be run in a
 * transaction. The channel is locked first, as by those who delete it.
 */
export const settle = Effect.fnUntraced(function* (connection: Connection, flavour: Flavour, ended: Ended) {
  const { id, outcome, now } = ended
  const isOfChannel = outcome.status === "delivered" || Delivery.isFailed(outcome)
  const channel = isOfChannel
    ? yield* Row.first(
        connection,
        `SELECT h.id, h.failing_since, d.cause FROM deliveries d JOIN channels h ON h.key = d.channel_key
        WHERE d.id = ?${flavour.lock("h", true)}`,
        [id],
        ([id, failingSince, cause]) => ({
          id: Row.text(id),
          failingSince: Row.optional(Row.integer, failingSince),
          cause: Row.optional(Deliveries.cause, cause),
        }),
      )
    : undefined
  if ((yield* end(connection, ended)) === 0) return notHeld
  if (channel === undefined) return quietly
  const isFailing = channel.failingSince !== undefined
  if (Delivery.isFailed(outcome)) {
    yield* connection.execute(failing, [[...failure(outcome, now), channel.id]])
    if (outcome.status === "pending") yield* Deliveries.giveWay(connection, id, now)
    return isFailing || !Delivery.isTurn(outcome) ? quietly : { isHeld: true, turn: "failed" as const }
  }
  yield* connection.execute(working, [[now, channel.id]])
  if (outcome.status === "delivered" && outcome.remember !== undefined) {
    yield* connection.execute(remembering, [[JSON.stringify(outcome.remember), id]])
  }
  if (Delivery.isKeptBack(channel.cause)) yield* connection.execute(skipping, [[now, id]])
  if (!isFailing) return quietly
  yield* Deliveries.release(connection, { channel: channel.id, now, withRefused: false })
  return { isHeld: true, turn: "recovered" as const }
})

const working = "UPDATE channels SET last_success = ?, failing_since = NULL, gone_since = NULL WHERE id = ?"
const failing = `UPDATE channels SET last_error_at = ?, last_error = ?,
    failing_since = coalesce(failing_since, ?), gone_since = CASE ? WHEN 1 THEN coalesce(gone_since, ?) END
  WHERE id = ?`
const failure = (outcome: Failed, now: Instant): readonly Value[] => [
  now,
  outcome.error,
  now,
  Delivery.isGone(outcome) ? 1 : 0,
  now,
]

/** Returns 1 when the attempt held the delivery, 0 when it did not (any more). */
const end = (connection: Connection, { id, attempt, outcome, now }: Ended) => {
  const held = "WHERE id = ? AND status = 'pending' AND is_leased = 1 AND attempts = ?"
  const { status } = outcome
  const error = "error" in outcome ? outcome.error : null
  const cause = "cause" in outcome ? outcome.cause : null
  const failures = cause === "failed" ? 1 : 0
  return status === "pending"
    ? connection.execute(
        `UPDATE deliveries SET is_leased = 0, error = ?, cause = ?, failures = failures + ?, due_at = ? ${held}`,
        [[error, cause, failures, outcome.dueAt, id, attempt]],
      )
    : connection.execute(
        `UPDATE deliveries SET is_leased = 0, error = ?, cause = ?, status = ?, settled_at = ? ${held}`,
        [[error, cause, status, now, id, attempt]],
      )
}

/** Reminders of an outage of which the channel has just been told, after that was kept back. */
const skipping = `UPDATE deliveries SET status = 'skipped', settled_at = ?
  WHERE status = 'pending' AND is_leased = 0 AND occasion = 'reminder' AND key IN (
    SELECT r.key FROM deliveries o
      JOIN deliveries r ON r.check_key = o.check_key AND r.channel_key = o.channel_key AND r.flip = o.flip
    WHERE o.id = ?)`

/** What began too long ago to be kept cannot be remembered any more. */
const remembering = `INSERT INTO memories (channel_key, check_key, flip, value)
  SELECT d.channel_key, d.check_key, b.n, ?
  FROM deliveries d
    JOIN flips f ON f.check_key = d.check_key AND f.n = d.flip
    JOIN flips b ON b.check_key = d.check_key AND b.n = ${Claims.began}
  WHERE d.id = ?
  ON CONFLICT (channel_key, check_key, flip) DO UPDATE SET value = excluded.value`
