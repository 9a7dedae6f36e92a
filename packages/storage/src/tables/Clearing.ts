/**
 * Deletes most of what hangs on a check, a channel or a project before the row itself is deleted, a few rows in each
 * transaction, so that pings never wait long for it. What is left goes with the row, in one transaction.
 *
 * A process may end in between, and then nobody has deleted anything but history: what is pending, and what it takes to
 * tell of it, stays until the row goes. Every loop is bounded by the keys that there were when it began.
 */
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Database, Row as Values, Transaction, Value } from "../Connection.ts"
import * as Row from "../Row.ts"
import * as Walk from "../Walk.ts"
import * as Channels from "./Channels.ts"
import * as Flips from "./Flips.ts"
import * as InGroups from "./InGroups.ts"
import * as Pings from "./Pings.ts"
import * as Thinning from "./Thinning.ts"

const { atOnce } = InGroups
/** Pings have bodies. */
const pingsAtOnce = 50
/** Checks of a project that are looked for at once. */
const checksAtOnce = 64

const asIs = (row: Values): Values => row

/** The first and the last of keys that were found. */
const bounds = (found: readonly Values[]): Values => [found[0]![0]!, found.at(-1)![0]!]

/** The ids of a channel or a check, and before it of the project that it must belong to. */
type Named = readonly [project: string, id: string]

/** Keys may come to others once their rows are gone, but ids do not: what is deleted is looked for by them. */
const ofChannel = "channel_key = (SELECT key FROM channels WHERE id = ?)"
const ofCheck = "check_key = (SELECT key FROM checks WHERE id = ?)"

/** Deletes the row itself, in a transaction; returns whether there was one. */
type Removal = (connection: Transaction) => Effect.Effect<boolean, StoreError>

/** Deletes a channel, after those of its deliveries that are settled, and what it remembers of outages that are over. */
export const channel = (database: Database, named: Named, removal: Removal) =>
  Effect.andThen(clearChannel(database, named), database.transaction(removal))

/** Deletes a check, after flips that are over, what was told of them, and all pings but the newest. */
export const check = (database: Database, named: Named, removal: Removal) =>
  Effect.andThen(clearCheck(database, named, false), leaving(database, removal))

/** Deletes a project, after that of its checks. Its channels have no deliveries of others. */
export const project = (database: Database, id: string, removal: Removal) =>
  Effect.andThen(clearProject(database, id), leaving(database, removal))

/** Samples are left when their check goes, of none then, and go afterwards: when the process ends before, with the next pruning. */
const leaving = (database: Database, removal: Removal) =>
  Effect.tap(database.transaction(removal), () => Effect.ignore(Thinning.clear(database)))

const clearChannel = Effect.fnUntraced(function* (database: Database, [project, id]: Named) {
  const found = yield* Row.first(
    database,
    `SELECT h.key, (SELECT max(key) FROM deliveries) FROM ${Channels.owned}`,
    [project, id],
    ([key, last]) => ({ key: key!, last: last! }),
  )
  if (found === undefined) return
  const { key, last } = found
  yield* Walk.each(database, { ...sent, parameters: [key, last] }, asIs, ({ found }) =>
    InGroups.run(database, [deletingSent, [[id, ...bounds(found)]]]),
  )
  yield* Walk.each(database, { ...memories, parameters: [key] }, asIs, ({ found }) =>
    InGroups.run(database, [deletingMemory, found.map((row) => [id, ...row])]),
  )
})

const sent = {
  selection: "SELECT key FROM deliveries",
  conditions: ["channel_key = ?", "key <= ?"],
  key: ["key"],
  atOnce,
}
const deletingSent = `DELETE FROM deliveries WHERE ${ofChannel} AND key BETWEEN ? AND ? AND status <> 'pending'`

const memories = {
  selection: "SELECT check_key, flip FROM memories",
  conditions: ["channel_key = ?"],
  key: ["check_key", "flip"],
  atOnce,
}
/** The newest of each check may be of an outage that lasts, and others of one that is still to be told. */
const deletingMemory = `DELETE FROM memories WHERE ${ofChannel} AND check_key = ? AND flip = ?
  AND EXISTS (SELECT 1 FROM memories o WHERE o.channel_key = memories.channel_key
    AND o.check_key = memories.check_key AND o.flip > memories.flip)
  AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.check_key = memories.check_key
    AND d.channel_key = memories.channel_key AND d.status = 'pending')`

/** `wholly`: also what is too little to be worth a transaction of its own. */
const clearCheck = Effect.fnUntraced(function* (database: Database, [project, id]: Named, wholly: boolean) {
  const found = yield* Row.first(
    database,
    `SELECT c.key, c.last_logged, (SELECT max(n) FROM flips WHERE check_key = c.key), (SELECT max(key) FROM deliveries)
    FROM checks c JOIN projects p ON p.key = c.project WHERE p.id = ? AND c.id = ?`,
    [project, id],
    ([key, newestPing, newestFlip, last]) => ({
      key: key!,
      newestPing: newestPing!,
      newestFlip: newestFlip!,
      last: last!,
    }),
  )
  if (found === undefined) return
  const { key, newestPing, newestFlip, last } = found
  // The newest flip, and that from which it came.
  const recent = Number(newestFlip) - 1
  yield* Walk.each(database, { ...told, parameters: [key, newestFlip, last] }, asIs, ({ found }) =>
    wholly || found.length === atOnce
      ? InGroups.run(database, [deletingTold, found.map(([, delivery]) => [id, delivery!, recent])])
      : Effect.void,
  )
  yield* Walk.each(database, { ...old, parameters: [key, recent] }, asIs, ({ found }) => {
    if (!wholly && found.length < atOnce) return Effect.void
    const range: Values = [id, ...bounds(found), id]
    return InGroups.run(database, [countingFlips, [range]], [deletingFlips, [range]])
  })
  yield* clearPings(database, { id, key, newestPing }, wholly)
})

/** By their flips: then those with keys beyond the last one are passed over, and so are new flips. */
const told = {
  selection: "SELECT flip, key FROM deliveries",
  conditions: ["check_key = ?", "flip <= ?", "key <= ?"],
  key: ["flip", "key"],
  atOnce,
}
/** What became of the last two flips decides what a channel that works again is yet told. */
const deletingTold = `DELETE FROM deliveries WHERE ${ofCheck} AND key = ? AND status <> 'pending'
  AND (flip < ? OR occasion = 'reminder')`

const old = {
  selection: "SELECT n FROM flips",
  conditions: ["check_key = ?", "n < ?"],
  key: ["n"],
  atOnce,
}
/** Deleting a flip deletes its deliveries, so the flip of one that is pending stays, with all after it. */
const someFlips = `${ofCheck} AND n BETWEEN ? AND ? AND n < (
  SELECT coalesce(min(flip), ${Number.MAX_SAFE_INTEGER}) FROM deliveries WHERE ${ofCheck} AND status = 'pending')`
/** Metrics are read until the check is gone, and their counters must not run backwards. */
const countingFlips = Flips.forgetting(someFlips)
const deletingFlips = `DELETE FROM flips WHERE ${someFlips}`

/** Oldest first: a chain that ends in nothing ends there. */
const clearPings = Effect.fnUntraced(function* (
  database: Database,
  { id, key, newestPing }: { readonly id: string; readonly key: Value; readonly newestPing: Value },
  wholly: boolean,
) {
  const pings: Value[] = []
  let next: Value = newestPing
  while (next !== null) {
    const some = yield* Pings.chained(database, { newest: next, check: key, limit: atOnce })
    for (const [ping] of some) pings.push(ping!)
    next = some.length < atOnce ? null : some.at(-1)![1]!
    yield* Effect.yieldNow
  }
  while (pings.length > (wholly ? 1 : pingsAtOnce)) {
    const some = pings.splice(Math.max(1, pings.length - pingsAtOnce))
    yield* InGroups.run(database, [
      `DELETE FROM pings WHERE ${ofCheck} AND key = ?`,
      some.map((ping) => [id, ping]),
    ])
  }
})

const clearProject = Effect.fnUntraced(function* (database: Database, id: string) {
  const last = yield* Row.first(database, "SELECT max(key) FROM checks", [], ([key]) => key!)
  yield* Walk.each(
    database,
    {
      selection: "SELECT c.key, c.id FROM checks c JOIN projects p ON p.key = c.project",
      conditions: ["p.id = ?", "c.key <= ?"],
      parameters: [id, last ?? null],
      key: ["c.key"],
      atOnce: checksAtOnce,
    },
    ([, one]) => Row.text(one, "id"),
    ({ found }) => Effect.forEach(found, (one) => clearCheck(database, [id, one], true), { discard: true }),
  )
})
