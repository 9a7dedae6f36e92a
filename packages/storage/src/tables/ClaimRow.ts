/** A delivery on its way as a row: with its flip and its outage, its channel, and its check. */
import * as Alert from "@overdue/core/Alert"
import type { Channel } from "@overdue/core/Channel"
import type { Row as Values } from "../Connection.ts"
import * as Many from "../Many.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Channels from "./Channels.ts"
import * as CheckRow from "./CheckRow.ts"
import * as Deliveries from "./Deliveries.ts"
import * as Flips from "./Flips.ts"

/** The number of the flip that began the outage which flip `f` is about; null when it is about none (`Alert.outageBegan`). */
export const began = "CASE WHEN f.to_status = 'down' THEN f.n WHEN f.from_status = 'down' THEN f.n - 1 END"

const own = `d.key, d.project, f.n, f.from_status, f.to_status, f.reason, p.name, p.zone,
  b.at, b.reason, b.rid, e.at, m.value,
  EXISTS (SELECT 1 FROM deliveries s WHERE s.check_key = d.check_key AND s.channel_key = d.channel_key
    AND s.flip = ${began} AND s.flip < f.n AND s.occasion = 'flip' AND s.status = 'skipped')`
const ownWidth = 14

/** Selects deliveries, by their keys, with all that it takes to tell of them: what `read` reads. */
export const selection = Many.select(
  `SELECT ${own}, ${Deliveries.columns}, ${Channels.columns}, ${CheckRow.columns}
  FROM ${Deliveries.tables}
    JOIN projects p ON p.key = d.project
    LEFT JOIN flips b ON b.check_key = d.check_key AND b.n = ${began}
    LEFT JOIN flips e ON e.check_key = d.check_key AND e.n = 1 + ${began}
    LEFT JOIN memories m ON m.channel_key = d.channel_key AND m.check_key = d.check_key AND m.flip = ${began}`,
  "d.key",
  "integer",
)

/** Returns what reads the channel of a row: once, of many rows that one transaction has found. */
const channels = () => {
  const known = new Map<Values[number], Channel>()
  return (row: Values): Channel => {
    const columns = row.slice(ownWidth + Deliveries.width)
    const [id = null] = columns
    const channel = known.get(id) ?? Channels.read(columns)
    known.set(id, channel)
    return channel
  }
}

/**
 * Returns what reads the rows that one transaction has found: it returns the claim of each but for what other statements
 * add, and throws when it cannot be read.
 */
export const reader = () => {
  const channelOf = channels()
  return (row: Values) => read(row, channelOf(row))
}

const read = (row: Values, channel: Channel) => {
  const [key, project, , , , , , , , , , , memory, untold] = row
  const delivery = Deliveries.read(row.slice(ownWidth))
  const { check } = CheckRow.read(row.slice(ownWidth + Deliveries.width + Channels.width))
  const { flip, reason, begin, end } = readFlips(row)
  const first = Alert.outageBegan(flip)
  const alert: Omit<Alert.Alert, "lastPing"> = {
    id: delivery.id,
    occasion: delivery.occasion,
    status: Alert.status(flip),
    reason,
    at: delivery.at,
    check,
    project: { id: check.project, ...readProject(row) },
    outage: first === undefined ? undefined : Alert.outage(check.id, first, begin, end),
  }
  return {
    key: Row.integer(key, "key"),
    project: Row.integer(project, "project"),
    delivery,
    alert,
    channel,
    memory: memory === null ? undefined : Row.readable(() => Row.json(memory, "value")),
    beganUntold: untold === 1,
  }
}

/** The flip of a delivery, and those that began and ended its outage. */
const readFlips = Row.record(
  "flips",
  (row) => `the flips of ${RecordName.check(row[ownWidth])}`,
  ([, , n, from, to, reason, , , begunAt, begunBy, rid, endedAt]: Values) => ({
    flip: {
      n: Row.integer(n, "n"),
      from: Flips.status(from, "from_status"),
      to: Flips.status(to, "to_status"),
    },
    reason: Flips.reason(reason, "reason"),
    begin:
      begunAt === null
        ? undefined
        : {
            at: Row.instant(begunAt, "at"),
            reason: Flips.reason(begunBy, "reason"),
            rid: Row.optional(Row.text, rid, "rid"),
          },
    end: endedAt === null ? undefined : { at: Row.instant(endedAt, "at") },
  }),
)

const readProject = Row.record(
  "projects",
  (row) => RecordName.of("project", row[ownWidth + Deliveries.width + 1]),
  ([, , , , , , name, zone]: Values) => ({ name: Row.text(name, "name"), zone: Row.text(zone, "zone") }),
)
