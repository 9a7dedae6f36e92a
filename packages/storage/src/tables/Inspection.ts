/** Looks at everything that alerts depend on, whether or not anybody asks for it: what is damaged may keep silent for ever. */
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Database, Row as Values, Value } from "../Connection.ts"
import * as RecordName from "../RecordName.ts"
import * as Row from "../Row.ts"
import * as Walk from "../Walk.ts"
import * as Channels from "./Channels.ts"
import * as CheckRow from "./CheckRow.ts"
import * as Deliveries from "./Deliveries.ts"
import * as FarAhead from "./FarAhead.ts"
import * as Groups from "./Groups.ts"
import * as Misnamed from "./Misnamed.ts"
import * as Projects from "./Projects.ts"

/** Checks that are read before others have their turn: about a millisecond of work. */
const atOnce = 32

/** The same of deliveries, of which only the status is. */
const skimmedAtOnce = 1_000

/** What was found. */
export interface Found {
  /** Records that are damaged, or name what does not exist. */
  readonly damaged: readonly StoreError[]
  /** Checks at which nobody would have looked in time: that was stored wrong, and has been mended. */
  readonly mended: readonly StoreError[]
}

/** Reads all projects, keys, channels and checks, and the statuses of all deliveries. */
export const run = Effect.fnUntraced(function* (database: Database) {
  const damaged: StoreError[] = []
  const mended: StoreError[] = []
  const limit = (yield* FarAhead.limit(database)) ?? Infinity
  const projects = yield* Projects.all(database)
  damaged.push(...projects.damaged, ...projects.found.flatMap((one) => FarAhead.ofProject(one, limit)))
  damaged.push(...projects.found.flatMap(Misnamed.ofProject))
  const keys = yield* Projects.allKeys(database)
  damaged.push(...keys.damaged, ...keys.found.flatMap(Misnamed.ofKey))
  damaged.push(...(yield* Groups.all(database)).damaged)
  const channels = yield* Channels.all(database)
  damaged.push(...channels.damaged, ...channels.found.flatMap(Misnamed.ofChannel))
  if (limit < Infinity) damaged.push(...(yield* FarAhead.ofOthers(database, limit)))
  damaged.push(...(yield* lost(database)))
  yield* Walk.each(
    database,
    { selection: CheckRow.selectionOfAny, key: ["c.key"], keyAt: CheckRow.keyAt, atOnce },
    CheckRow.read,
    Effect.fnUntraced(function* (checks) {
      const stored = checks.found
      damaged.push(...checks.damaged)
      damaged.push(...stored.flatMap((one) => FarAhead.ofCheck(one, limit)))
      damaged.push(...stored.flatMap(({ check }) => Misnamed.ofCheck(check)))
      damaged.push(...(yield* severed(database, stored)))
      mended.push(...(yield* mend(database, stored.filter(isOverlooked))))
    }),
  )
  return { damaged, mended } satisfies Found
})

/** Returns what is wrong with deliveries of which nobody knows what became: they are neither sent nor given up. */
const lost = Effect.fnUntraced(function* (database: Database) {
  const damaged: StoreError[] = []
  let after: number | undefined = Number.MIN_SAFE_INTEGER
  while (after !== undefined) {
    const [[last] = []]: readonly Values[] = yield* database.query(stretch, [[after]])
    if (typeof last === "number")
      damaged.push(...(yield* Deliveries.ofNoStatus(database, after, last)).damaged)
    after = following(after, last)
    yield* Effect.yieldNow
  }
  return damaged
})

const stretch = `SELECT max(key) FROM (SELECT key FROM deliveries WHERE key > ? ORDER BY key LIMIT ${skimmedAtOnce}) s`

/** Returns after which key to go on; `undefined` at the end. A damaged key may be too large to be told from the next. */
const following = (after: number, last: Value | undefined): number | undefined =>
  typeof last === "number" && last > after ? last : undefined

/** Returns what is wrong with checks that are to tell channels which their projects do not have. */
const severed = Effect.fnUntraced(function* (connection: Connection, stored: readonly CheckRow.Stored[]) {
  const ids = stored.flatMap(({ check }) => check.details.channels)
  if (ids.length === 0) return []
  const channels = yield* Channels.named(connection, ids)
  return stored.flatMap(({ check: { id, details }, project }) =>
    details.channels
      .filter((channel) => !Channels.mayBeOf(channels.get(channel), project))
      .map((channel) => Channels.missing(id, channel)),
  )
})

/** Whether nobody would look at a check when its deadline has passed. */
const isOverlooked = ({ lookAt, check: { state } }: CheckRow.Stored): boolean =>
  state.deadline !== undefined && (lookAt === undefined || lookAt > state.deadline)

/** When a check is looked at follows from its deadline, so that nothing is lost by writing it anew. */
const mend = Effect.fnUntraced(function* (connection: Connection, stored: readonly CheckRow.Stored[]) {
  yield* connection.execute(
    `UPDATE checks SET look_at = deadline
    WHERE key = ? AND deadline IS NOT NULL AND (look_at IS NULL OR look_at > deadline)`,
    stored.map(({ key }) => [key]),
  )
  return stored.map(({ check: { id } }) =>
    Row.damage(
      { table: "checks", record: RecordName.check(id), column: "look_at" },
      "it was missing, or later than the deadline",
      "",
    ),
  )
})
