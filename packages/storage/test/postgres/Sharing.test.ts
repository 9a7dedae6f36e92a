import { Bell } from "@overdue/core/Bell"
import type { Selection } from "@overdue/core/UnitOfWork"
import { Connections } from "@overdue/core/Connections"
import { Store, type StoreError } from "@overdue/core/Store"
import { minute, second } from "@overdue/core/Time"
import * as StoreFixture from "@overdue/laws/store/StoreFixture"
import * as Postgres from "@overdue/storage/Postgres"
import * as Driver from "@overdue/storage/postgres/Driver"
import * as Session from "@overdue/storage/postgres/Session"
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import type { Scope } from "effect/Scope"
import { describe, expect, it } from "vitest"
import * as Databases from "../../../../test/kit/postgres/Databases.ts"
import { onPostgres } from "../../../../test/kit/postgres/onPostgres.ts"
import * as Proxy from "./Proxy.ts"

await onPostgres("programs that share a PostgreSQL database", (databases) => {
  const run = <A>(work: Effect.Effect<A, unknown, Scope>): Promise<A> =>
    Effect.runPromise(Effect.scoped(work))

  const opened = (url: string, given: Partial<Postgres.Options> = {}) =>
    Layer.build(Postgres.layer({ address: Databases.address(url), ...given }))
  const storeOf = (url: string, given: Partial<Postgres.Options> = {}) =>
    Effect.map(opened(url, given), (context) => Context.get(context, Store))

  const ids = (count: number) => Array.from({ length: count }, (_, index) => StoreFixture.checkId(index + 1))
  const late = StoreFixture.start + 2 * 60 * minute

  /** A transaction that holds the rows of a statement until it is told to end. */
  const holding = Effect.fnUntraced(function* (url: string, statement: string) {
    const driver = yield* Driver.open({ address: Databases.address(url) })
    const held = yield* Deferred.make<void>()
    const release = yield* Deferred.make<void>()
    const fiber = yield* Effect.forkChild(
      driver.transaction((unit) =>
        Effect.gen(function* () {
          yield* unit.query(statement)
          yield* Deferred.succeed(held, undefined)
          yield* Deferred.await(release)
        }),
      ),
    )
    yield* Deferred.await(held)
    return Effect.andThen(Deferred.succeed(release, undefined), Fiber.join(fiber))
  })

  describe("when one of them holds a check", () => {
    it("the others settle all other deadlines, without waiting", () =>
      run(
        Effect.gen(function* () {
          const url = databases.fresh()
          const store = yield* storeOf(url)
          yield* StoreFixture.furnish(store, 3)
          const release = yield* holding(
            url,
            `SELECT 1 FROM checks WHERE id = '${StoreFixture.checkId(2)}' FOR UPDATE`,
          )
          expect(yield* store.due(late, 10)).toEqual([StoreFixture.checkId(1), StoreFixture.checkId(3)])
          const loaded = yield* store.transact({ checks: ids(3), leavesHeld: true }, ({ check }) => ({
            result: ids(3).filter((id) => check(id) !== undefined),
          }))
          expect(loaded).toEqual([StoreFixture.checkId(1), StoreFixture.checkId(3)])
          yield* release
          expect(yield* store.due(late, 10)).toEqual(ids(3))
        }),
      ))

    it("signals of others are taken, and its own wait", () =>
      run(
        Effect.gen(function* () {
          const url = databases.fresh()
          const store = yield* storeOf(url)
          yield* StoreFixture.furnish(store, 2)
          const release = yield* holding(
            url,
            `SELECT 1 FROM checks WHERE id = '${StoreFixture.checkId(1)}' FOR UPDATE`,
          )
          const waiting = yield* Effect.forkChild(
            StoreFixture.happen(store, [StoreFixture.checkId(1)], { type: "success" }, late),
          )
          yield* StoreFixture.happen(store, [StoreFixture.checkId(2)], { type: "success" }, late)
          expect((yield* store.check(StoreFixture.checkId(1)))?.state.pings).toBe(1)
          yield* release
          yield* Fiber.join(waiting)
          expect((yield* store.check(StoreFixture.checkId(1)))?.state.pings).toBe(2)
        }),
      ))

    it("and stands still in the middle, what it held is free when it has stood still for too long", () =>
      run(
        Effect.gen(function* () {
          const url = databases.fresh()
          const limits = { ...Session.limits, idle: 300 }
          const store = yield* storeOf(url)
          yield* StoreFixture.furnish(store, 1)
          const driver = yield* Driver.open({ address: Databases.address(url), limits, patience: 0 })
          const frozen = yield* Effect.forkChild(
            Effect.result(
              driver.transaction((unit) =>
                Effect.andThen(
                  unit.query(`SELECT 1 FROM checks WHERE id = '${StoreFixture.checkId(1)}' FOR UPDATE`),
                  Effect.andThen(
                    StoreFixture.happen(store, [StoreFixture.checkId(1)], { type: "success" }, late),
                    unit.execute("UPDATE checks SET name = 'stale'"),
                  ),
                ),
              ),
            ),
          )
          const ended = yield* Fiber.join(frozen)
          expect(ended).toMatchObject({ _tag: "Failure", failure: { reason: "unavailable" } })
          const check = yield* store.check(StoreFixture.checkId(1))
          expect([check?.details.name, check?.state.pings]).toEqual(["check 1", 2])
        }),
      ))
  })

  it("lock the same checks in one order, whether by ids or by slugs, so that none waits for another for ever", () =>
    run(
      Effect.gen(function* () {
        const url = databases.fresh()
        const stores = yield* Effect.all([storeOf(url), storeOf(url)])
        const [store] = stores
        const project = StoreFixture.projectId(1)
        yield* store.createProject({ project: StoreFixture.project(1), keys: [] })
        yield* StoreFixture.create(
          store,
          ...ids(8).map((_, index) => StoreFixture.check(8 - index, { details: { slug: `s${8 - index}` } })),
        )
        const byIds = { checks: ids(8) }
        const bySlugs = { slugs: ids(8).map((_, index) => ({ project, slug: `s${index + 1}` })) }
        const mixed = { checks: ids(4), slugs: bySlugs.slugs.slice(2, 6).toReversed() }
        const startedAt = performance.now()
        yield* Effect.forEach(
          Array.from({ length: 90 }, (_, n) => n),
          (n) =>
            stores[n % 2]!.transact([byIds, bySlugs, mixed][n % 3]!, (loaded) => ({
              result: undefined,
              checks: ids(8).flatMap((id) => {
                const check = loaded.check(id)
                return check === undefined
                  ? []
                  : [{ ...check, state: { ...check.state, pings: check.state.pings + 1 } }]
              }),
            })),
          { concurrency: "unbounded" },
        )
        const counts = (yield* store.checks(project, {})).map(({ state }) => state.pings)
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30 * 8 + 30 * 8 + 30 * 6)
        // A deadlock is found only after a second, and each would cost one.
        expect(performance.now() - startedAt).toBeLessThan(20 * second)
      }),
    ))

  it("try again what was a deadlock all the same", () =>
    run(
      Effect.gen(function* () {
        const url = databases.fresh()
        const store = yield* storeOf(url)
        yield* StoreFixture.furnish(store, 2)
        const driver = yield* Driver.open({ address: Databases.address(url) })
        const [first, second] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
        let tries = 0
        const lock = (id: string) => `UPDATE checks SET name = name || '!' WHERE id = '${id}'`
        const both = (
          [one, other]: readonly [string, string],
          here: Deferred.Deferred<void>,
          there: Deferred.Deferred<void>,
        ) =>
          driver.transaction((unit) =>
            Effect.gen(function* () {
              tries += 1
              yield* unit.execute(lock(one))
              yield* Deferred.succeed(here, undefined)
              yield* Deferred.await(there)
              yield* unit.execute(lock(other))
            }),
          )
        const [a, b] = [StoreFixture.checkId(1), StoreFixture.checkId(2)]
        yield* Effect.all([both([a, b], first, second), both([b, a], second, first)], {
          concurrency: "unbounded",
        })
        expect((yield* store.check(a))?.details.name).toBe("check 1!!")
        expect(tries).toBeGreaterThan(2)
      }),
    ))

  it("go to the server and back twice for a batch of pings, by ids or by slugs", () =>
    run(
      Effect.gen(function* () {
        const direct = Databases.address(databases.fresh())
        const way = yield* Effect.acquireRelease(
          Effect.promise(() => Proxy.open(direct.hosts[0]!)),
          (opened) => Effect.promise(() => opened[Symbol.asyncDispose]()),
        )
        const address = { ...direct, hosts: [{ host: "127.0.0.1", port: way.port }] }
        const store = Context.get(yield* Layer.build(Postgres.layer({ address })), Store)
        yield* StoreFixture.furnish(store, 48)
        yield* store.awake(StoreFixture.start, undefined)
        const project = StoreFixture.projectId(1)
        const bySlug = { slugs: ["check-1", "check-2"].map((slug) => ({ project, slug })) }
        const ping = (selection: Selection, now: number) =>
          StoreFixture.happenTo(
            store,
            { ...selection, pings: 48, keys: ["a key"] },
            { event: { type: "success" }, now },
          )
        const trips = Effect.fnUntraced(function* (selection: Selection, now: number) {
          const before = way.trips()
          yield* ping(selection, now)
          return way.trips() - before
        })
        for (const selection of [{ checks: ids(48) }, { checks: ids(48), ...bySlug }]) {
          // Once, to name the connection and to prepare the statements.
          yield* ping(selection, late)
          expect(yield* trips(selection, late + 1)).toBe(2)
        }
      }),
    ))

  it("say that all connections are in use when none becomes free in time, and which setting allows more", () =>
    run(
      Effect.gen(function* () {
        const address = { ...Databases.address(databases.url), connections: 2 }
        const driver = yield* Driver.open({ address, patience: 100 })
        const release = yield* Deferred.make<void>()
        const busy = yield* Effect.forkChild(
          Effect.all(
            [1, 2].map(() => driver.transaction(() => Deferred.await(release))),
            { concurrency: "unbounded" },
          ),
          { startImmediately: true },
        )
        const error: StoreError = yield* Effect.flip(driver.query("SELECT 1"))
        expect([error.reason, error.detail]).toEqual([
          "busy",
          expect.stringMatching(/all 2 connections.*pool_size/),
        ])
        expect(driver.figures()).toEqual({ busy: 2, idle: 0, waiting: 0 })
        yield* Deferred.succeed(release, undefined)
        yield* Fiber.join(busy)
        expect(yield* driver.query("SELECT 1")).toEqual([[1]])
        expect(driver.figures()).toEqual({ busy: 0, idle: 2, waiting: 0 })
      }),
    ))

  it("show what their connections do, for the metrics of the engine", () =>
    run(
      Effect.gen(function* () {
        const services = yield* opened(databases.url)
        yield* Context.get(services, Store).activity
        const { busy, idle, waiting } = Context.get(services, Connections)!()
        expect([busy, waiting]).toEqual([0, 0])
        expect(idle).toBeGreaterThan(0)
      }),
    ))

  it("hear each other's bells at once, and each its own", () =>
    run(
      Effect.gen(function* () {
        const url = databases.fresh()
        const bells = yield* Effect.forEach([1, 2], () =>
          Effect.map(opened(url), (context) => Context.get(context, Bell)),
        )
        const [one, other] = [bells[0]!, bells[1]!]
        const waits = minute
        // Both ring when they begin to listen, as something may have been missed.
        yield* Effect.forEach([one, other], (bell) => bell.wait(waits))
        const startedAt = performance.now()
        one.ring()
        yield* Effect.all([one.wait(waits), other.wait(waits)], { concurrency: "unbounded" })
        other.ring()
        yield* Effect.all([one.wait(waits), other.wait(waits)], { concurrency: "unbounded" })
        expect(performance.now() - startedAt).toBeLessThan(waits / 2)
      }),
    ))
})
