/** Thins samples, and deletes old rows. */
import type { Expiry } from "@overdue/core/Expiry"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Database, Row as Values } from "../Connection.ts"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"
import * as Walk from "../Walk.ts"
import * as Awake from "./Awake.ts"
import * as Flips from "./Flips.ts"
import * as InGroups from "./InGroups.ts"
import * as Thinning from "./Thinning.ts"

/** Thins samples and deletes the rows that are older than `expiry` allows, and returns how many it deleted. */
export const run = Effect.fnUntraced(function* (database: Database, flavour: Flavour, expiry: Expiry) {
  const deliveries = yield* drain(database, oldDeliveries, expiry.deliveries)
  const flips = yield* drain(database, oldFlips, expiry.flips)
  const blind = yield* drain(database, oldBlindSpans, expiry.blind)
  return deliveries + flips + blind + (yield* Thinning.run(database, flavour, expiry.samples))
})

/** Which rows of a table may be deleted. */
interface Old {
  readonly table: string
  /** The column of the instant by which a row is old. */
  readonly at: string
  /** In SQL, which old rows there are at all. The database has an index of their instants. */
  readonly among?: string
  /** In SQL, which of these nothing needs any more. */
  readonly needless?: string
  /** Returns what runs before rows are deleted, in the same transaction, given the condition for each of them. */
  readonly before?: (condition: string, rows: readonly Values[]) => InGroups.Statement
}

const oldDeliveries: Old = { table: "deliveries", at: "at", among: "status <> 'pending'" }

/**
 * Deleting a flip deletes its deliveries. So the flip of a delivery stays, with all flips after it, and so does the
 * newest flip of a check; how many were deleted is counted for good.
 */
const oldFlips: Old = {
  table: "flips",
  at: "at",
  needless: `n < (SELECT c.flips FROM checks c WHERE c.key = flips.check_key)
    AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.check_key = flips.check_key AND d.flip <= flips.n)`,
  before: (condition, rows) => [Flips.forgetting(condition), rows],
}

const oldBlindSpans: Old = {
  table: "blind_spans",
  at: "to_at",
  before: () => [Awake.changing, [[]]],
}

/**
 * Looks for the rows outside of transactions, as writing keeps all others from writing, and deletes them by their keys.
 * Those that have to stay may be many, and are passed over once.
 */
const drain = Effect.fnUntraced(function* (database: Database, old: Old, before: Instant) {
  const { table, at, among = "1 = 1", needless = "1 = 1" } = old
  const isOld = `${at} < ? AND ${among}`
  const isGoing = `${isOld} AND ${needless} AND key = ?`
  let drained = 0
  yield* Walk.each(
    database,
    {
      selection: `SELECT ${at}, key, CASE WHEN ${needless} THEN 1 ELSE 0 END FROM ${table}`,
      conditions: [isOld],
      parameters: [before],
      key: [at, "key"],
      atOnce: InGroups.atOnce,
    },
    ([, key, isNeedless]) => ({ key: key!, isNeedless: Row.flag(isNeedless, "isNeedless") }),
    Effect.fnUntraced(function* ({ found }) {
      const rows: readonly Values[] = found
        .filter(({ isNeedless }) => isNeedless)
        .map(({ key }) => [before, key])
      if (rows.length === 0) return
      // The condition is tested again: a delivery may have become pending since it was found.
      const deletion: InGroups.Statement = [`DELETE FROM ${table} WHERE ${isGoing}`, rows]
      const all = old.before === undefined ? [deletion] : [old.before(isGoing, rows), deletion]
      drained += yield* InGroups.run(database, ...all)
    }),
  )
  return drained
})
