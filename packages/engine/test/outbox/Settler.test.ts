/** Attempts that end at the same time, and a store that cannot settle all of them. */
import { describe, expect, it } from "@effect/vitest"
import type { Claim } from "@overdue/core/Delivery"
import type { Verdict } from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { minute, second } from "@overdue/core/Time"
import * as LocalBell from "@overdue/engine/LocalBell"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Meter from "@overdue/engine/Meter"
import * as Settler from "@overdue/engine/outbox/Settler"
import { Attempts, lease } from "@overdue/engine/outbox/Attempts"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Trouble from "@overdue/engine/Trouble"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

/** Lets so many checks fail, and claims what their channel is to be told. */
const claimed = Effect.fnUntraced(function* (count: number) {
  const { check } = yield* EngineFixture.furnish()
  const store = yield* Store.Store
  const ids = Array.from({ length: count }, (_, n) => `c0000000-0000-4000-8000-00000000000${n}`)
  const checks = ids.map((id) => ({ ...check, id, badgeKey: id }))
  yield* store.transact({}, () => ({ result: undefined, checks }))
  for (const id of ids) yield* EngineFixture.ping({ id }, "fail")
  return yield* store.claimDeliveries(0, count, lease)
})

/** A store that notes in which groups attempts are settled, and fails every group with one of the bad ones in it. */
const noting = Effect.fnUntraced(function* (
  groups: string[][],
  bad: ReadonlySet<string> = new Set(),
  reason: Store.StoreError["reason"] = "corrupt",
) {
  const store = yield* Store.Store
  const settleDeliveries: typeof store.settleDeliveries = (ended) =>
    Effect.gen(function* () {
      groups.push(ended.map(({ id }) => id))
      yield* Effect.yieldNow
      if (ended.some(({ id }) => bad.has(id))) return yield* new Store.StoreError({ reason, detail: "bad" })
      return yield* store.settleDeliveries(ended)
    })
  return { ...store, settleDeliveries }
})

const id = ({ delivery }: Claim): string => delivery.id
const delivered: Verdict = { type: "delivered" }

/** Sends messages that take so many turns each, and settles them until all are. */
const settled = Effect.fnUntraced(function* (
  store: Store.Store["Service"],
  sent: readonly { readonly claim: Claim; readonly turns: number }[],
) {
  const turns = new Map(sent.map(({ claim, turns }) => [claim.alert.check.id, turns]))
  const attempts = new Attempts({
    notifier: {
      kinds: [],
      notify: ({ alerts: [{ check }] }) =>
        Effect.as(Effect.repeat(Effect.yieldNow, { times: turns.get(check.id)! }), delivered),
    },
    run: Effect.runForkWith(yield* Effect.context()),
    meter: yield* Meter.current,
    now: () => 0,
  })
  const settling = Effect.provideService(Settler.run(attempts), Store.Store, store)
  yield* Effect.forkScoped(settling)
  for (const { claim } of sent) attempts.begin([claim], [], 0)
  yield* attempts.idle
})

const layer = EngineFixture.layer().pipe(
  Layer.provideMerge(LocalBell.layer),
  Layer.provideMerge(Trouble.layer),
  Layer.provideMerge(SteadyClock.layer),
)

/** What became of the deliveries, in the order of their checks. */
const statuses = Effect.gen(function* () {
  const store = yield* Store.Store
  return (yield* store.deliveries({ limit: 100 })).toReversed().map(({ status }) => status)
})

describe("attempts that end together", () => {
  it.effect("are settled in one transaction, in their order", () =>
    Effect.gen(function* () {
      const groups: string[][] = []
      const claims = yield* claimed(3)
      yield* settled(
        yield* noting(groups),
        claims.map((claim) => ({ claim, turns: 0 })),
      )
      expect(groups).toEqual([claims.map(id)])
      expect(yield* statuses).toEqual(["delivered", "delivered", "delivered"])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("are settled each alone when one of them may be at fault, and only that one is left", () =>
    Effect.gen(function* () {
      const groups: string[][] = []
      const claims = yield* claimed(3)
      const [a, b, c] = claims.map(id)
      yield* settled(
        yield* noting(groups, new Set([b!])),
        claims.map((claim) => ({ claim, turns: 0 })),
      )
      expect(groups).toEqual([[a, b, c], [a], [b], [c]])
      expect(yield* statuses).toEqual(["delivered", "pending", "delivered"])
    }).pipe(Effect.provide(layer)),
  )

  it.effect("are settled when the store is back, and none is sent again meanwhile", () => {
    const told: EngineFixture.Told[] = []
    let isAway = true
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (store) => ({
        ...store,
        settleDeliveries: ((ended) =>
          isAway
            ? Effect.fail(new Store.StoreError({ reason: "busy", detail: "another process holds it" }))
            : store.settleDeliveries(ended)) satisfies typeof store.settleDeliveries,
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(30 * second)
      expect(yield* statuses).toEqual(["pending"])
      isAway = false
      yield* TestClock.adjust(second)
      expect(yield* statuses).toEqual(["delivered"])
      yield* TestClock.adjust(5 * minute)
      expect(told).toHaveLength(1)
    }).pipe(Effect.provide(EngineFixture.layer({ told, store, loops: true })))
  })

  it.effect("do not keep an engine from stopping while the store is away", () => {
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (store) => ({
        ...store,
        settleDeliveries: () =>
          Effect.fail(new Store.StoreError({ reason: "full", detail: "the disk is full" })),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    return Effect.gen(function* () {
      yield* Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish()
        yield* EngineFixture.ping({ id: check.id }, "fail")
        yield* TestClock.adjust(second)
        // The layer is closed while time passes: nobody moves the clock but the test.
        yield* Effect.forkDetach(TestClock.adjust(8 * second))
      }).pipe(Effect.provide(EngineFixture.layer({ store, loops: true })))
      expect(yield* Clock.currentTimeMillis).toBeLessThanOrEqual(9 * second)
    })
  })

  it.effect("wait for those that are about to end, but not for those that take long", () =>
    Effect.gen(function* () {
      const groups: string[][] = []
      const claims = yield* claimed(4)
      const turns = [0, 2, 4, 40]
      yield* settled(
        yield* noting(groups),
        claims.map((claim, index) => ({ claim, turns: turns[index]! })),
      )
      expect(groups).toEqual([claims.slice(0, 3).map(id), [id(claims[3]!)]])
    }).pipe(Effect.provide(layer)),
  )
})
