import { agreement } from "@overdue/laws/store/Agreement"
import * as Postgres from "@overdue/storage/Postgres"
import type * as Address from "@overdue/storage/postgres/Address"
import * as Driver from "@overdue/storage/postgres/Driver"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"
import * as Pooler from "./Pooler.ts"

const obstacle = Pooler.obstacle()
if (obstacle !== undefined) console.log(`SKIPPED: the store behind PgBouncer. The reason: ${obstacle}`)

await onPostgres("the store behind PgBouncer, which keeps nothing between transactions", (databases) => {
  describe.skipIf(obstacle !== undefined)(obstacle ?? "in transaction mode", () => {
    let pooler: Pooler.Pooler
    beforeAll(async () => {
      pooler = await Pooler.start(Databases.address(databases.url))
    })
    afterAll(() => pooler?.[Symbol.asyncDispose]())

    const address = (given: Partial<Address.Address> = {}): Address.Address => ({
      ...Databases.address(databases.fresh()),
      hosts: [{ host: "127.0.0.1", port: pooler.port }],
      ...given,
    })

    // The statements are those that are tried without it; what is new is that a connection is another one each time.
    agreement(() => Postgres.layer({ address: address() }), 20)

    it.each([
      ["by itself, from what it refuses", undefined],
      ["because it is told so", true],
    ])("finds out %s", (_, isPooled) =>
      Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            const driver = yield* Driver.open({ address: address({ isPooled }) })
            const session = yield* driver.session
            expect(session.isPooled).toBe(true)
            yield* session.close
            const settings = "SELECT current_setting('statement_timeout'), current_setting('search_path')"
            const [row] = yield* driver.query(settings)
            expect(row).toEqual(["20s", expect.stringMatching(/^overdue_test_/)])
          }),
        ),
      ),
    )

    it("finds out that what it sets at the start is dropped in silence, before it has prepared a statement", async () => {
      await using silent = await Pooler.start(Databases.address(databases.url), [
        "ignore_startup_parameters = statement_timeout, lock_timeout, idle_in_transaction_session_timeout, search_path",
      ])
      const hosts = [{ host: "127.0.0.1", port: silent.port }]
      await Effect.runPromise(
        Effect.scoped(
          Effect.gen(function* () {
            const driver = yield* Driver.open({ address: address({ hosts }) })
            const settings = "SELECT current_setting('statement_timeout'), current_setting('search_path')"
            const [row] = yield* driver.query(settings)
            expect(row).toEqual(["20s", expect.stringMatching(/^overdue_test_/)])
            expect(yield* driver.query("SELECT name FROM pg_prepared_statements")).toEqual([])
          }),
        ),
      )
    })
  })
})
