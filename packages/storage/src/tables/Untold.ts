/** What a channel was never told, and is told along with the next alert of the same check. */
import * as Alert from "@overdue/core/Alert"
import * as Delivery from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values, Value } from "../Connection.ts"
import * as Many from "../Many.ts"
import * as Row from "../Row.ts"
import * as Deliveries from "./Deliveries.ts"
import * as Flips from "./Flips.ts"

/** Returns what is untold before each of some deliveries, by their keys, the oldest first. What is damaged is left out. */
export const before = (connection: Connection, keys: readonly Values[]) =>
  Effect.map(
    connection.query(earlier, keys),
    (rows): ReadonlyMap<Value | undefined, readonly Alert.Untold[]> =>
      new Map(
        Array.from(
          Map.groupBy(
            rows.toSorted((a, b) => Number(a[6]) - Number(b[6])),
            ([key]) => key,
          ),
          ([key, those]) => [key, those.flatMap((row) => Row.readable(() => readUntold(row)) ?? [])],
        ),
      ),
  )

/**
 * What was given up on the way from the check of a delivery to its channel, and of which nothing later has told. It is
 * looked for among those of the check: the sum keeps the planner from all that ever went to the channel.
 */
const one = `SELECT d.key, o.id, o.occasion, o.at, f.to_status, f.reason, o.key AS n
  FROM deliveries d
    JOIN deliveries o ON o.check_key = d.check_key AND o.channel_key + 0 = d.channel_key AND o.key < d.key
      AND o.status IN (${Deliveries.words(Delivery.untold)})
    JOIN flips f ON f.check_key = o.check_key AND f.n = o.flip
  WHERE d.key = ?
    AND NOT EXISTS (SELECT 1 FROM deliveries t WHERE t.check_key = o.check_key AND t.flip >= o.flip
      AND t.channel_key = o.channel_key AND t.status = 'delivered' AND t.key > o.key AND t.key < d.key)
  ORDER BY o.key DESC LIMIT ${Limits.untoldAlerts}`
const earlier = Many.each(one, { asked_key: "integer" })

const readUntold = ([, id, occasion, at, to, why]: Values): Alert.Untold => ({
  id: Row.text(id, "id"),
  occasion: Deliveries.occasion(occasion, "occasion"),
  at: Row.instant(at, "at"),
  status: Alert.status({ to: Flips.status(to, "to_status") }),
  reason: Flips.reason(why, "reason"),
})
