/** Engines whose clocks are wrong, and pings that are on their way while a deadline passes. */
import { describe, expect, it } from "@effect/vitest"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day, hour, minute, second, type Span } from "@overdue/core/Time"
import * as Awake from "@overdue/engine/Awake"
import * as Receive from "@overdue/engine/commands/Receive"
import type * as Engine from "@overdue/engine/Engine"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Scope from "effect/Scope"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"
import * as WrongClock from "../../../test/kit/WrongClock.ts"

type Stored = Store.Store["Service"]

/** A node that runs, with a clock of its own. */
interface Node {
  readonly services: Context.Context<Engine.Services>
  readonly clock: WrongClock.WrongClock
  readonly lines: string[]
  readonly told: EngineFixture.Told[]
  /** Opened when its commits of signals may go on; it is open at first. */
  readonly commits: Latch.Latch
  /** The same for its notes of being awake. */
  readonly notes: Latch.Latch
  /** The same for going on after a step of its clock was stored. */
  readonly steps: Latch.Latch
  readonly stop: Effect.Effect<void>
}

const policy = { schedule: Every.make(hour), grace: minute }

/** Starts a node over a store, with its clock set wrong by so much. */
const start = Effect.fnUntraced(function* (store: Stored, ahead: Span = 0) {
  const clock = WrongClock.over(yield* Clock.Clock)
  clock.ahead = ahead
  const [lines, told] = [[] as string[], [] as EngineFixture.Told[]]
  const [commits, notes, steps] = [true, true, true].map((isOpen) => Latch.makeUnsafe(isOpen)) as [
    Latch.Latch,
    Latch.Latch,
    Latch.Latch,
  ] // safe because there are three
  const logger = Logger.make(({ message }) => lines.push(String(message)))
  const scope = Scope.makeUnsafe()
  const slow: Stored = {
    ...store,
    stepped: (...step) => Effect.tap(store.stepped(...step), () => steps.await),
    awake: (...note) => Effect.andThen(notes.await, store.awake(...note)),
    transact: (selection, decide) =>
      // Only signals are looked for by slugs, too.
      selection.slugs === undefined
        ? store.transact(selection, decide)
        : Effect.andThen(commits.await, store.transact(selection, decide)),
  }
  const services = yield* EngineFixture.layer({
    told,
    loops: true,
    store: Layer.succeed(Store.Store, slow),
  }).pipe(
    Layer.provide(WrongClock.layer(clock)),
    Layer.provide(Logger.layer([logger])),
    Layer.build,
    Effect.provideService(Scope.Scope, scope),
  )
  return {
    services,
    clock,
    lines,
    told,
    commits,
    notes,
    steps,
    stop: Scope.close(scope, Exit.void),
  } satisfies Node
})

const newStore = Effect.map(Layer.build(MemoryStore.layer), (services) => Context.get(services, Store.Store))

/** Creates a check that is pinged once. */
const furnish = Effect.fnUntraced(function* (node: Node) {
  const { check } = yield* Effect.provide(EngineFixture.furnish(policy), node.services)
  yield* ping(node, check.id)
  return check.id
})

const ping = (node: Node, id: string) =>
  Context.get(node.services, Receive.Receive).receive(Arrival.overHttp({ id }))

/** Pings, and goes on before that is committed. */
const pingAside = (node: Node, id: string) => Effect.forkChild(ping(node, id), { startImmediately: true })

const look = Effect.fnUntraced(function* (store: Stored, id: string) {
  const check = (yield* store.check(id))!
  const flips = yield* store.flips(id, {})
  return { ...check.state, last: flips[0]! }
})

describe("a clock that is set forward and stays so", () => {
  it.effect("makes nobody blind or overdue, is followed after a minute, and is logged once", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store)
      const id = yield* furnish(node)
      yield* TestClock.adjust(10 * minute)
      node.clock.ahead = day
      yield* TestClock.adjust(minute - second)
      expect((yield* look(store, id)).status).toBe("up")
      yield* TestClock.adjust(2 * second)
      expect(yield* store.blind).toMatchObject([{ isStep: true }])
      expect(node.lines.filter((line) => line.includes("clock"))).toEqual([
        "the clock was set forward by 86400 s and has stayed so for a minute: it is followed, from 1970-01-02T00:11:00.200Z on",
      ])
      expect((yield* look(store, id)).status).toBe("up")
      // It has left 49 of its 61 minutes, by whatever clock.
      yield* TestClock.adjust(50 * minute - 2 * second)
      expect((yield* look(store, id)).status).toBe("up")
      yield* TestClock.adjust(2 * second)
      const { status, last } = yield* look(store, id)
      expect({ status, at: last.at, blind: last.blind }).toEqual({
        status: "down",
        at: day + hour + minute,
        blind: false,
      })
    }),
  )
})

describe("a clock that is set forward while a note of being awake is written", () => {
  const noticing: readonly (readonly [
    who: string,
    (node: Node, id: string) => Effect.Effect<unknown, unknown>,
  ])[] = [
    ["by a signal", pingAside],
    ["by whoever else asks for the time", (node) => Context.get(node.services, Awake.Awake).keepUp],
  ]

  it.effect.each(noticing)("makes nobody blind, and is not forgotten, when it is noticed %s", ([, notice]) =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store)
      const [id, other] = [yield* furnish(node), yield* furnish(node)]
      node.clock.ahead = day
      yield* TestClock.adjust(minute - 6 * second)
      node.notes.closeUnsafe()
      yield* TestClock.adjust(8 * second)
      yield* notice(node, other)
      yield* TestClock.adjust(second)
      const said = () => node.lines.filter((line) => !line.startsWith("check "))
      expect(said()).toEqual([expect.stringContaining("the clock was set forward")])
      node.notes.openUnsafe()
      yield* TestClock.adjust(10 * second)
      expect(yield* store.blind).toMatchObject([{ isStep: true }])
      expect(said()).toHaveLength(1)
      expect((yield* look(store, id)).status).toBe("up")
    }),
  )
})

describe("a clock that is set forward and is about to be followed", () => {
  it.effect("is not forgotten when somebody notes meanwhile that he is awake", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store)
      const [id, other] = [yield* furnish(node), yield* furnish(node)]
      node.clock.ahead = day
      node.steps.closeUnsafe()
      yield* TestClock.adjust(minute + 8 * second)
      yield* pingAside(node, other)
      yield* TestClock.adjust(second)
      node.steps.openUnsafe()
      yield* TestClock.adjust(10 * second)
      expect(yield* store.blind).toMatchObject([{ isStep: true }])
      expect((yield* look(store, id)).status).toBe("up")
    }),
  )
})

describe("a clock that is set back and stays so", () => {
  it.effect("has its checks expected from then on, and its alerts sent", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store, day)
      const id = yield* furnish(node)
      const failing = yield* furnish(node)
      yield* TestClock.adjust(minute)
      node.clock.ahead = 0
      yield* TestClock.adjust(minute)
      // Still by the time that it had.
      expect((yield* look(store, id)).anchor).toBe(day)
      yield* TestClock.adjust(second)
      expect(yield* look(store, id)).toMatchObject({ status: "up", anchor: 2 * minute + 200 })
      expect(node.lines.at(-1)).toContain("the clock was set back by 86400 s")
      node.told.length = 0
      const receive = Context.get(node.services, Receive.Receive)
      yield* receive.receive(Arrival.overHttp({ id: failing }, "fail"))
      yield* TestClock.adjust(second)
      // The flip comes after the one before it; the alert is sent now.
      expect((yield* look(store, failing)).last.at).toBe(day)
      expect(node.told.map(({ alert }) => [alert.check.id, alert.at])).toEqual([
        [failing, 2 * minute + second],
      ])
      yield* TestClock.adjust(hour + 2 * minute)
      expect(yield* look(store, id)).toMatchObject({ status: "down" })
      expect(yield* store.blind).toEqual([])
    }),
  )

  it.effect("and the node restarted, has the same taken back when it starts again", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const ahead = yield* start(store, 365 * day)
      const id = yield* furnish(ahead)
      yield* TestClock.adjust(10 * second)
      yield* ahead.stop
      yield* TestClock.adjust(hour)
      const node = yield* start(store)
      yield* TestClock.adjust(second)
      expect(yield* look(store, id)).toMatchObject({ status: "up", anchor: hour + 10 * second })
      yield* TestClock.adjust(hour + minute + second)
      expect(yield* look(store, id)).toMatchObject({ status: "down" })
      expect(node.told).toHaveLength(1)
    }),
  )

  it.effect("by less than what counts as blind, takes back nothing at a start", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const ahead = yield* start(store, 30 * second)
      const id = yield* furnish(ahead)
      yield* ahead.stop
      yield* start(store)
      yield* TestClock.adjust(second)
      expect(yield* look(store, id)).toMatchObject({ anchor: 30 * second })
    }),
  )
})

describe("a ping that waits for its commit while the clock is set back", () => {
  it.effect("is stored at the new time at the latest, so that the next ones come after it", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store, hour)
      const [id, another] = [yield* furnish(node), yield* furnish(node)]
      yield* TestClock.adjust(minute)
      node.commits.closeUnsafe()
      yield* pingAside(node, another)
      yield* TestClock.adjust(0)
      yield* pingAside(node, id)
      node.clock.ahead = 0
      yield* TestClock.adjust(2 * minute)
      node.commits.openUnsafe()
      yield* TestClock.adjust(second)
      expect(node.lines.filter((line) => line.includes("the clock was set back"))).toHaveLength(1)
      expect((yield* look(store, id)).anchor).toBe(3 * minute)
    }),
  )
})

describe("nodes whose clocks differ by minutes", () => {
  it.effect("are not blind while one of them is awake", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const nodes = [yield* start(store, 10 * minute), yield* start(store), yield* start(store, -10 * minute)]
      yield* TestClock.adjust(hour)
      yield* nodes[0]!.stop
      yield* TestClock.adjust(hour)
      expect(yield* store.blind).toEqual([])
      expect(nodes.flatMap(({ lines }) => lines)).toEqual([])
    }),
  )

  it.effect("do not believe one that has started a year ahead", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store)
      const id = yield* furnish(node)
      yield* start(store, 365 * day)
      yield* TestClock.adjust(6 * second)
      for (const { to } of yield* store.blind) expect(to).toBeLessThanOrEqual(6 * second)
      yield* TestClock.adjust(hour + minute)
      expect(yield* look(store, id)).toMatchObject({ status: "down" })
    }),
  )
})

describe("a ping that is on its way into a commit when its deadline passes", () => {
  it.effect("came in time, however long that takes", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store)
      const id = yield* furnish(node)
      yield* TestClock.adjust(hour + minute - second)
      node.commits.closeUnsafe()
      const pinging = yield* pingAside(node, id)
      yield* TestClock.adjust(10 * minute)
      node.commits.openUnsafe()
      yield* TestClock.adjust(second)
      expect(pinging.pollUnsafe()).toBeDefined()
      expect(yield* look(store, id)).toMatchObject({ status: "up", anchor: hour + minute - second, flips: 1 })
    }),
  )

  it.effect("on another node came in time, if it takes no longer than twice what it took here", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const [node, other] = [yield* start(store), yield* start(store)]
      const [id, another] = [yield* furnish(node), yield* furnish(node)]
      yield* TestClock.adjust(hour)
      // Commits take two seconds today.
      other.commits.closeUnsafe()
      const slow = yield* pingAside(other, another)
      yield* TestClock.adjust(2 * second)
      other.commits.openUnsafe()
      yield* TestClock.adjust(minute - 2 * second - 500)
      expect(slow.pollUnsafe()).toBeDefined()
      node.commits.closeUnsafe()
      yield* pingAside(node, id)
      yield* TestClock.adjust(3 * second)
      node.commits.openUnsafe()
      yield* TestClock.adjust(second)
      expect(yield* look(store, id)).toMatchObject({ status: "up", flips: 1 })
      // Nobody waits longer than that.
      yield* TestClock.adjust(hour + minute + second)
      expect(yield* look(store, id)).toMatchObject({ status: "down", flips: 2 })
    }),
  )

  it.effect("is committed in time when the engine stops", () =>
    Effect.gen(function* () {
      const store = yield* newStore
      const node = yield* start(store)
      const id = yield* furnish(node)
      yield* TestClock.adjust(hour + minute - second)
      node.commits.closeUnsafe()
      yield* pingAside(node, id)
      yield* pingAside(node, id)
      const stopping = yield* Effect.forkChild(node.stop, { startImmediately: true })
      yield* TestClock.adjust(10 * minute)
      node.commits.openUnsafe()
      yield* TestClock.adjust(second)
      expect(stopping.pollUnsafe()).toBeDefined()
      expect(yield* look(store, id)).toMatchObject({ status: "up", flips: 1, pings: 3 })
    }),
  )
})
