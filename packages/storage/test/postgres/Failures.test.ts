import { Store } from "@overdue/core/Store"
import { second } from "@overdue/core/Time"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Postgres from "@overdue/storage/Postgres"
import type * as Address from "@overdue/storage/postgres/Address"
import * as Driver from "@overdue/storage/postgres/Driver"
import * as Session from "@overdue/storage/postgres/Session"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"
import * as Proxy from "./Proxy.ts"

/** Short enough that a test need not wait, and long enough for a server that is busy. */
const patience = 2 * second

await onPostgres("PostgreSQL", (databases) => {
  /** A way to the server, which ends with what it is returned to. */
  const open = () => Proxy.open(Databases.address(databases.url).hosts[0]!)

  /** The address of a new schema by a way. */
  const by = ({ port }: Proxy.Proxy): Address.Address => ({
    ...Databases.address(databases.fresh()),
    hosts: [{ host: "127.0.0.1", port }],
  })

  const withStore = <A>(
    options: Postgres.Options,
    work: (store: StoreFixture.Stored) => Effect.Effect<A, unknown>,
  ): Promise<A> =>
    Effect.runPromise(
      Effect.scoped(
        Effect.flatMap(Layer.build(Postgres.layer({ patience, ...options })), (context) =>
          work(Context.get(context, Store)),
        ),
      ),
    )

  const withDriver = <A>(
    options: Driver.Options,
    work: (driver: Driver.Driver) => Effect.Effect<A, unknown>,
  ): Promise<A> =>
    Effect.runPromise(Effect.scoped(Effect.flatMap(Driver.open({ patience, ...options }), work)))

  const id = StoreFixture.checkId(1)
  const ping = (store: StoreFixture.Stored, after: number) =>
    StoreFixture.happen(store, [id], { type: "success" }, StoreFixture.start + after)
  const logged = (store: StoreFixture.Stored) =>
    Effect.map(store.pings(id, { limit: 100 }), (pings) => pings.map(({ n }) => n))

  describe("a connection that breaks", () => {
    it.each([
      ["before the answer to a commit", "cutBeforeAnswer", "COMMIT\0"],
      ["before the commit", "cutBeforeRequest", "success"],
      ["in the middle of what is read", "cutBeforeAnswer", "check 1"],
    ] as const)("%s loses no ping and doubles none", async (_, cut, bytes) => {
      await using way = await open()
      await withStore({ address: by(way) }, (store) =>
        Effect.gen(function* () {
          yield* StoreFixture.furnish(store, 1)
          yield* ping(store, 1)
          for (let n = 2; n <= 6; n++) {
            const isCut = way[cut](bytes)
            yield* ping(store, n)
            yield* Effect.promise(() => isCut)
          }
          expect(yield* logged(store)).toEqual([7, 6, 5, 4, 3, 2, 1])
        }),
      )
    })

    it("at a commit says that nobody knows what became of it while the database stays away", async () => {
      await using way = await open()
      const address = by(way)
      await withStore({ address }, (store) =>
        Effect.gen(function* () {
          yield* StoreFixture.furnish(store, 1)
          void way.cutBeforeAnswer("COMMIT\0").then(() => (way.isOpen = false))
          expect((yield* Effect.flip(ping(store, 1))).reason).toBe("unknown-outcome")
          way.isOpen = true
          yield* ping(store, 2)
        }),
      )
    })

    it("is not used again, however many were open when the server went away", async () => {
      await using way = await open()
      await withStore({ address: by(way) }, (store) =>
        Effect.gen(function* () {
          yield* StoreFixture.furnish(store, 1)
          yield* Effect.all(
            Array.from({ length: 20 }, () => store.check(id)),
            { concurrency: "unbounded" },
          )
          way.isOpen = false
          way.isOpen = true
          yield* ping(store, 1)
          expect(yield* logged(store)).toEqual([2, 1])
        }),
      )
    })

    it("does not answer is given up, and what waited for it is done by another", async () => {
      await using way = await open()
      const limits = { ...Session.limits, answer: 1 * second }
      await withDriver({ address: by(way), limits, patience: 20 * second }, (driver) =>
        Effect.gen(function* () {
          yield* driver.query("SELECT 1")
          way.isSilent = true
          const tried = way.tried()
          const answer = yield* Effect.forkChild(driver.query("SELECT 2"), { startImmediately: true })
          yield* Effect.promise(() => tried)
          way.isSilent = false
          expect(yield* Fiber.join(answer)).toEqual([[2]])
        }),
      )
    })
  })

  describe("a server that is away", () => {
    it("is waited for, and everything that waited is done when it is back", async () => {
      await using way = await open()
      await withStore({ address: by(way), patience: 20 * second }, (store) =>
        Effect.gen(function* () {
          yield* StoreFixture.furnish(store, 1)
          way.isOpen = false
          const tried = way.tried()
          const waiting = yield* Effect.forkChild(ping(store, 1), { startImmediately: true })
          yield* Effect.promise(() => tried)
          way.isOpen = true
          yield* Fiber.join(waiting)
          expect(yield* logged(store)).toEqual([2, 1])
        }),
      )
    })

    it("is said to be, and once that is known, at once to all", async () => {
      await using way = await open()
      await withStore({ address: by(way) }, (store) =>
        Effect.gen(function* () {
          yield* StoreFixture.furnish(store, 1)
          way.isOpen = false
          const first = yield* Effect.flip(ping(store, 1))
          expect(first.reason).toBe("unavailable")
          expect(first.detail).toMatch(
            /^The PostgreSQL database postgres at 127\.0\.0\.1:\d+ cannot be reached \(/,
          )
          const startedAt = performance.now()
          for (let n = 0; n < 20; n++) yield* Effect.flip(ping(store, 1))
          expect(performance.now() - startedAt).toBeLessThan(patience)
          way.isOpen = true
          yield* ping(store, 2)
        }),
      )
    })
  })
})
