import { Store } from "@overdue/core/Store"
import { minute } from "@overdue/core/Time"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Postgres from "@overdue/storage/Postgres"
import type { Address } from "@overdue/storage/postgres/Address"
import * as Driver from "@overdue/storage/postgres/Driver"
import { CheckKeys } from "@overdue/storage/tables/CheckKeys"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import { expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"

const ids = [1, 2, 3].map(StoreFixture.checkId)
const [first, second, third] = ids as [string, string, string]

await onPostgres("checks whose keys are known", (databases) => {
  const storeOf = (address: Address) =>
    Effect.map(Layer.build(Postgres.layer({ address })), (context) => Context.get(context, Store))

  /** Runs something with a store that has met all three checks, the database itself, and a store that has met none. */
  const knowing = (
    work: (
      store: StoreFixture.Stored,
      driver: Driver.Driver,
      other: StoreFixture.Stored,
    ) => Effect.Effect<unknown, unknown, Scope>,
  ) =>
    Effect.gen(function* () {
      const address = Databases.address(databases.fresh())
      const [store, other] = [yield* storeOf(address), yield* storeOf(address)]
      yield* StoreFixture.furnish(store, 3)
      for (let time = 0; time < 2; time++)
        expect(yield* names(store)).toEqual(["check 1", "check 2", "check 3"])
      yield* work(store, yield* Driver.open({ address }), other)
    }).pipe(Effect.scoped, Effect.runPromise)

  const names = (store: StoreFixture.Stored, leavesHeld = false) =>
    StoreFixture.read(store, { checks: ids, leavesHeld }, ({ check }) =>
      ids.map((id) => check(id)?.details.name),
    )

  it("are absent when somebody else has deleted them, and the others are there", () =>
    knowing((store, driver) =>
      Effect.gen(function* () {
        yield* driver.execute("DELETE FROM checks WHERE id = ?", [[second]])
        expect(yield* names(store)).toEqual(["check 1", undefined, "check 3"])
        expect(yield* names(store)).toEqual(["check 1", undefined, "check 3"])
      }),
    ))

  it("are found when they are there again under another key", () =>
    knowing((store, driver, other) =>
      Effect.gen(function* () {
        yield* driver.execute("DELETE FROM checks WHERE id = ?", [[second]])
        yield* StoreFixture.create(other, StoreFixture.check(2, { details: { name: "check 2 again" } }))
        expect(yield* names(store)).toEqual(["check 1", "check 2 again", "check 3"])
      }),
    ))

  it("are found by their ids when their keys are those of others, as after a database was restored", () =>
    knowing((store, driver) =>
      Effect.gen(function* () {
        for (const [from, to] of [
          [first, "aside"],
          [second, first],
          ["aside", second],
        ])
          yield* driver.execute("UPDATE checks SET id = ? WHERE id = ?", [[to!, from!]])
        expect(yield* names(store)).toEqual(["check 2", "check 1", "check 3"])
        yield* StoreFixture.happen(store, [first], { type: "fail" }, StoreFixture.start + minute)
        const statuses = yield* Effect.forEach(ids, (id) => store.check(id))
        expect(statuses.map((check) => [check?.details.name, check?.state.status])).toEqual([
          ["check 2", "down"],
          ["check 1", "up"],
          ["check 3", "up"],
        ])
      }),
    ))

  it("are left out while somebody holds them, for whoever does not wait", () =>
    knowing((store, driver) =>
      driver.transaction((unit) =>
        Effect.gen(function* () {
          yield* unit.query("SELECT 1 FROM checks WHERE id = ? FOR UPDATE", [[third]])
          expect(yield* names(store, true)).toEqual(["check 1", "check 2", undefined])
        }),
      ),
    ))
})

it("keys are known of so many checks at most, and of those that came last", () => {
  const keys = new CheckKeys(2)
  const stored = [1, 2, 3].map((key) => ({ key, check: { id: StoreFixture.checkId(key) } }))
  keys.learn(stored)
  expect(keys.of([first])).toBe(undefined)
  expect(keys.of([third])).toEqual([3])
  keys.forget([third])
  expect(keys.of([third])).toBe(undefined)
})
