import { describe, expect, it } from "@effect/vitest"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { hour, minute, second } from "@overdue/core/Time"
import * as Receive from "@overdue/engine/commands/Receive"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"

const policy = { schedule: Every.make(hour), grace: minute }

const flipsOf = Effect.fnUntraced(function* (id: string) {
  const store = yield* Store.Store
  return (yield* store.flips(id, {})).toReversed()
})

describe("a sweeping engine", () => {
  it.effect("turns silence into a flip at its deadline, and tells the channel", () => {
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(hour + minute - 1)
      expect(told).toEqual([])
      yield* TestClock.adjust(second)
      expect((yield* flipsOf(check.id)).at(-1)).toMatchObject({
        from: "up",
        to: "down",
        reason: "missed",
        at: hour + minute,
        blind: false,
      })
      expect(told.map(({ alert }) => alert.status)).toEqual(["down"])
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true })))
  })

  it.effect("settles each deadline at its own instant, however late it looks", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      expect(yield* Sweeper.sweep(100 * hour)).toBe(1)
      expect((yield* flipsOf(check.id)).at(-1)).toMatchObject({ to: "down", at: hour + minute })
      expect(yield* Sweeper.sweep(200 * hour)).toBe(0)
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: undefined } }))),
  )
})

describe("an engine whose store cannot be written to for a while", () => {
  /** A store that can be read all the time, as one that another process holds. */
  const held = (state: { isHeld: boolean }) =>
    Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (store) => ({
        ...store,
        transact: (selection, decide) =>
          Effect.suspend(() =>
            state.isHeld
              ? Effect.fail(new Store.StoreError({ reason: "busy", detail: "held" }))
              : store.transact(selection, decide),
          ),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))

  it.effect("waits for the next ping of a job that it refused, and tells of the silence of others", () => {
    const told: EngineFixture.Told[] = []
    const state = { isHeld: false }
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      const store = yield* Store.Store
      const silent = { ...check, id: "c0000000-0000-4000-8000-000000000002", badgeKey: "other" }
      yield* store.transact({}, () => ({ result: undefined, checks: [silent] }))
      for (const { id } of [check, silent]) yield* EngineFixture.ping({ id })
      yield* TestClock.adjust(hour + minute - 10 * second)
      state.isHeld = true
      yield* Effect.flip(EngineFixture.ping({ id: check.id }))
      yield* TestClock.adjust(12 * second)
      state.isHeld = false
      // The sweeper is the first that can write again.
      yield* TestClock.adjust(4 * second)
      yield* EngineFixture.ping({ id: check.id })
      expect(told).toEqual([])
      yield* TestClock.adjust(11 * second)
      expect((yield* flipsOf(check.id)).map(({ to }) => to)).toEqual(["up"])
      expect((yield* flipsOf(silent.id)).at(-1)).toMatchObject({ to: "down", at: hour + minute })
      expect(told.map(({ alert }) => alert.check.id)).toEqual([silent.id])
    }).pipe(Effect.provide(EngineFixture.layer({ told, loops: true, store: held(state) })))
  })
})

describe("a message that is still being read when the deadline of its check passes", () => {
  /** An engine that runs, with two checks whose deadlines pass at the same instant, one of which gets a message. */
  const prepare = Effect.gen(function* () {
    const { check } = yield* EngineFixture.furnish(policy)
    const store = yield* Store.Store
    const other = { ...check, id: "c0000000-0000-4000-8000-000000000002", badgeKey: "other" }
    yield* store.transact({}, () => ({ result: undefined, checks: [other] }))
    for (const { id } of [check, other]) yield* EngineFixture.ping({ id })
    yield* TestClock.adjust(hour + minute - second)
    return { check, other, receive: yield* Receive.Receive }
  })
  const isDown = (id: string) => Effect.map(flipsOf(id), (flips) => flips.at(-1)?.to === "down")

  it.effect("is in time, and holds up no other check", () =>
    Effect.gen(function* () {
      const { check, other, receive } = yield* prepare
      const { arrivedAt, over } = receive.announce([check.id])
      yield* TestClock.adjust(5 * second)
      expect([yield* isDown(check.id), yield* isDown(other.id)]).toEqual([false, true])
      yield* receive.receive({ ...Arrival.overHttp({ id: check.id }), arrivedAt })
      over()
      yield* TestClock.adjust(minute)
      expect(yield* isDown(check.id)).toBe(false)
      const [ping] = yield* (yield* Store.Store).pings(check.id, { limit: 1 })
      expect(ping?.at).toBe(hour + minute - 1)
    }).pipe(Effect.provide(EngineFixture.layer({ loops: true }))),
  )

  it.effect("that turns out to be no signal leaves the deadline where it was", () =>
    Effect.gen(function* () {
      const { check, receive } = yield* prepare
      const { over } = receive.announce([check.id])
      yield* TestClock.adjust(5 * second)
      expect(yield* isDown(check.id)).toBe(false)
      over()
      yield* TestClock.adjust(second)
      expect((yield* flipsOf(check.id)).at(-1)).toMatchObject({ to: "down", at: hour + minute })
    }).pipe(Effect.provide(EngineFixture.layer({ loops: true }))),
  )

  it.effect("and that arrived after it, does not put the alert off", () =>
    Effect.gen(function* () {
      const { check, receive } = yield* prepare
      yield* TestClock.adjust(second)
      receive.announce([check.id])
      yield* TestClock.adjust(second)
      expect(yield* isDown(check.id)).toBe(true)
    }).pipe(Effect.provide(EngineFixture.layer({ loops: true }))),
  )

  it.effect("for ever, does not put the alert off for longer than half a minute", () =>
    Effect.gen(function* () {
      const { check, receive } = yield* prepare
      receive.announce([check.id])
      yield* TestClock.adjust(29 * second)
      expect(yield* isDown(check.id)).toBe(false)
      yield* TestClock.adjust(3 * second)
      expect(yield* isDown(check.id)).toBe(true)
    }).pipe(Effect.provide(EngineFixture.layer({ loops: true }))),
  )
})

describe("an outage of more checks than fit into one transaction", () => {
  it.effect("is told in one look, of all of them", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      const store = yield* Store.Store
      const numbers = Array.from({ length: 1200 }, (_, n) => n)
      const others = numbers.map((n) => ({ ...check, id: `check ${n}`, badgeKey: `badge ${n}` }))
      yield* store.transact({}, () => ({ result: undefined, checks: others }))
      yield* Effect.all(
        [check, ...others].map(({ id }) => EngineFixture.ping({ id })),
        { concurrency: "unbounded" },
      )
      expect(yield* Sweeper.sweep(hour + minute)).toBe(1 + others.length)
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: undefined } }))),
  )
})

describe("an outage of many checks in an engine that runs", () => {
  const count = 450

  /** An engine over a store that takes a while for each group of checks, and notes when that began. */
  const slow = (groups: number[], lines: string[]) => {
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (store) => ({
        ...store,
        transact: ((selection, decide) =>
          Effect.gen(function* () {
            const ticks = (selection.checks?.length ?? 0) > 10
            if (ticks) groups.push(yield* Clock.currentTimeMillis)
            if (ticks) yield* Effect.sleep(20)
            return yield* store.transact(selection, decide)
          })) satisfies typeof store.transact,
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    const logger = Logger.make(({ message, logLevel }) => void lines.push(`${logLevel}: ${String(message)}`))
    return EngineFixture.layer({ store, loops: true, settings: { sweepEvery: 100 } }).pipe(
      Layer.provideMerge(Logger.layer([logger])),
    )
  }

  const furnish = Effect.gen(function* () {
    const { check } = yield* EngineFixture.furnish(policy)
    const store = yield* Store.Store
    yield* EngineFixture.ping({ id: check.id })
    const up = yield* store.transact({ checks: [check.id] }, (loaded) => ({
      result: loaded.check(check.id)!,
    }))
    const checks = Array.from({ length: count }, (_, n) => {
      const id = `c0000000-0000-4000-8000-${String(n).padStart(12, "0")}`
      return { ...up, id, badgeKey: id }
    })
    yield* store.transact({}, () => ({ result: undefined, checks }))
  })

  it.effect("leaves half of the time to signals", () => {
    const groups: number[] = []
    return Effect.gen(function* () {
      yield* furnish
      yield* TestClock.adjust(hour + minute + second)
      const [first = 0] = groups
      expect(groups.slice(0, 4).map((at) => at - first)).toEqual([0, 40, 80, 120])
    }).pipe(Effect.provide(slow(groups, [])))
  })

  it.effect("does not keep the engine from stopping, which is no failure", () => {
    const groups: number[] = []
    const lines: string[] = []
    return Effect.gen(function* () {
      yield* furnish.pipe(
        Effect.andThen(TestClock.adjust(hour + minute)),
        Effect.andThen(TestClock.adjust(150)),
        // The layer is closed while time passes: nobody moves the clock but the test.
        Effect.andThen(Effect.forkDetach(TestClock.adjust(6 * second))),
        Effect.provide(slow(groups, lines)),
      )
      expect(groups.length).toBeGreaterThan(0)
      expect(groups.length).toBeLessThan(count / 100)
      expect(lines.filter((line) => /^(Warn|Error)/.test(line))).toEqual([])
    })
  })
})

describe("more damaged checks than are looked at together", () => {
  it.effect("keep none from being settled that comes after them", () => {
    const isDamaged = (id: string) => id.startsWith("damaged")
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (store) => ({
        ...store,
        transact: (selection, decide) =>
          selection.checks?.some(isDamaged) === true
            ? Effect.fail(new Store.StoreError({ reason: "corrupt", detail: "it is damaged" }))
            : store.transact(selection, decide),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    return Effect.gen(function* () {
      const [first, last] = [yield* EngineFixture.furnish(policy), yield* EngineFixture.furnish(policy)]
      yield* EngineFixture.ping({ id: first.check.id })
      yield* TestClock.adjust(second)
      yield* EngineFixture.ping({ id: last.check.id })
      const store = yield* Store.Store
      const up = (yield* store.check(last.check.id))!
      const before = { ...up, state: { ...up.state, deadline: up.state.deadline! - 1 } }
      const numbers = Array.from({ length: 600 }, (_, n) => n)
      const damaged = numbers.map((n) => ({ ...before, id: `damaged ${n}`, badgeKey: `damaged ${n}` }))
      yield* store.transact({}, () => ({ result: undefined, checks: damaged }))
      const now = hour + minute + second
      expect(yield* Sweeper.sweep(now)).toBe(2)
      for (const { check } of [first, last]) {
        expect((yield* flipsOf(check.id)).at(-1)).toMatchObject({ to: "down" })
      }
    }).pipe(
      Effect.provide(Logger.layer([])),
      Effect.provide(EngineFixture.layer({ store, settings: { blindAfter: undefined } })),
    )
  })
})

/** The memory store, where nothing can be decided about one check. */
const spoiled = (
  failure: (check: string) => Effect.Effect<never, Store.StoreError>,
  which: { id?: string },
) =>
  Layer.effect(
    Store.Store,
    Effect.map(Store.Store, (store) => ({
      ...store,
      transact: (selection, decide) =>
        which.id !== undefined && selection.checks?.includes(which.id) === true
          ? failure(which.id)
          : store.transact(selection, decide),
    })),
  ).pipe(Layer.provide(MemoryStore.layer))

describe("a check that cannot be settled", () => {
  it.effect("is tried again every half minute, and is in the log once an hour", () => {
    const which: { id?: string } = {}
    const lines: string[] = []
    const logger = Logger.make(({ message }) => lines.push(String(message)))
    const settings = { blindAfter: undefined }
    let tries = 0
    const store = spoiled((check) => {
      tries += 1
      return damaged(check)
    }, which)
    return Effect.gen(function* () {
      const { check: bad } = yield* EngineFixture.furnish(policy)
      const { check: good } = yield* EngineFixture.furnish({ ...policy, schedule: Every.make(2 * hour) })
      for (const { id } of [bad, good]) yield* EngineFixture.ping({ id })
      which.id = bad.id
      yield* TestClock.adjust(hour + minute + second)
      const said = () => lines.filter((line) => line.includes("could not be settled"))
      expect(said()).toHaveLength(1)
      yield* TestClock.adjust(50 * minute)
      expect(said()).toHaveLength(1)
      // Each time together with what else is due, and alone.
      expect(tries).toBeGreaterThan(190)
      expect(tries).toBeLessThan(220)
      yield* TestClock.adjust(15 * minute)
      expect(said()).toHaveLength(2)
      expect((yield* flipsOf(good.id)).at(-1)).toMatchObject({ to: "down", at: 2 * hour + minute })
      delete which.id
      yield* TestClock.adjust(31 * second)
      expect((yield* flipsOf(bad.id)).at(-1)).toMatchObject({ to: "down", at: hour + minute })
    }).pipe(
      Effect.provide(EngineFixture.layer({ settings, loops: true, store })),
      Effect.provide(Logger.layer([logger])),
    )
  })

  const damaged = (check: string) =>
    Effect.fail(new Store.StoreError({ reason: "corrupt", detail: `${check} is damaged` }))
  const mistake = (check: string) => Effect.die(new Error(`nobody thought of ${check}`))

  it.effect.each([damaged, mistake])("keeps no other from being settled, now or later", (failure) => {
    const which: { id?: string } = {}
    const settings = { sweepEvery: minute, pollEvery: minute, blindAfter: undefined }
    const told: EngineFixture.Told[] = []
    return Effect.gen(function* () {
      const { check: bad } = yield* EngineFixture.furnish(policy)
      const { check: good } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: bad.id })
      yield* EngineFixture.ping({ id: good.id })
      which.id = bad.id
      yield* TestClock.adjust(hour + 2 * minute)
      expect((yield* flipsOf(good.id)).at(-1)).toMatchObject({ to: "down", at: hour + minute })
      yield* EngineFixture.ping({ id: good.id })
      yield* TestClock.adjust(hour + 2 * minute)
      expect(told.map(({ alert }) => [alert.check.id, alert.status])).toEqual([
        [good.id, "down"],
        [good.id, "up"],
        [good.id, "down"],
      ])
      // Whatever it was is over: what was due is settled at its instant.
      delete which.id
      yield* TestClock.adjust(minute)
      expect((yield* flipsOf(bad.id)).at(-1)).toMatchObject({ to: "down", at: hour + minute })
    }).pipe(
      Effect.provide(EngineFixture.layer({ told, settings, loops: true, store: spoiled(failure, which) })),
    )
  })
})

describe("an engine that nobody ran for a while", () => {
  it.effect("does not hold that time against its checks, and says so on the flip", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      // Nobody is awake from the ping until three hours later.
      const woken = 3 * hour
      expect(yield* Sweeper.sweep(woken)).toBe(0)
      const store = yield* Store.Store
      expect(yield* store.blind).toEqual([{ from: 5 * second, to: woken }])
      // The slot fell into that time, so it is due at its end: a minute of grace is left.
      expect(yield* Sweeper.sweep(woken + minute - 1)).toBe(0)
      expect(yield* Sweeper.sweep(woken + minute)).toBe(1)
      expect((yield* flipsOf(check.id)).at(-1)).toMatchObject({ at: woken + minute, blind: true })
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: 2 * minute } }))),
  )

  it.effect("leaves alone what it decided just before", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      for (let at = 0; at < hour + minute; at += 2 * minute) yield* Sweeper.sweep(at)
      yield* Sweeper.sweep(hour + minute - 2 * second)
      // Awake, and noted so two seconds ago.
      expect(yield* Sweeper.sweep(hour + minute)).toBe(1)
      yield* Sweeper.sweep(3 * hour)
      const store = yield* Store.Store
      expect(yield* store.blind).toEqual([{ from: hour + minute + 3 * second, to: 3 * hour }])
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: 2 * minute } }))),
  )

  it.effect("holds it against them when blind spans are switched off, as Healthchecks does", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      expect(yield* Sweeper.sweep(3 * hour)).toBe(1)
      expect((yield* flipsOf(check.id)).at(-1)).toMatchObject({ at: hour + minute, blind: false })
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: undefined } }))),
  )
})
