import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import { Store } from "@overdue/core/Store"
import * as Keys from "@overdue/storage/Keys"
import * as Migrator from "@overdue/storage/Migrator"
import * as Migrations from "@overdue/storage/migrations/index"
import * as Postgres from "@overdue/storage/Postgres"
import * as Driver from "@overdue/storage/postgres/Driver"
import { flavour } from "@overdue/storage/postgres/Flavour"
import * as Schema from "@overdue/storage/postgres/Schema"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import { expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"

await onPostgres("keys that are counted by blocks", (databases) => {
  const run = <A>(work: Effect.Effect<A, unknown, Scope>): Promise<A> =>
    Effect.runPromise(Effect.scoped(work))
  const storeOf = (url: string) =>
    Effect.map(Layer.build(Postgres.layer({ address: Databases.address(url) })), (context) =>
      Context.get(context, Store),
    )
  const next = (driver: Driver.Driver, count: number) =>
    driver.transaction((unit) => Keys.next(unit, flavour, "pings", count))

  it("are given to one only, and as many as are asked for", () =>
    run(
      Effect.gen(function* () {
        const url = databases.fresh()
        yield* storeOf(url)
        const drivers = [
          yield* Driver.open({ address: Databases.address(url) }),
          yield* Driver.open({ address: Databases.address(url) }),
        ]
        const counts = [1, 63, 64, 65, 200, 1]
        const given = yield* Effect.forEach(
          counts.flatMap((count) => drivers.map((driver) => ({ driver, count }))),
          ({ driver, count }) => Effect.map(next(driver, count), (keys) => ({ keys, count })),
          { concurrency: 4 },
        )
        for (const { keys, count } of given) {
          expect(keys.length).toBeGreaterThanOrEqual(count)
          expect(keys).toEqual(keys.toSorted((one, other) => one - other))
        }
        const all = given.flatMap(({ keys }) => keys)
        expect(new Set(all).size).toBe(all.length)
      }),
    ))

  it("go on behind those that were counted one by one", () =>
    run(
      Effect.gen(function* () {
        const address = Databases.address(databases.fresh())
        const driver = yield* Driver.open({ address })
        yield* Schema.make(driver, address)
        const target = { database: driver, flavour, place: "The database x" }
        yield* Migrator.migrate(
          target,
          Migrations.all.filter(({ version }) => version < 15),
        )
        const [[last] = []] = yield* driver.query(
          "SELECT max(nextval(pg_get_serial_sequence('pings', 'key'))) FROM generate_series(1, 100)",
        )
        yield* Migrator.migrate(target)
        expect((yield* next(driver, 1))[0]).toBeGreaterThan(Number(last))
      }),
    ))

  it.each([
    ["before a node has noted that it is awake", false],
    ["afterwards", true],
  ])("are there for every ping of a batch, %s", (_, isNoted) =>
    run(
      Effect.gen(function* () {
        const url = databases.fresh()
        const store = yield* storeOf(url)
        yield* StoreFixture.furnish(store, 140)
        if (isNoted) yield* store.awake(StoreFixture.start, undefined)
        const ids = Array.from({ length: 140 }, (_, index) => StoreFixture.checkId(index + 1))
        const sizes = [1, 64, 65, 140]
        for (const [index, size] of sizes.entries()) {
          const now = StoreFixture.start + index + 1
          // A batch may turn out to log more than was expected.
          for (const pings of [size, 1]) {
            const selection = { checks: ids.slice(0, size), pings }
            yield* StoreFixture.happenTo(store, selection, { event: { type: "success" }, now })
          }
        }
        const counts = (yield* store.checks(StoreFixture.projectId(1), {})).map(({ state }) => state.pings)
        expect(counts).toEqual(ids.map((_, at) => 1 + 2 * sizes.filter((size) => size > at).length))
        const logged = yield* store.pings(ids[0]!, { limit: 20 })
        expect(logged.map(({ n }) => n)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
      }),
    ),
  )
})
