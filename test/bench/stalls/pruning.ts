/** For how long an engine's event loop stands still while it forgets old records: 100,000 at once. */
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { Store } from "@overdue/core/Store"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import * as History from "../seed/History.ts"

/** Instants before which everything is old, and nothing. */
const everything = Date.UTC(2100, 0, 1)
const nothing = 0

const flips = History.flips("c.key = (SELECT min(key) FROM checks)", {
  n: "500000 + many.n",
  at: "1000 * many.n",
})
const told = History.deliveries("f.n > 500000 AND h.key = (SELECT min(key) FROM channels)")

/** An expiry by which nothing is old. */
const none = {
  deliveries: nothing,
  flips: nothing,
  blind: nothing,
  samples: { raw: nothing, minute: nothing, hour: nothing },
}

/** What lies in the database, and which of it is old. */
const cases = [
  {
    name: "100,000 flips",
    statements: [flips, "UPDATE checks SET flips = 700000"],
    expiry: { ...none, flips: everything },
    least: 100_000,
  },
  {
    name: "100,000 flips that stay",
    statements: [flips, "UPDATE checks SET flips = 0"],
    expiry: { ...none, flips: everything },
    least: 0,
  },
  {
    name: "100,000 deliveries",
    statements: [flips, told],
    expiry: { ...none, deliveries: everything },
    least: 100_000,
  },
]

/** Prunes a copy of the database of a server that has stopped; there is a check and a channel in it. */
export const run = async (folder: string, rounds: number) => {
  const results: { readonly name: string; readonly times: readonly number[] }[] = []
  for (const [index, { name, statements, expiry, least }] of cases.entries()) {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const filename = join(folder, `pruned-${index}-${round}.db`)
      copyFileSync(join(folder, "overdue.db"), filename)
      History.write(filename, ...statements)
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
