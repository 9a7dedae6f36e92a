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

  /** Runs something with a store, and with its client. */
  const using = <A, E>(work: (store: Store["Service"], sql: SqlClient) => Effect.Effect<A, E>): Promise<A> =>
    Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(Layer.build(Layer.provideMerge(EffectSql.layer, client())), (context) =>
          work(Context.get(context, Store), Context.get(context, SqlClient)),
        ),
      ),
    )

  it("says what is wrong as the store's own connections do", () =>
    using((store, sql) =>
      Effect.gen(function* () {
        yield* sql`ALTER TABLE checks RENAME TO gone`
        const error = yield* Effect.flip(store.check(StoreFixture.checkId(1)))
        expect(error.detail).toMatch(
          /^The database of the SqlClient lacks a table \(relation "checks" does not exist\)\./,
        )
      }),
    ))

  it("leaves no trace when the application takes its transaction back, and stays when it commits", () =>
    using((store, sql) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        const id = StoreFixture.checkId(1)
        const pings = Effect.map(store.check(id), (check) => check?.state.pings)
        const ping = StoreFixture.happen(store, [id], { type: "success" }, StoreFixture.start + 1)
        yield* Effect.flip(sql.withTransaction(Effect.andThen(ping, Effect.fail("taken back"))))
        expect(yield* pings).toBe(1)
        yield* sql.withTransaction(ping)
        expect(yield* pings).toBe(2)
      }),
    ))
})
