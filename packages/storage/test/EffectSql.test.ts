import { Store } from "@overdue/core/Store"
import { storeLaws } from "@overdue/laws/storeLaws"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as EffectSql from "@overdue/storage/EffectSql"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SqlClient } from "effect/sql/SqlClient"
import { describe, expect, it } from "vitest"
import * as Files from "./Files.ts"
import * as NodeSqlClient from "./NodeSqlClient.ts"

storeLaws("the store over a SqlClient of SQLite", () =>
  Layer.provide(EffectSql.layer, NodeSqlClient.layer(Files.fresh())),
)

const opening = (settings: string) =>
  Effect.runPromise(
    Effect.flip(
      Effect.scoped(Layer.build(Layer.provide(EffectSql.layer, NodeSqlClient.layer(":memory:", settings)))),
    ),
  )

describe("a unit of work in a transaction of the application", () => {
  it("leaves no trace when the application takes the transaction back, and stays when it commits", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const context = yield* Layer.build(
            Layer.provideMerge(EffectSql.layer, NodeSqlClient.layer(":memory:")),
          )
          const store = Context.get(context, Store)
          const client = Context.get(context, SqlClient)
          yield* StoreFixture.furnish(store, 1)
          const pings = Effect.map(store.check(StoreFixture.checkId(1)), (check) => check?.state.pings)
          const ping = StoreFixture.happen(
            store,
            [StoreFixture.checkId(1)],
            { type: "success" },
            StoreFixture.start + 1,
          )
          yield* Effect.flip(client.withTransaction(Effect.andThen(ping, Effect.fail("taken back"))))
          expect(yield* pings).toBe(1)
          yield* client.withTransaction(ping)
          expect(yield* pings).toBe(2)
        }),
      ),
    ))
})

describe("a SqlClient that does not check foreign keys", () => {
  it("is refused with the remedy", async () => {
    const error = await opening("PRAGMA foreign_keys = OFF")
    expect(error).toMatchObject({ reason: "failed", permanent: true })
    expect(error.detail).toBe(
      "The database of the SqlClient does not check foreign keys. Run PRAGMA foreign_keys = ON.",
    )
  })
})
