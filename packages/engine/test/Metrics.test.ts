import { describe, expect, it } from "@effect/vitest"
import { Connections } from "@overdue/core/Connections"
import type { Verdict } from "@overdue/core/Notifier"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { hour, minute, second } from "@overdue/core/Time"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Gauges from "@overdue/engine/Gauges"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import { families, metrics } from "@overdue/engine/Metrics"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"
import * as Measured from "../../../test/kit/Measured.ts"

const policy = { schedule: Every.make(hour), grace: minute }
const nobody = "ffffffff-0000-4000-8000-000000000000"

const engine = (options: Parameters<typeof EngineFixture.layer>[0] = {}) =>
  EngineFixture.layer(options).pipe(Layer.provideMerge(Measured.layer))

/** The memory store, which refuses units of work while `reason` says why. */
const failing = (state: { reason: Store.StoreError["reason"] | undefined }) =>
  Layer.effect(
    Store.Store,
    Effect.map(Store.Store, (store) => {
      const unless = <A>(work: Effect.Effect<A, Store.StoreError>): Effect.Effect<A, Store.StoreError> =>
        Effect.suspend(() =>
          state.reason === undefined
            ? work
            : Effect.fail(new Store.StoreError({ reason: state.reason, detail: "as the test says" })),
        )
      return {
        ...store,
        transact: ((selection, decide) =>
          unless(store.transact(selection, decide))) satisfies typeof store.transact,
        activity: unless(store.activity),
      }
    }),
  ).pipe(Layer.provide(MemoryStore.layer))

describe("the list of metrics", () => {
  it("has each name once, with the prefix, and counters alone end in total", () => {
    const names = families.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const { name, type, bounds } of families) {
      expect(name).toMatch(/^overdue_[a-z_]+$/)
      expect(name.endsWith("_total"), name).toBe(type === "counter")
      expect(bounds === undefined, name).toBe(type !== "histogram")
      expect(bounds ?? []).toEqual((bounds ?? []).toSorted((a, b) => a - b))
    }
  })
})

describe("pings", () => {
  it.effect("are counted once they are stored, and commits with their sizes", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* Effect.all(
        [1, 2, 3].map(() => EngineFixture.ping({ id: check.id })),
        { concurrency: "unbounded" },
      )
      yield* EngineFixture.ping({ id: check.id }, "fail")
      expect(yield* Measured.of(metrics.pings)).toEqual({ "": 4 })
      expect(yield* Measured.of(metrics.commitSize)).toMatchObject({ "": { count: 2, sum: 4, max: 3 } })
      expect(yield* Measured.of(metrics.commitSeconds)).toMatchObject({ "": { count: 2 } })
      expect(yield* Measured.of(metrics.waiting)).toEqual({ "": 0 })
    }).pipe(Effect.provide(engine())),
  )

  it.effect("that are refused are counted by the reason, and not among the stored ones", () => {
    const state: { reason: Store.StoreError["reason"] | undefined } = { reason: undefined }
    return Effect.gen(function* () {
      const before = yield* Measured.of(metrics.refused)
      expect(new Set(Object.values(before))).toEqual(new Set([0]))
      const { check } = yield* EngineFixture.furnish(policy)
      yield* Effect.flip(EngineFixture.ping({ id: nobody }))
      yield* EngineFixture.ping({ id: check.id })
      yield* Effect.flip(EngineFixture.ping({ id: check.id }))
      yield* TestClock.adjust(minute)
      state.reason = "full"
      yield* Effect.flip(EngineFixture.ping({ id: check.id }))
      expect(yield* Measured.of(metrics.refused)).toEqual({
        ...before,
        "not-found": 1,
        rate: 1,
        store: 1,
      })
      expect(yield* Measured.of(metrics.pings)).toEqual({ "": 1 })
      expect(yield* Measured.of(metrics.storeErrors)).toMatchObject({ full: 1, busy: 0 })
    }).pipe(Effect.provide(engine({ settings: { signalsPerMinute: 1 }, store: failing(state) })))
  })

  it.effect("that more wait than may are counted, and those that wait can be seen", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      const receive = yield* Receive.Receive
      const exits: Receive.Outcome[] = []
      for (let n = 0; n < 3; n++)
        receive.submit(Arrival.overHttp({ id: check.id }), (exit) => exits.push(exit))
      expect(yield* Measured.of(metrics.waiting)).toEqual({ "": 2 })
      expect(yield* Measured.of(metrics.refused)).toMatchObject({ waiting: 1 })
      expect(exits.filter(Exit.isFailure)).toHaveLength(1)
    }).pipe(Effect.provide(engine({ settings: { pingsWaiting: 2 } }))),
  )

  it.effect("that come while the engine stops are counted as such", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const services = yield* Layer.buildWithScope(engine(), scope)
      const refuse = Effect.gen(function* () {
        const { submit } = yield* Receive.Receive
        yield* Scope.close(scope, Exit.void)
        submit(Arrival.overHttp({ id: nobody }), () => undefined)
        expect(yield* Measured.of(metrics.refused)).toMatchObject({ stopping: 1, waiting: 0 })
        // What was read at a look is let go with the engine.
        expect(yield* Measured.of(metrics.waiting)).toEqual({})
      })
      yield* Effect.provide(refuse, services)
    }),
  )
})

describe("silence", () => {
  it.effect("is measured by how late it was found", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(hour + minute + 7 * second)
      yield* Sweeper.sweep(hour + minute + 7 * second)
      expect(yield* Measured.of(metrics.sweepLag)).toMatchObject({ "": { count: 1, sum: 7 } })
    }).pipe(Effect.provide(engine({ settings: { blindAfter: undefined } }))),
  )

  it.effect("that nobody looks for is seen by the age of the last look", () => {
    const state: { reason: Store.StoreError["reason"] | undefined } = { reason: undefined }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(minute)
      expect((yield* Measured.of(metrics.sweepAge))[""]).toBeLessThan(1)
      expect(yield* Measured.of(metrics.loopDelay)).toMatchObject({ "": { sum: 0 } })
      state.reason = "unavailable"
      yield* TestClock.adjust(2 * hour)
      expect((yield* Measured.of(metrics.sweepAge))[""]).toBeGreaterThan(50 * 60)
    }).pipe(Effect.provide(engine({ store: failing(state), loops: true, settings: { sweepEvery: second } })))
  })
})

describe("the outbox", () => {
  it.effect("shows how much waits and since when, and nothing while the store cannot be read", () => {
    const state: { reason: Store.StoreError["reason"] | undefined } = { reason: undefined }
    return Effect.gen(function* () {
      yield* Gauges.read
      expect(yield* Measured.of(metrics.pending)).toEqual({ "": 0 })
      expect(yield* Measured.of(metrics.dueAge)).toEqual({ "": 0 })
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(5 * second)
      yield* Gauges.read
      expect(yield* Measured.of(metrics.pending)).toEqual({ "": 1 })
      expect(yield* Measured.of(metrics.dueAge)).toEqual({ "": 5 })
      state.reason = "unavailable"
      yield* Gauges.read
      expect(yield* Measured.of(metrics.pending)).toEqual({})
      expect(yield* Measured.of(metrics.dueAge)).toEqual({})
    }).pipe(Effect.provide(engine({ store: failing(state) })))
  })

  it.effect("counts attempts by kind and outcome, and times them; what is due later has no age", () => {
    const retry: Verdict = { type: "retry", why: "503", after: minute }
    const slowly = Effect.delay(Effect.succeed(retry), 3 * second)
    const verdicts = [slowly, { type: "delivered" }] as const
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(second)
      expect(yield* Measured.of(metrics.sending)).toEqual({ "": 1 })
      yield* TestClock.adjust(20 * second)
      expect(yield* Measured.of(metrics.sending)).toEqual({ "": 0 })
      expect(yield* Measured.of(metrics.attempts)).toEqual({ "test retry": 1 })
      expect(yield* Measured.of(metrics.attemptSeconds)).toMatchObject({ test: { count: 1, sum: 3 } })
      // Read by the loop, for exporters that push.
      expect(yield* Measured.of(metrics.pending)).toEqual({ "": 1 })
      expect(yield* Measured.of(metrics.dueAge)).toEqual({ "": 0 })
      yield* TestClock.adjust(minute)
      expect(yield* Measured.of(metrics.attempts)).toEqual({ "test retry": 1, "test delivered": 1 })
    }).pipe(Effect.provide(engine({ verdicts, loops: true })))
  })

  it.effect("counts what no kind is known for under one name, whatever the record says", () =>
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { channel, check } = yield* EngineFixture.furnish(policy)
      yield* store.createChannel({ ...channel, id: nobody, kind: "of a record that is damaged" })
      const details = { ...check.details, channels: [nobody] }
      const other = { ...check, id: nobody, badgeKey: nobody, details }
      yield* store.transact({}, () => ({ result: undefined, checks: [other] }))
      yield* EngineFixture.ping({ id: nobody }, "fail")
      yield* TestClock.adjust(second)
      expect(Object.keys(yield* Measured.of(metrics.attempts))).toEqual(["other delivered"])
    }).pipe(Effect.provide(engine({ loops: true }))),
  )
})

describe("a store with a pool", () => {
  const usage = { busy: 3, idle: 1, waiting: 2 }
  const pooled = Layer.merge(
    MemoryStore.layer,
    Layer.succeed(Connections, () => usage),
  )

  it.effect("shows what its connections do, whenever somebody looks", () =>
    Effect.gen(function* () {
      expect(yield* Measured.of(metrics.connections)).toEqual(usage)
      usage.waiting = 9
      expect(yield* Measured.of(metrics.connections)).toMatchObject({ waiting: 9 })
    }).pipe(Effect.provide(engine({ store: pooled, loops: true }))),
  )

  it.effect("is not made up where there is none", () =>
    Effect.gen(function* () {
      expect(yield* Measured.of(metrics.connections)).toEqual({})
    }).pipe(Effect.provide(engine({ loops: true }))),
  )
})

describe("the process", () => {
  it.effect("shows its processor time, its memory and its age", () =>
    Effect.gen(function* () {
      for (const family of [metrics.cpu, metrics.memory, metrics.heap, metrics.uptime])
        expect((yield* Measured.of(family))[""], family.name).toBeGreaterThan(0)
    }).pipe(Effect.provide(engine({ loops: true }))),
  )
})

describe("an engine whose host has a registry of metrics of its own", () => {
  it.effect("writes into that, and nothing into the one that others share", () =>
    Effect.gen(function* () {
      // Other engines of this process have written into it before.
      const shared = () =>
        structuredClone(Metric.snapshotUnsafe(Context.empty()).map(({ id, state }) => [id, state]))
      const before = shared()
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      expect((yield* Measured.of(metrics.storeSeconds))[""]).toBeDefined()
      expect(shared()).toEqual(before)
    }).pipe(Effect.provide(engine())),
  )
})
