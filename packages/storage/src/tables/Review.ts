/** Reads every record of a database as the store would, and says of which it could not. */
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values, Value } from "../Connection.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Awake from "./Awake.ts"
import * as Deliveries from "./Deliveries.ts"
import * as Flips from "./Flips.ts"
import * as Inspection from "./Inspection.ts"
import * as Pings from "./Pings.ts"

/** Rows that are read at once. */
const atOnce = 1_000

const readMemory = Row.record(
  "memories",
  ([check, channel]) => `what ${RecordName.of("channel", channel)} remembers of ${RecordName.check(check)}`,
  ([, , value]: Values) => Row.json(value, "value"),
)

/** Tables whose rows have keys: what is read of them, in the order of the keys, and by what. */
const walks: readonly (readonly [selection: string, key: string, read: (row: Values) => unknown])[] = [
  // Those of checks that were deleted are nobody's any more.
  [
    `SELECT l.key, ${Pings.columnsOfAny} FROM pings l JOIN checks c ON c.key = l.check_key`,
    "l.key",
    Pings.read,
  ],
  [
    `SELECT f.key, ${Flips.columns} FROM flips f LEFT JOIN checks c ON c.key = f.check_key`,
    "f.key",
    Flips.read,
  ],
  [`SELECT d.key, ${Deliveries.columns} FROM ${Deliveries.tablesOfAny}`, "d.key", Deliveries.read],
]

/** Returns what is wrong with each record that cannot be read, or that names what does not exist. */
export const run = Effect.fnUntraced(function* (database: Database) {
  const damaged: StoreError[] = [...(yield* Inspection.run(database)).damaged]
  for (const [selection, key, read] of walks) {
    let after: number | undefined = Number.MIN_SAFE_INTEGER
    while (after !== undefined) {
      const slice: string = `${selection} WHERE ${key} > ? ORDER BY ${key} LIMIT ${atOnce}`
      const last: { key: Value | undefined } = { key: undefined }
      const one = (row: Values): unknown => {
        last.key = row[0]
        return read(row.slice(1))
      }
      damaged.push(...(yield* Row.list(database, slice, [[after]], one)).damaged)
      after = Inspection.following(after, last.key)
    }
  }
  for (const list of others(database)) damaged.push(...(yield* list).damaged)
  // Deliveries whose status is none are found by the inspection as well.
  return [...new Map(damaged.map((error) => [error.detail, error])).values()]
})

const others = (connection: Connection) => [
  Flips.forgotten(connection),
  Row.list(
    connection,
    `SELECT c.id, h.id, m.value FROM memories m
      LEFT JOIN checks c ON c.key = m.check_key LEFT JOIN channels h ON h.key = m.channel_key`,
    [[]],
    readMemory,
  ),
  Awake.all(connection),
  Awake.last(connection),
]
