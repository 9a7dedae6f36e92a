/** Laws of deliveries: each is written once, held by one worker, and settled once. */
import type { Claim, DeliveryOutcome } from "@overdue/core/Delivery"
import { minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"
import * as Settling from "./Settling.ts"

const { channelId, checkId, start } = StoreFixture

const lease = minute
const failed = start + 10

/** Check 1 has failed at `failed`, and both of its channels are to be told. */
const failing = Effect.fnUntraced(function* (store: StoreFixture.Stored) {
  yield* StoreFixture.furnish(store, 1)
  const body = new TextEncoder().encode("exit 1")
  yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, failed, body)
})

/** Claims the deliveries of `failing`, settles the others, and returns the first. */
const claimOne = Effect.fnUntraced(function* (store: StoreFixture.Stored) {
  const claims = yield* store.claimDeliveries(failed, 2, lease)
  for (const { delivery } of claims.slice(1)) {
    yield* Settling.one(store, delivery.id, delivery.attempts, { status: "delivered" }, start)
  }
  return claims[0]!
})

const attempts = (claims: readonly Claim[]) => claims.map(({ delivery }) => delivery.attempts)

/** Registers the laws. */
export const outbox = (law: Law): void => {
  describe("a delivery", () => deliveries(law))
  describe("a claim", () => claims(law))
  describe("an attempt", () => {
    outcomes(law)
    lateOutcomes(law)
  })
}

const deliveries = (law: Law): void => {
  law("exists once, however often it is written", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      const before = yield* store.deliveries({ limit: 9 })
      expect(before).toHaveLength(2)
      yield* store.transact({}, () => ({ result: undefined, deliveries: [...before, ...before] }))
      expect(yield* store.deliveries({ limit: 9 })).toEqual(before)
    }),
  )

  law("is left out when its channel is gone, or is another project's", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      yield* store.createChannel(StoreFixture.channel(3, { project: StoreFixture.projectId(2) }))
      const [delivery] = yield* store.deliveries({ limit: 1 })
      const deliveries = [3, 9].map((n) => ({ ...delivery!, id: `other ${n}`, channel: channelId(n) }))
      yield* store.transact({}, () => ({ result: undefined, deliveries }))
      expect(yield* store.deliveries({ limit: 9 })).toHaveLength(2)
    }),
  )

  law("waits from the instant of its flip on, and has not been tried", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      const [delivery] = yield* store.deliveries({ limit: 1 })
      expect(delivery).toEqual({
        id: `${checkId(1)}.2.${channelId(2)}`,
        check: checkId(1),
        channel: channelId(2),
        flip: 2,
        occasion: "flip",
        at: failed,
        to: "down",
        reason: "fail",
        status: "pending",
        cause: undefined,
        attempts: 0,
        failures: 0,
        dueAt: failed,
        error: undefined,
        settledAt: undefined,
      })
      expect(yield* store.claimDeliveries(failed - 1, 9, lease)).toEqual([])
    }),
  )

  law("is listed newest first, by project, check and status", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      yield* store.createChannel(StoreFixture.channel(3, { project: StoreFixture.projectId(2) }))
      const details = { channels: [channelId(3)] }
      yield* StoreFixture.create(
        store,
        StoreFixture.check(2, { project: StoreFixture.projectId(2), details }),
      )
      yield* StoreFixture.happen(store, [checkId(2)], { type: "fail" }, failed + 1)
      const claim = yield* claimOne(store)
      yield* Settling.one(
        store,
        claim.delivery.id,
        1,
        { status: "dead", cause: "exhausted", error: "no" },
        start,
      )
      const channels = (filter: Parameters<StoreFixture.Stored["deliveries"]>[0]) =>
        Effect.map(store.deliveries(filter), (found) => found.map(({ channel }) => channel))
      expect(yield* channels({ limit: 9 })).toEqual([3, 2, 1].map(channelId))
      expect(yield* channels({ limit: 2 })).toEqual([3, 2].map(channelId))
      expect(yield* channels({ limit: 9, project: StoreFixture.projectId(1) })).toEqual([2, 1].map(channelId))
      expect(yield* channels({ limit: 9, check: checkId(2) })).toEqual([channelId(3)])
      expect(yield* channels({ limit: 9, status: "dead" })).toEqual([channelId(1)])
      expect(yield* channels({ limit: 9, check: checkId(1), status: "pending" })).toEqual([])
      expect(yield* channels({ limit: 9, project: StoreFixture.projectId(3) })).toEqual([])
    }),
  )
}

const claims = (law: Law): void => {
  law("has all that it takes to tell the channel", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "log" }, failed + 1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, failed + 2)
      const [claim, other] = yield* store.claimDeliveries(failed + 5, 9, lease)
      const check = yield* store.check(checkId(1))
      const lastPing = yield* store.ping(checkId(1), 2)
      expect(lastPing?.body).toBeDefined()
      const [listed] = (yield* store.deliveries({ limit: 9 })).toReversed()
      expect(listed).toMatchObject({ status: "pending", attempts: 1, dueAt: failed + 5 + lease })
      expect(claim?.delivery).toEqual(listed)
      expect(claim?.channel).toEqual(StoreFixture.channel(1))
      expect(other?.channel).toEqual(StoreFixture.channel(2))
      expect(claim?.alert).toEqual({
        id: listed!.id,
        occasion: "flip",
        status: "down",
        reason: "fail",
        at: failed,
        check,
        project: { id: StoreFixture.projectId(1), name: "project 1", zone: "Europe/Riga" },
        lastPing,
        outage: { id: `${checkId(1)}.2`, since: failed, until: undefined, reason: "fail", rid: undefined },
      })
      expect(claim).toMatchObject({ down: 1, beganUntold: false, memory: undefined })
    }),
  )

  law("holds the delivery until its lease ends, and then is another's to make", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      expect(attempts(yield* store.claimDeliveries(failed, 9, lease))).toEqual([1, 1])
      expect(yield* store.claimDeliveries(failed + lease - 1, 9, lease)).toEqual([])
      expect(attempts(yield* store.claimDeliveries(failed + lease, 9, lease))).toEqual([2, 2])
    }),
  )

  law("takes no more than it asks for, the delivery that has waited longest first", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 3)
      for (const n of [2, 3, 1]) yield* StoreFixture.happen(store, [checkId(n)], { type: "fail" }, failed + n)
      const claims = yield* store.claimDeliveries(failed + 9, 5, lease)
      expect(claims.map(({ delivery }) => delivery.check)).toEqual([1, 1, 2, 2, 3].map(checkId))
    }),
  )

  law("never gives the same delivery to two at once", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 20)
      const ids = Array.from({ length: 20 }, (_, index) => checkId(index + 1))
      yield* StoreFixture.happen(store, ids, { type: "fail" }, failed)
      const claims = yield* Effect.forEach(
        Array.from({ length: 10 }),
        () => store.claimDeliveries(failed, 4, lease),
        { concurrency: "unbounded" },
      )
      expect(new Set(claims.flat().map(({ delivery }) => delivery.id)).size).toBe(40)
      expect(yield* store.claimDeliveries(failed, 9, lease)).toEqual([])
    }),
  )
}

/** An attempt in time decides what becomes of its delivery. */
const outcomes = (law: Law): void => {
  const ends: readonly (readonly [string, DeliveryOutcome])[] = [
    ["delivered", { status: "delivered" }],
    ["skipped", { status: "skipped", error: "unwanted" }],
    ["dead", { status: "dead", cause: "exhausted", error: "refused" }],
  ]
  for (const [name, outcome] of ends) {
    law(`that ends as ${name} is the last one`, (store) =>
      Effect.gen(function* () {
        yield* failing(store)
        const { delivery } = yield* claimOne(store)
        yield* Settling.one(store, delivery.id, 1, outcome, start)
        const settled = (yield* store.deliveries({ limit: 9 })).find(({ id }) => id === delivery.id)
        expect(settled).toMatchObject({ attempts: 1, ...outcome })
        expect(yield* store.claimDeliveries(failed + 100 * lease, 9, lease)).toEqual([])
      }),
    )
  }

  law("that is to be repeated says when and why", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      const { delivery } = yield* claimOne(store)
      const dueAt = failed + 5 * minute
      yield* Settling.one(
        store,
        delivery.id,
        1,
        { status: "pending", cause: "failed", dueAt, error: "status 503" },
        start,
      )
      expect(yield* store.claimDeliveries(dueAt - 1, 9, lease)).toEqual([])
      const [again] = yield* store.claimDeliveries(dueAt, 9, lease)
      expect(again?.delivery).toEqual({
        ...delivery,
        cause: "failed",
        attempts: 2,
        failures: 1,
        dueAt: dueAt + lease,
        error: "status 503",
      })
      yield* Settling.one(store, delivery.id, 2, { status: "delivered" }, start)
      const settled = (yield* store.deliveries({ limit: 9 })).find(({ id }) => id === delivery.id)
      expect(settled).toMatchObject({ status: "delivered", attempts: 2, error: undefined })
    }),
  )
}

/** An attempt whose lease has ended settles only while no other has begun. */
const lateOutcomes = (law: Law): void => {
  law("whose lease ended settles nothing once another has begun", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      const { delivery } = yield* claimOne(store)
      expect(attempts(yield* store.claimDeliveries(failed + lease, 9, lease))).toEqual([2])
      const before = yield* store.deliveries({ limit: 9 })
      yield* Settling.one(store, delivery.id, 1, { status: "dead", cause: "exhausted", error: "late" }, start)
      expect(yield* store.deliveries({ limit: 9 })).toEqual(before)
      yield* Settling.one(store, delivery.id, 2, { status: "delivered" }, start)
      const dead = yield* store.deliveries({ limit: 9, status: "dead" })
      expect(dead).toEqual([])
    }),
  )

  law("whose lease ended still settles when no other has begun", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      const { delivery } = yield* claimOne(store)
      yield* Settling.one(store, delivery.id, 1, { status: "delivered" }, start)
      expect(yield* store.claimDeliveries(failed + 2 * lease, 9, lease)).toEqual([])
    }),
  )

  law("settles once: what follows, and what was never claimed, has no effect", (store) =>
    Effect.gen(function* () {
      yield* failing(store)
      const [unclaimed] = yield* store.deliveries({ limit: 1 })
      yield* Settling.one(store, unclaimed!.id, 0, { status: "delivered" }, start)
      yield* Settling.one(store, "no such delivery", 1, { status: "delivered" }, start)
      expect(yield* store.deliveries({ limit: 9, status: "pending" })).toHaveLength(2)
      const { delivery } = yield* claimOne(store)
      yield* Settling.one(
        store,
        delivery.id,
        1,
        { status: "pending", cause: "failed", dueAt: failed + 9, error: "a" },
        start,
      )
      yield* Settling.one(store, delivery.id, 1, { status: "dead", cause: "exhausted", error: "b" }, start)
      expect(yield* store.deliveries({ limit: 9, status: "dead" })).toEqual([])
      const [again] = yield* store.claimDeliveries(failed + 9, 9, lease)
      yield* Settling.one(store, delivery.id, again!.delivery.attempts, { status: "delivered" }, start)
      yield* Settling.one(
        store,
        delivery.id,
        again!.delivery.attempts,
        { status: "dead", cause: "exhausted", error: "c" },
        start,
      )
      expect(yield* store.deliveries({ limit: 9, status: "dead" })).toEqual([])
    }),
  )
}
