/** Laws of the order of deliveries: of one check to one channel, and of dead ones. */
import type { DeliveryOutcome } from "@overdue/core/Delivery"
import { minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"
import * as Settling from "./Settling.ts"

const { channelId, checkId, projectId, start } = StoreFixture

const lease = minute

/** Fails a check at 1 minute, lets it succeed at 2, and so on. */
export const alternate = Effect.fnUntraced(function* (
  store: StoreFixture.Stored,
  check: number,
  times: number,
) {
  for (let n = 1; n <= times; n++) {
    const type = n % 2 === 1 ? "fail" : "success"
    yield* StoreFixture.happen(store, [checkId(check)], { type }, start + n * minute)
  }
})

/** Claims for a minute, and returns which flips are claimed, and for which channels. */
export const claim = (store: StoreFixture.Stored, now: number, limit = 100) =>
  Effect.map(store.claimDeliveries(now, limit, lease), (claims) =>
    claims.map(({ delivery }) => ({ flip: delivery.flip, channel: delivery.channel, id: delivery.id })),
  )

/** Registers the laws. */
export const turns = (law: Law): void => {
  describe("the deliveries of one check to one channel", () => {
    order(law)
    superseding(law)
    telling(law)
  })
  describe("a dead delivery", () => deadDeliveries(law))
}

const order = (law: Law): void => {
  law("are sent in their order, one at a time", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.deleteChannel(projectId(1), channelId(2))
      yield* alternate(store, 1, 3)
      const now = start + 10 * minute
      const told: number[] = []
      for (let n = 2; n <= 4; n++) {
        const claims = yield* claim(store, now)
        expect(claims).toHaveLength(1)
        expect(yield* claim(store, now)).toEqual([])
        told.push(claims[0]!.flip)
        yield* Settling.one(store, claims[0]!.id, 1, { status: "delivered" }, start)
      }
      expect(told).toEqual([2, 3, 4])
      expect(yield* claim(store, now)).toEqual([])
    }),
  )

  for (const cause of ["quiet", "held", "stopped"] as const) {
    law(`wait for an older one that waits because of ${cause}; those to others do not`, (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 2)
        yield* alternate(store, 1, 2)
        yield* alternate(store, 2, 1)
        const now = start + 10 * minute
        for (const { id, channel } of yield* claim(store, now)) {
          const isSlow = id.startsWith(checkId(1)) && channel === channelId(1)
          const later = { status: "pending", cause, dueAt: now + minute, error: "later" } as const
          yield* Settling.one(store, id, 1, isSlow ? later : { status: "delivered" }, start)
        }
        expect(yield* claim(store, now)).toMatchObject([{ flip: 3, channel: channelId(2) }])
        expect(yield* claim(store, now + minute)).toMatchObject([
          { flip: 2, channel: channelId(1) },
          { flip: 3, channel: channelId(2) },
        ])
      }),
    )
  }

  law("hold up none to another channel while they wait, of however many channels they are", (store) =>
    Effect.gen(function* () {
      const many = 600
      const numbers = Array.from({ length: many }, (_, index) => index + 1)
      yield* store.createProject({ project: StoreFixture.project(1), keys: [] })
      for (const n of [...numbers, many + 1]) yield* store.createChannel(StoreFixture.channel(n))
      const details = (channels: readonly number[]) => ({ details: { channels: channels.map(channelId) } })
      yield* StoreFixture.create(
        store,
        StoreFixture.check(1, details(numbers)),
        StoreFixture.check(2, details([many + 1])),
      )
      yield* alternate(store, 1, 1)
      const now = start + 10 * minute
      const later = { status: "pending", cause: "quiet", dueAt: now + minute, error: "later" } as const
      let waiting = 0
      while (waiting < many) {
        const claims = yield* claim(store, now, many)
        expect(claims).not.toEqual([])
        yield* store.settleDeliveries(claims.map(({ id }) => ({ id, attempt: 1, outcome: later, now })))
        waiting += claims.length
      }
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 2 * minute)
      yield* StoreFixture.happen(store, [checkId(2)], { type: "fail" }, start + 3 * minute)
      expect(waiting).toBe(many)
      expect(yield* claim(store, now, 8)).toMatchObject([{ channel: channelId(many + 1) }])
    }),
  )
}

const superseding = (law: Law): void => {
  law(
    "do not wait for an older one that has failed: it is superseded, and the newer one tells of it",
    (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* store.deleteChannel(projectId(1), channelId(2))
        yield* alternate(store, 1, 1)
        const now = start + 10 * minute
        const [down] = yield* claim(store, now)
        yield* Settling.one(store, down!.id, 1, failed(now + minute), now)
        expect(yield* claim(store, now)).toEqual([])
        yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, now)
        const [up] = yield* store.claimDeliveries(now, 9, lease)
        expect(up).toMatchObject({ delivery: { flip: 3 }, alert: { status: "up" } })
        expect(up!.untold).toEqual([
          { id: down!.id, occasion: "flip", status: "down", reason: "fail", at: start + minute },
        ])
        expect(yield* store.deliveries({ status: "superseded", limit: 9 })).toMatchObject([
          { id: down!.id, error: "status 503", settledAt: now },
        ])
        yield* Settling.one(store, up!.delivery.id, 1, { status: "delivered" }, now)
        // What was told of is not told of again.
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, now)
        expect(yield* store.claimDeliveries(now, 9, lease)).toMatchObject([{ untold: [] }])
      }),
  )

  law("do not give way to a newer one that the channel does not want", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.deleteChannel(projectId(1), channelId(2))
      const { name, value, switches } = StoreFixture.channel(1)
      yield* store.updateChannel(channelId(1), { name, value, switches: { ...switches, up: false } })
      yield* alternate(store, 1, 1)
      const now = start + 10 * minute
      const [down] = yield* claim(store, now)
      yield* Settling.one(store, down!.id, 1, failed(now), now)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, now)
      expect(yield* claim(store, now)).toMatchObject([{ flip: 2 }])
      yield* Settling.one(store, down!.id, 2, failed(now), now)
      expect(yield* claim(store, now)).toMatchObject([{ flip: 2 }])
    }),
  )

  law("are waited for by a newer one while they are being sent", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.deleteChannel(projectId(1), channelId(2))
      yield* alternate(store, 1, 1)
      const now = start + 10 * minute
      const [down] = yield* claim(store, now)
      yield* Settling.one(store, down!.id, 1, failed(now), now)
      expect(yield* claim(store, now)).toHaveLength(1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, now)
      expect(yield* claim(store, now)).toEqual([])
      yield* Settling.one(store, down!.id, 2, failed(now + minute), now)
      expect(yield* claim(store, now)).toMatchObject([{ flip: 3 }])
    }),
  )
}

const telling = (law: Law): void => {
  law(
    "tell of the last ten that could not be told, those that were given up too, the oldest first",
    (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* store.deleteChannel(projectId(1), channelId(2))
        yield* alternate(store, 1, 1)
        const [first] = yield* claim(store, start + minute)
        yield* Settling.one(
          store,
          first!.id,
          1,
          { status: "dead", cause: "refused", error: "status 400" },
          start,
        )
        for (let n = 2; n <= 12; n++) {
          const type = n % 2 === 1 ? "fail" : "success"
          const now = start + n * minute
          yield* StoreFixture.happen(store, [checkId(1)], { type }, now)
          const [one] = yield* store.claimDeliveries(now, 9, lease)
          expect(one!.untold.map(({ at }) => (at - start) / minute)).toEqual(
            Array.from({ length: n - 1 }, (_, index) => index + 1).slice(-10),
          )
          yield* Settling.one(store, one!.delivery.id, 1, failed(now + minute), now)
        }
      }),
  )
}

const failed = (dueAt: number): DeliveryOutcome => ({
  status: "pending",
  cause: "failed",
  dueAt,
  error: "status 503",
})

const deadDeliveries = (law: Law): void => {
  law("is due again when it is retried, and only a dead one can be", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* alternate(store, 1, 1)
      const now = start + 10 * minute
      const [first, second] = yield* claim(store, now)
      yield* Settling.one(store, first!.id, 1, { status: "dead", cause: "exhausted", error: "gone" }, start)
      yield* Settling.one(store, second!.id, 1, { status: "delivered" }, start)
      expect(yield* store.retryDelivery(second!.id, now)).toBe(false)
      expect(yield* store.retryDelivery("no such delivery", now)).toBe(false)
      expect(yield* store.retryDelivery(first!.id, now + minute)).toBe(true)
      expect(yield* store.retryDelivery(first!.id, now + minute)).toBe(false)
      expect(yield* claim(store, now)).toEqual([])
      const [again] = yield* store.claimDeliveries(now + minute, 9, lease)
      expect(again?.delivery).toMatchObject({ id: first!.id, attempts: 2, error: "gone" })
    }),
  )

  law("holds up no other, and takes its old turn when it is retried", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.deleteChannel(projectId(1), channelId(2))
      yield* alternate(store, 1, 3)
      const now = start + 10 * minute
      const [second] = yield* claim(store, now)
      yield* Settling.one(store, second!.id, 1, { status: "dead", cause: "exhausted", error: "gone" }, start)
      const [third] = yield* claim(store, now)
      expect(third?.flip).toBe(3)
      // The younger one is being sent: the retried one waits until that has ended.
      yield* store.retryDelivery(second!.id, now)
      expect(yield* claim(store, now)).toEqual([])
      yield* Settling.one(store, third!.id, 1, { status: "delivered" }, start)
      expect(yield* claim(store, now)).toMatchObject([{ flip: 2 }])
    }),
  )

  law("cannot be settled by the attempt that ended it, after it is retried", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* alternate(store, 1, 1)
      const now = start + 10 * minute
      const [first] = yield* claim(store, now)
      yield* Settling.one(store, first!.id, 1, { status: "dead", cause: "exhausted", error: "gone" }, start)
      yield* store.retryDelivery(first!.id, now)
      yield* Settling.one(store, first!.id, 1, { status: "delivered" }, start)
      expect(yield* store.deliveries({ limit: 9, status: "delivered" })).toEqual([])
    }),
  )
}
