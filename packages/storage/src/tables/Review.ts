/** Reads every record of a database as the store would, and says of which it could not. */
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values } from "../Connection.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Walk from "../Walk.ts"
import * as Awake from "./Awake.ts"
import * as Deliveries from "./Deliveries.ts"
import * as Flips from "./Flips.ts"
import * as Inspection from "./Inspection.ts"
import * as Pings from "./Pings.ts"

const readMemory = Row.record(
  "memories",
  ([check, channel]) => `what ${RecordName.of("channel", channel)} remembers of ${RecordName.check(check)}`,
  ([, , value]: Values) => Row.json(value, "value"),
)

/** Tables whose rows have keys, each with what reads the rest of a row. */
const walks: readonly (readonly [table: string, key: string, read: (row: Values) => unknown])[] = [
  // Those of checks that were deleted are nobody's any more.
  [`${Pings.columnsOfAny} FROM pings l JOIN checks c ON c.key = l.check_key`, "l.key", Pings.read],
  [`${Flips.columns} FROM flips f LEFT JOIN checks c ON c.key = f.check_key`, "f.key", Flips.read],
  [`${Deliveries.columns} FROM ${Deliveries.tablesOfAny}`, "d.key", Deliveries.read],
]

/** Returns what is wrong with each record that cannot be read, or that names what does not exist. */
export const run = Effect.fnUntraced(function* (database: Database) {
  const damaged: StoreError[] = [...(yield* Inspection.run(database)).damaged]
  const add = (some: Row.Listed<unknown>) => Effect.sync(() => void damaged.push(...some.damaged))
  for (const [table, key, read] of walks) {
    const walk = { selection: `SELECT ${key}, ${table}`, key: [key] }
    yield* Walk.each(database, walk, (row) => read(row.slice(1)), add)
  }
  for (const list of others(database)) yield* Effect.flatMap(list, add)
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
