/** For how long an engine's event loop stands still while it forgets old records: 100,000 at once. */
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { DatabaseSync } from "node:sqlite"
import { Store } from "@overdue/core/Store"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"

/** Instants before which everything is old, and nothing. */
const everything = Date.UTC(2100, 0, 1)
const nothing = 0

const insertFlips = (check: string) => `INSERT INTO flips
    (project, check_key, n, at, from_status, to_status, reason, is_blind, is_quiet)
  SELECT c.project, c.key, 500000 + many.n, 1000 * many.n, 'up', 'down', 'fail', 0, 0 FROM many, checks c WHERE ${check}`

/** What lies in the database, and which of it is old. */
const cases = [
  {
    name: "100,000 flips",
    sql: [insertFlips("c.key = (SELECT min(key) FROM checks)"), "UPDATE checks SET flips = 700000"],
    expiry: { deliveries: nothing, flips: everything, blind: nothing },
    least: 100_000,
  },
  {
    name: "100,000 flips that stay",
    sql: [insertFlips("c.key = (SELECT min(key) FROM checks)"), "UPDATE checks SET flips = 0"],
    expiry: { deliveries: nothing, flips: everything, blind: nothing },
    least: 0,
  },
  {
    name: "100,000 deliveries",
    sql: [
      insertFlips("c.key = (SELECT min(key) FROM checks)"),
      `INSERT INTO deliveries
          (project, check_key, channel_key, id, flip, occasion, at, status, attempts, due_at, is_leased, settled_at)
        SELECT f.project, f.check_key, h.key, lower(hex(randomblob(16))), f.n, 'flip', f.at, 'delivered', 1, f.at, 0, f.at
        FROM flips f, (SELECT min(key) AS key FROM channels) h WHERE f.n > 500000`,
    ],
    expiry: { deliveries: everything, flips: nothing, blind: nothing },
    least: 100_000,
  },
]

const many = "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 100000)"

/** Prunes a copy of the database of a server that has stopped; there is a check and a channel in it. */
export const run = async (folder: string, rounds: number) => {
  const results: { readonly name: string; readonly times: readonly number[] }[] = []
  for (const [index, { name, sql, expiry, least }] of cases.entries()) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const filename = join(folder, `pruned-${index}-${round}.db`)
      copyFileSync(join(folder, "overdue.db"), filename)
      {
        using database = new DatabaseSync(filename)
        for (const one of sql) database.exec(one.startsWith("INSERT") ? `${many} ${one}` : one)
      }
      times.push(await longest(filename, expiry, least))
    }
    results.push({ name, times })
  }
  return results
}

const longest = (filename: string, expiry: Parameters<Store["Service"]["prune"]>[0], least: number) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const store = yield* Store
        const delay = monitorEventLoopDelay({ resolution: 1 })
        delay.enable()
        yield* Effect.sleep(50)
        delay.reset()
        const pruned = yield* store.prune(expiry)
        yield* Effect.sleep(5)
        delay.disable()
        if (pruned < least) throw new Error(`${pruned} records were pruned of ${least}`)
        return delay.max / 1e6
      }).pipe(Effect.provide(Sqlite.layer({ filename }))),
    ),
  )
