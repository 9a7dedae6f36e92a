import * as PgClient from "@effect/sql-pg/PgClient"
import { agreement } from "@overdue/laws/store/Agreement"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import { Store } from "@overdue/core/Store"
import * as EffectSql from "@overdue/storage/EffectSql"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"

await onPostgres("the store over a SqlClient of PostgreSQL", (databases) => {
  /** The client of a new schema. */
  const client = () =>
    Layer.unwrap(
      Effect.promise(async () => {
        const { hosts, database, username, password, schema = "" } = Databases.address(databases.fresh())
        await Databases.run(databases.url, `CREATE SCHEMA ${schema}`)
        const { host, port } = hosts[0]!
        const startupParameters = { search_path: schema }
        return PgClient.layer({ host, port, database, username, password, startupParameters })
      }),
    )

  agreement(() => Layer.provide(EffectSql.layer, client()), 20)

  it("says what is wrong as the store's own connections do", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const context = yield* Layer.build(Layer.provideMerge(EffectSql.layer, client()))
          const sql = Context.get(context, SqlClient)
          yield* sql`ALTER TABLE checks RENAME TO gone`
          const error = yield* Effect.flip(Context.get(context, Store).check(StoreFixture.checkId(1)))
          expect(error.detail).toMatch(
            /^The database of the SqlClient lacks a table \(relation "checks" does not exist\)\./,
          )
        }),
      ),
    ))

  it("leaves no trace when the application takes its transaction back, and stays when it commits", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const context = yield* Layer.build(Layer.provideMerge(EffectSql.layer, client()))
          const store = Context.get(context, Store)
          const sql = Context.get(context, SqlClient)
          yield* StoreFixture.furnish(store, 1)
          const id = StoreFixture.checkId(1)
          const pings = Effect.map(store.check(id), (check) => check?.state.pings)
          const ping = StoreFixture.happen(store, [id], { type: "success" }, StoreFixture.start + 1)
          yield* Effect.flip(sql.withTransaction(Effect.andThen(ping, Effect.fail("taken back"))))
          expect(yield* pings).toBe(1)
          yield* sql.withTransaction(ping)
          expect(yield* pings).toBe(2)
        }),
      ),
    ))
})
