import { describe, expect, it } from "@effect/vitest"
import * as Check from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import { second } from "@overdue/core/Time"
import * as Awake from "@overdue/engine/Awake"
import type * as Birth from "@overdue/engine/commands/Birth"
import { senders, SignalLimit } from "@overdue/engine/commands/receive/SignalLimit"
import * as Receive from "@overdue/engine/commands/Receive"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

/** The memory store, with the first transactions failing as told, and all of them counted. */
const faulty = (failures: readonly Store.StoreError["reason"][], counted: { transactions: number }) =>
  Layer.effect(
    Store.Store,
    Effect.map(Store.Store, (store) => ({
      ...store,
      transact: (selection, decide) =>
        Effect.suspend(() => {
          const reason = failures[counted.transactions++]
          return reason === undefined
            ? store.transact(selection, decide)
            : Effect.fail(new Store.StoreError({ reason, detail: reason }))
        }),
    })),
  ).pipe(Layer.provide(MemoryStore.layer))

const many = Array.from({ length: 50 }, (_, index) => index)

describe("pings that arrive while a commit is under way", () => {
  it.effect("share the next one, and are logged in the order in which they came", () => {
    const counted = { transactions: 0 }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const before = counted.transactions
      const receipts = yield* Effect.all(
        many.map(() => EngineFixture.ping({ id: check.id })),
        { concurrency: "unbounded" },
      )
      expect(receipts.map(({ n }) => n)).toEqual(many.map((index) => index + 1))
      expect(counted.transactions - before).toBeLessThanOrEqual(2)
      const store = yield* Store.Store
      expect((yield* store.check(check.id))?.state.pings).toBe(many.length)
    }).pipe(Effect.provide(EngineFixture.layer({ store: faulty([], counted) })))
  })

  it.effect("are one when they have one key: a client that repeats a ping is not counted twice", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const { receive } = yield* Receive.Receive
      const arrival = { ...Arrival.overHttp({ id: check.id }), key: "a" }
      const receipts = yield* Effect.all(
        [arrival, arrival, { ...arrival, key: "b" }, arrival].map((one) => receive(one)),
        { concurrency: "unbounded" },
      )
      expect(receipts.map(({ n }) => n)).toEqual([1, 1, 2, 1])
      const store = yield* Store.Store
      expect((yield* store.check(check.id))?.state.pings).toBe(2)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("are committed in parts no larger than the settings say", () => {
    const counted = { transactions: 0 }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const before = counted.transactions
      yield* Effect.all(
        many.map(() => EngineFixture.ping({ id: check.id })),
        { concurrency: "unbounded" },
      )
      expect(counted.transactions - before).toBeGreaterThanOrEqual(10)
    }).pipe(Effect.provide(EngineFixture.layer({ store: faulty([], counted), settings: { pingsAtOnce: 5 } })))
  })

  it.effect("are refused as busy beyond what may wait, of which the log says how many", () => {
    const lines: unknown[] = []
    const logger = Logger.make(({ message }) => void lines.push(message))
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const exits = yield* Effect.all(
        many.map(() => Effect.exit(EngineFixture.ping({ id: check.id }))),
        { concurrency: "unbounded" },
      )
      expect(exits.filter(Exit.isSuccess)).toHaveLength(10)
      const refused = exits.filter(Exit.isFailure)
      expect(refused).toHaveLength(40)
      expect(JSON.stringify(refused[0])).toContain("busy")
      yield* TestClock.adjust(10 * second)
      expect(lines.join()).toContain("40 because too many were waiting to be committed")
    }).pipe(
      Effect.provide(EngineFixture.layer({ settings: { pingsWaiting: 10 } })),
      Effect.provide(Logger.layer([logger])),
    )
  })
})

/** A store in which every unit of work is decided twice, as when the first commit finds the database busy. */
const decidingTwice = Layer.effect(
  Store.Store,
  Effect.map(Store.Store, (store) => ({
    ...store,
    transact: ((selection, decide) =>
      store.transact(selection, (loaded) => {
        decide(loaded)
        return decide(loaded)
      })) satisfies typeof store.transact,
  })),
).pipe(Layer.provide(MemoryStore.layer))

describe("a check that has had all its signals of a minute", () => {
  const settings = { signalsPerMinute: 2 }

  it.effect(
    "has further ones refused, and is told when the next one is taken; others are not concerned",
    () =>
      Effect.gen(function* () {
        const { project, check } = yield* EngineFixture.furnish({}, { slug: "backup" })
        for (const n of [1, 2]) expect(yield* EngineFixture.ping({ id: check.id })).toMatchObject({ n })
        expect(yield* Effect.flip(EngineFixture.ping({ id: check.id }))).toMatchObject({
          _tag: "RateLimited",
          seconds: 30,
        })
        const bySlug = { project: project.id, slug: "backup" }
        expect(yield* Effect.flip(EngineFixture.ping(bySlug))).toMatchObject({ _tag: "RateLimited" })
        const { check: other } = yield* EngineFixture.furnish()
        expect(yield* EngineFixture.ping({ id: other.id })).toMatchObject({ n: 1 })
        yield* TestClock.adjust(30 * second)
        expect(yield* EngineFixture.ping(bySlug)).toMatchObject({ n: 3 })
        expect(yield* Effect.flip(EngineFixture.ping({ id: check.id }))).toMatchObject({
          _tag: "RateLimited",
        })
      }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )

  it.effect("has had each of them counted once, by whatever name it was known", () =>
    Effect.gen(function* () {
      const { project, check } = yield* EngineFixture.furnish({}, { slug: "backup" })
      const names = [{ id: check.id }, { id: check.id }, { project: project.id, slug: "backup" }]
      for (const name of [...names, names[0]!]) yield* EngineFixture.ping(name)
      expect(yield* Effect.flip(EngineFixture.ping({ id: check.id }))).toMatchObject({ _tag: "RateLimited" })
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { signalsPerMinute: 4 } }))),
  )

  it.effect("has no more of them taken though all come at once, by two names, before any is", () =>
    Effect.gen(function* () {
      const { project, check } = yield* EngineFixture.furnish({}, { slug: "backup" })
      const names = [{ id: check.id }, { project: project.id, slug: "backup" }]
      const exits = yield* Effect.all(
        Array.from({ length: 60 }, (_, n) => Effect.exit(EngineFixture.ping(names[n % 2]!))),
        { concurrency: "unbounded" },
      )
      expect(exits.filter(Exit.isSuccess)).toHaveLength(5)
      expect(JSON.stringify(exits.filter(Exit.isFailure)[54])).toContain("RateLimited")
      const store = yield* Store.Store
      expect(yield* store.check(check.id)).toMatchObject({ state: { pings: 5 } })
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { signalsPerMinute: 5, pingsAtOnce: 8 } }))),
  )

  it.effect("has no more of them taken when the first of them create it", () =>
    Effect.gen(function* () {
      const { project } = yield* EngineFixture.furnish()
      const target = { project: project.id, slug: "new", create: { policy: Check.defaultPolicy } }
      const exits = yield* Effect.all(
        Array.from({ length: 30 }, () => Effect.exit(EngineFixture.ping(target))),
        { concurrency: "unbounded" },
      )
      expect(exits.filter(Exit.isSuccess)).toHaveLength(2)
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )

  it.effect("has each counted once, though its commit is tried again", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      for (const n of [1, 2]) expect(yield* EngineFixture.ping({ id: check.id })).toMatchObject({ n })
    }).pipe(Effect.provide(EngineFixture.layer({ settings, store: decidingTwice }))),
  )

  it.effect("leaves no trace of names that no check has", () =>
    Effect.gen(function* () {
      const limit = new SignalLimit(1)
      const of = (id: string) => ({ target: { id } })
      for (let n = 0; n < 10; n++) expect(limit.take(of(String(n)), 0)).toBeUndefined()
      limit.note(of("a"), "a")
      limit.count("a", undefined, 0)
      expect([limit.take(of("a"), 0), limit.take(of("0"), 0)]).toEqual([60, undefined])
    }),
  )

  it.effect("takes those of another sender, until all of them together are ten times as many", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const { receive } = yield* Receive.Receive
      const from = (sender: string) => receive({ ...Arrival.overHttp({ id: check.id }), sender })
      yield* Effect.repeat(from("a stranger"), { times: 1 })
      for (let again = 0; again < 50; again++) {
        expect(yield* Effect.flip(from("a stranger"))).toMatchObject({ _tag: "RateLimited", seconds: 30 })
      }
      for (let sender = 1; sender < senders; sender++) {
        expect(yield* from(`job ${sender}`)).toMatchObject({ n: 2 * sender + 1 })
        expect(yield* from(`job ${sender}`)).toMatchObject({ n: 2 * sender + 2 })
      }
      expect(yield* Effect.flip(from("one more"))).toMatchObject({ _tag: "RateLimited", seconds: 3 })
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )

  it.effect("is limited by mail as over HTTP, and not in the process that sets the limit", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const { receive } = yield* Receive.Receive
      const arrival = Arrival.overHttp({ id: check.id })
      const mail = { ...arrival, signal: { via: "email", subject: "", text: () => "" } as const }
      const own = { ...arrival, signal: { via: "process", action: "log", exitStatus: undefined } as const }
      for (const n of [1, 2]) expect(yield* receive(mail)).toMatchObject({ n })
      expect(yield* Effect.flip(receive(mail))).toMatchObject({ _tag: "RateLimited" })
      for (const n of [3, 4, 5]) expect(yield* receive(own)).toMatchObject({ n })
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )
})

describe("a receipt", () => {
  it.effect("carries the check as the signal left it, also within one commit", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const receipts = yield* Effect.all(
        (["start", "success", "fail"] as const).map((action) => EngineFixture.ping({ id: check.id }, action)),
        { concurrency: "unbounded" },
      )
      expect(receipts.map(({ check }) => [check.state.status, check.state.runs.length])).toEqual([
        ["new", 1],
        ["up", 0],
        ["down", 0],
      ])
      const store = yield* Store.Store
      expect(yield* store.check(check.id)).toEqual(receipts.at(-1)!.check)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})

describe("whether the store can be written to", () => {
  it.effect("is proven by writing, and asked no more than once a second", () => {
    let writes = 0
    let isFull = false
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (store) => ({
        ...store,
        awake: () =>
          Effect.suspend(() => {
            writes += 1
            return isFull
              ? Effect.fail(new Store.StoreError({ reason: "full", detail: "the disk is full" }))
              : Effect.succeed(undefined)
          }),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    return Effect.gen(function* () {
      const { prove } = yield* Awake.Awake
      for (let n = 0; n < 100; n++) yield* prove
      expect(writes).toBe(1)
      isFull = true
      yield* prove
      yield* TestClock.adjust(second)
      for (let n = 0; n < 100; n++) expect(yield* Effect.flip(prove)).toMatchObject({ reason: "full" })
      expect(writes).toBe(2)
      isFull = false
      yield* TestClock.adjust(second)
      yield* prove
    }).pipe(Effect.provide(EngineFixture.layer({ store })))
  })
})

describe("a commit that fails", () => {
  it.effect("because the store is busy is tried again, and nobody notices", () => {
    const counted = { transactions: 0 }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      expect(yield* EngineFixture.ping({ id: check.id })).toMatchObject({ n: 1 })
    }).pipe(Effect.provide(EngineFixture.layer({ store: faulty([undefined!, "busy", "busy"], counted) })))
  })

  it.effect("for good fails every ping of it, and the next ping is received again", () => {
    const counted = { transactions: 0 }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const failed = yield* Effect.flip(EngineFixture.ping({ id: check.id }))
      expect(failed).toMatchObject({ _tag: "StoreError", reason: "full" })
      expect(yield* EngineFixture.ping({ id: check.id })).toMatchObject({ n: 1 })
    }).pipe(Effect.provide(EngineFixture.layer({ store: faulty([undefined!, "full"], counted) })))
  })

  it.effect("because one row is damaged is tried again for each ping alone", () => {
    const counted = { transactions: 0 }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const exits = yield* Effect.all(
        many.map(() => Effect.exit(EngineFixture.ping({ id: check.id }))),
        { concurrency: "unbounded" },
      )
      expect(exits.filter(Exit.isFailure)).toHaveLength(1)
    }).pipe(
      Effect.provide(EngineFixture.layer({ store: faulty([undefined!, "corrupt", "corrupt"], counted) })),
    )
  })

  it.effect("with an unknown outcome is not tried again: that could log its pings twice", () => {
    const counted = { transactions: 0 }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      const before = counted.transactions
      const exits = yield* Effect.all(
        many.map(() => Effect.exit(EngineFixture.ping({ id: check.id }))),
        { concurrency: "unbounded" },
      )
      expect(exits.every(Exit.isFailure)).toBe(true)
      expect(counted.transactions - before).toBe(1)
    }).pipe(Effect.provide(EngineFixture.layer({ store: faulty([undefined!, "unknown-outcome"], counted) })))
  })
})

describe("a ping that comes when the engine has stopped", () => {
  it.effect("is refused as busy, and not left without an answer", () =>
    Effect.gen(function* () {
      const scope = Scope.makeUnsafe()
      const services = yield* Effect.provideService(Layer.build(EngineFixture.layer()), Scope.Scope, scope)
      const { check } = yield* Effect.provide(EngineFixture.furnish(), services)
      yield* Scope.close(scope, Exit.void)
      const outcomes: unknown[] = []
      const { submit } = Context.get(services, Receive.Receive)
      submit(Arrival.overHttp({ id: check.id }), (outcome) => outcomes.push(outcome))
      expect(outcomes).toHaveLength(1)
      expect(JSON.stringify(outcomes)).toContain("the engine is shutting down")
    }),
  )
})

describe("a ping by id", () => {
  it.effect("of a check that does not exist is refused", () =>
    Effect.gen(function* () {
      yield* EngineFixture.furnish()
      expect(yield* Effect.flip(EngineFixture.ping({ id: "nobody" }))).toMatchObject({
        _tag: "CheckNotFound",
      })
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})

describe("a ping by slug", () => {
  const create: Birth.Blueprint = { policy: Check.defaultPolicy }

  it.effect("finds the one check that has it", () =>
    Effect.gen(function* () {
      const { project, check } = yield* EngineFixture.furnish({}, { slug: "backup" })
      expect(yield* EngineFixture.ping({ project: project.id, slug: "backup" })).toMatchObject({
        check: { id: check.id },
        created: false,
      })
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("is refused when several checks have it, and when none has", () =>
    Effect.gen(function* () {
      const { project, check } = yield* EngineFixture.furnish({}, { slug: "backup" })
      const store = yield* Store.Store
      const twin = { ...check, id: "00000000-0000-4000-8000-00000000ffff" }
      yield* store.transact({}, () => ({ result: undefined, checks: [twin] }))
      const refusal = (slug: string) => Effect.flip(EngineFixture.ping({ project: project.id, slug }))
      expect(yield* refusal("backup")).toMatchObject({ _tag: "SlugAmbiguous" })
      expect(yield* refusal("nothing")).toMatchObject({ _tag: "CheckNotFound" })
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("creates the check once when it may, with every channel, however many ask at once", () =>
    Effect.gen(function* () {
      const { project, channel } = yield* EngineFixture.furnish()
      const receipts = yield* Effect.all(
        many.map(() => EngineFixture.ping({ project: project.id, slug: "new", create })),
        { concurrency: "unbounded" },
      )
      expect(receipts.filter(({ created }) => created)).toHaveLength(1)
      const store = yield* Store.Store
      const [check, ...others] = yield* store.checks(project.id, { slug: "new" })
      expect(others).toEqual([])
      expect(check).toMatchObject({
        details: { name: "new", slug: "new", channels: [channel.id] },
        state: { status: "up", pings: many.length },
      })
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("creates no more checks than twice the project's limit", () =>
    Effect.gen(function* () {
      const { project } = yield* EngineFixture.furnish()
      const exits = yield* Effect.all(
        Array.from({ length: 2 * project.checkLimit + 5 }, (_, index) =>
          Effect.exit(EngineFixture.ping({ project: project.id, slug: `job-${index}`, create })),
        ),
        { concurrency: "unbounded" },
      )
      // One check was there before.
      expect(exits.filter(Exit.isSuccess)).toHaveLength(2 * project.checkLimit - 1)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})
