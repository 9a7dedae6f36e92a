/** The statements that add deliveries, and supersede older ones that have failed. */
import type { Delivery } from "@overdue/core/Delivery"
import type { Instant } from "@overdue/core/Time"
import type { Connection, Transaction } from "../Connection.ts"
import * as Many from "../Many.ts"
import * as Effect from "effect/Effect"
import * as Channels from "./Channels.ts"

/**
 * Inserts deliveries, except those that exist and those to a channel that the project of the check does not have. Returns
 * what is damaged that names such a channel: nobody is told by it. What goes to a channel of which nobody knows whose it is
 * waits until that is corrected.
 */
export const insert = Effect.fnUntraced(function* (
  connection: Transaction,
  deliveries: readonly {
    readonly owner: { readonly key: number; readonly project: number }
    readonly delivery: Delivery
  }[],
) {
  const channels = yield* Channels.named(
    connection,
    deliveries.map(({ delivery }) => delivery.channel),
  )
  const isFound = ({ owner, delivery }: (typeof deliveries)[number]): boolean =>
    Channels.mayBeOf(channels.get(delivery.channel), owner.project)
  yield* connection.send(
    insertion,
    deliveries.filter(isFound).map(({ owner, delivery: { id, flip, occasion, at, channel } }) => {
      const { key } = channels.get(channel)!
      return [owner.project, owner.key, key, id, flip, occasion, at, at, "pending", 0, 0]
    }),
  )
  yield* connection.send(
    superseding,
    deliveries.map(({ delivery: { at, id } }) => [at, id]),
  )
  return deliveries
    .filter((one) => !isFound(one))
    .map(({ delivery: { check, channel } }) => Channels.missing(check, channel))
})

const superseded = "status = 'superseded', cause = NULL, settled_at = ?"

/** A delivery `n` that is newer than others, with its channel and its flip. */
const newer =
  "deliveries n JOIN channels h ON h.key = n.channel_key JOIN flips f ON f.check_key = n.check_key AND f.n = n.flip"
/** Whether the channel wants it (`Channel.wants`). What it does not want tells it of nothing. */
const wanted = `1 = CASE WHEN n.occasion = 'reminder' THEN h.tells_reminders
  WHEN f.to_status = 'down' THEN h.tells_down ELSE h.tells_up END`

const olderThan = `${newer}
    JOIN deliveries o ON o.check_key = n.check_key AND o.channel_key = n.channel_key AND o.key < n.key
      AND o.status = 'pending' AND o.cause = 'failed' AND o.is_leased = 0`
const superseding: Many.Many = {
  one: `UPDATE deliveries SET ${superseded} WHERE key IN (SELECT o.key FROM ${olderThan}
    WHERE n.id = ? AND n.status = 'pending' AND ${wanted})`,
  all: `UPDATE deliveries SET ${superseded.replace("?", "given.at")}
    FROM (SELECT o.key, max(i.at) AS at FROM ${Many.rows(["integer", "text"])} AS i (at, id)
        JOIN ${olderThan.replace("deliveries n", "deliveries n ON n.id = i.id")}
      WHERE n.status = 'pending' AND ${wanted} GROUP BY o.key) AS given
    WHERE deliveries.key = given.key`,
}

/** Supersedes a delivery that has failed, if a newer one waits that tells of it. */
export const giveWay = (connection: Connection, id: string, now: Instant) =>
  connection.execute(
    `UPDATE deliveries SET ${superseded} WHERE id = ? AND status = 'pending' AND EXISTS (SELECT 1 FROM ${newer}
      WHERE n.check_key = deliveries.check_key AND n.channel_key = deliveries.channel_key AND n.key > deliveries.key
        AND n.status = 'pending' AND ${wanted})`,
    [[now, id]],
  )

const insertion = Many.insert(
  "deliveries",
  {
    project: "integer",
    check_key: "integer",
    channel_key: "integer",
    id: "text",
    flip: "integer",
    occasion: "text",
    at: "integer",
    due_at: "integer",
    status: "text",
    attempts: "integer",
    is_leased: "integer",
  },
  "ON CONFLICT (id) DO NOTHING",
)
