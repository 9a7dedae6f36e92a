/**
 * A ping in SQLite through the store's own driver, against the same store over Effect's SqlClient and the same
 * `node:sqlite` with the same settings, in units of work of 1, 4, 16 and 64 pings for as many checks. The client is used
 * in two ways: by the connection of its transaction, as `EffectSql` does, and by its statements, each with a span.
 *
 * They take turns in one run; a figure is the best of the rounds (other work on the machine only ever adds), and holds
 * the decision about the ping as well. The databases are in memory: what differs is the way there, not the disk.
 */
import { Store, type StoreError } from "@overdue/core/Store"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import type { Connection, Database, Row, Transaction } from "@overdue/storage/Connection"
import * as EffectSql from "@overdue/storage/EffectSql"
import * as Many from "@overdue/storage/Many"
import * as Migrator from "@overdue/storage/Migrator"
import * as SqlStore from "@overdue/storage/SqlStore"
import * as Sqlite from "@overdue/storage/Sqlite"
import { settings } from "@overdue/storage/sqlite/Driver"
import { flavour } from "@overdue/storage/sqlite/Flavour"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import * as NodeSqlClient from "../../packages/storage/test/NodeSqlClient.ts"
import * as Table from "./report/Table.ts"

const batches = [1, 4, 16, 64]
const rounds = 60
/** Pings of each client in a round, whatever the batch. */
const pings = 1_024
const checks = Math.max(...batches)

/** The client's statements as a connection, without a word about what may go wrong: nothing does in a benchmark. */
const statements = (client: SqlClient): Database => {
  const once: readonly Row[] = [[]]
  const connection: Connection = {
    query: (sql, each = once) =>
      Effect.orDie(
        Effect.map(
          Effect.forEach(each, (parameters) => client.unsafe(Many.single(sql), parameters).values),
          (found) => found.flat() as unknown as readonly Row[], // safe because the client's values are those of node:sqlite
        ),
      ),
    execute: (sql, each = once) =>
      Effect.orDie(
        Effect.as(
          Effect.forEach(each, (parameters) => client.unsafe(Many.single(sql), parameters).raw),
          each.length,
        ),
      ),
  }
  const transaction: Transaction = {
    ...connection,
    ahead: (sql, each) => Effect.map(connection.query(sql, each), Effect.succeed),
    send: (sql, each) => Effect.asVoid(connection.execute(sql, each)),
  }
  return {
    ...connection,
    transaction: (unit) =>
      Effect.catchTag(client.withTransaction(unit(transaction)), "SqlError", (error) => Effect.die(error)),
  }
}

const overStatements = Layer.effect(
  Store,
  Effect.gen(function* () {
    const database = statements(yield* SqlClient)
    yield* Migrator.migrate({ database, flavour, place: "The database" })
    return SqlStore.make(database, flavour)
  }),
)

const client = () => NodeSqlClient.layer(":memory:", settings)

const contenders: Readonly<Record<string, Layer.Layer<Store, StoreError>>> = {
  "own driver": Sqlite.layer({ filename: ":memory:" }),
  "SqlClient, connection": Layer.provide(EffectSql.layer, client()),
  "SqlClient, statements": Layer.provide(overStatements, client()),
}
const [, ...peers] = Object.keys(contenders)

let now = StoreFixture.start

/** Microseconds a ping, in units of work of `batch` pings. */
const race = Effect.fnUntraced(function* (store: StoreFixture.Stored, batch: number) {
  const before = performance.now()
  for (let sent = 0; sent < pings; sent += batch) {
    const ids = Array.from({ length: batch }, (_, index) =>
      StoreFixture.checkId(((sent + index) % checks) + 1),
    )
    yield* StoreFixture.happen(store, ids, { type: "success" }, (now += 1))
  }
  return ((performance.now() - before) * 1_000) / pings
})

const bench = Effect.gen(function* () {
  const stores = yield* Effect.forEach(Object.values(contenders), (layer) =>
    Effect.map(Layer.build(layer), (context) => Context.get(context, Store)),
  )
  for (const store of stores) yield* StoreFixture.furnish(store, checks)
  const best = batches.map(() => stores.map(() => Infinity))
  for (let round = 0; round < rounds; round++) {
    for (const [row, batch] of batches.entries()) {
      for (const [column, store] of stores.entries()) {
        best[row]![column] = Math.min(best[row]![column]!, yield* race(store, batch))
      }
    }
  }
  return batches.map((batch, row) => ({ batch, times: best[row]! }))
})

const results = await Effect.runPromise(Effect.scoped(bench))
const round = (figure: number): number => Number(figure.toPrecision(3))

/** Our figure and those of the peers. */
const figures = ([ours = NaN, ...theirs]: readonly number[]) => ({
  ours: round(ours),
  peers: Object.fromEntries(peers.map((name, index) => [name, round(theirs[index]!)])),
  ratios: Object.fromEntries(peers.map((name, index) => [name, round(theirs[index]! / ours)])),
})

process.stdout.write(`
${Table.format(
  ["a ping, by pings in a unit of work", ...Object.keys(contenders)],
  results.map(({ batch, times }) => [String(batch), ...times.map((time) => Table.duration(time * 1_000))]),
)}
${JSON.stringify({
  bench: "sql",
  unit: "µs",
  ...figures(results.at(-1)!.times),
  series: results.map(({ batch, times }) => ({ batch, ...figures(times) })),
})}
`)
