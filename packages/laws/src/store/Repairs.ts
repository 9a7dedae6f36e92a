/** Laws of channels that fail and work again, of what is told then, and of what a person gives up. */
import type { DeliveryOutcome } from "@overdue/core/Delivery"
import * as Limits from "@overdue/core/Limits"
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import type { Law } from "./StoreFixture.ts"
import * as StoreFixture from "./StoreFixture.ts"
import * as Telling from "./Telling.ts"
import * as Settling from "./Settling.ts"
import { shares } from "./Shares.ts"

const { channelId, checkId, start } = StoreFixture

/** Registers the laws. */
export const repairs = (law: Law): void => {
  describe("a channel that fails", () => {
    failing(law)
    shares(law)
  })
  describe("a channel that works again", () => {
    working(law)
    refusing(law)
  })
  describe("a delivery that a person gives up", () => dropping(law))
}

const failed = (dueAt: number, isGone = false): DeliveryOutcome => ({
  status: "pending",
  cause: "failed",
  dueAt,
  error: "status 503",
  ...(isGone && { isGone }),
})

const refused: DeliveryOutcome = { status: "dead", cause: "refused", error: "status 400" }
const exhausted: DeliveryOutcome = { status: "dead", cause: "exhausted", error: "status 503" }

/** Takes a check down or up at an instant, tries to tell of it, and returns what settling that changed. */
const attempt = Effect.fnUntraced(function* (
  store: StoreFixture.Stored,
  { n = 1, type, now }: { readonly n?: number; readonly type: "fail" | "success"; readonly now: number },
  outcome: DeliveryOutcome,
) {
  yield* StoreFixture.happen(store, [checkId(n)], { type }, now)
  const [claim] = yield* store.claimDeliveries(now, 1, minute)
  return yield* Settling.one(store, claim!.delivery.id, claim!.delivery.attempts, outcome, now)
})

const failing = (law: Law): void => {
  law(
    "is so since its first failure, which is told apart from the next ones, and from its recovery",
    (store) =>
      Effect.gen(function* () {
        yield* Telling.furnish(store, 3)
        const since = Effect.map(store.channel(channelId(1)), (channel) => channel!.failingSince)
        const at = (n: number) => start + n * minute
        const steps: readonly (readonly [number, DeliveryOutcome, string | undefined, number | undefined])[] =
          [
            [1, failed(at(9)), "failed", at(1)],
            [2, refused, undefined, at(1)],
            [3, { status: "delivered" }, "recovered", undefined],
          ]
        for (const [n, outcome, turn, failingSince] of steps) {
          const settled = yield* attempt(store, { n, type: "fail", now: at(n) }, outcome)
          expect(settled).toEqual({ isHeld: true, turn })
          expect(yield* since).toBe(failingSince)
        }
      }),
  )

  law("is gone since the first of the answers that said so without a break", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store, 5)
      const answers = [true, true, false, true]
      const gone: (number | undefined)[] = []
      for (const [index, isGone] of answers.entries()) {
        const now = start + (index + 1) * minute
        yield* attempt(store, { n: index + 1, type: "fail", now }, failed(now + hour, isGone))
        gone.push((yield* store.channel(channelId(1)))!.goneSince)
      }
      expect(gone).toEqual([start + minute, start + minute, undefined, start + 4 * minute])
      yield* attempt(store, { n: 5, type: "fail", now: start + 5 * minute }, { status: "delivered" })
      expect(yield* store.channel(channelId(1))).toMatchObject({
        goneSince: undefined,
        failingSince: undefined,
      })
    }),
  )

  law("says how many deliveries wait for it", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      const waiting = store.waiting(StoreFixture.projectId(1))
      expect(yield* waiting).toEqual(new Map())
      yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "fail" }, start + minute)
      const [one] = yield* store.claimDeliveries(start + minute, 1, minute)
      yield* Settling.one(store, one!.delivery.id, 1, { status: "delivered" }, start + minute)
      const counts = yield* waiting
      expect([counts.get(channelId(1)), counts.get(channelId(2))]).toEqual([1, 2])
      expect(yield* store.waiting(StoreFixture.projectId(2))).toEqual(new Map())
    }),
  )
}

const working = (law: Law): void => {
  law("is sent at once all that waits for it, and not what waits for something else", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store, 4)
      const now = start + minute
      const quiet: DeliveryOutcome = { status: "pending", cause: "quiet", dueAt: now + hour, error: "quiet" }
      for (const [n, outcome] of [failed(now + hour), failed(now + hour), quiet].entries()) {
        yield* attempt(store, { n: n + 1, type: "fail", now }, outcome)
      }
      expect(yield* store.claimDeliveries(now, 9, minute)).toEqual([])
      yield* attempt(store, { n: 4, type: "fail", now }, { status: "delivered" })
      const claims = yield* store.claimDeliveries(now, 9, minute)
      expect(claims.map(({ delivery }) => delivery.check)).toEqual([1, 2].map(checkId))
    }),
  )

  for (const [how, repair] of [
    [
      "because a person says so",
      (store: StoreFixture.Stored) => store.repairChannel(channelId(1), start + hour),
    ],
    [
      "because it delivers",
      (store: StoreFixture.Stored) =>
        attempt(store, { n: 9, type: "fail", now: start + hour }, { status: "delivered" }),
    ],
  ] as const) {
    law(
      `is told ${how} what is down that it was never told of, and that is over what it was told of`,
      (store) =>
        Effect.gen(function* () {
          yield* Telling.furnish(store, 9)
          const now = start + minute
          const fail = (n: number, outcome: DeliveryOutcome) =>
            attempt(store, { n, type: "fail", now }, outcome)
          const up = (n: number, outcome: DeliveryOutcome) =>
            attempt(store, { n, type: "success", now }, outcome)
          yield* fail(3, { status: "delivered" })
          yield* fail(4, { status: "delivered" })
          yield* fail(1, exhausted)
          yield* up(3, exhausted)
          // It is up again, and the channel knows of nothing.
          yield* fail(2, exhausted)
          yield* up(2, exhausted)
          yield* fail(5, exhausted)
          yield* repair(store)
          const claims = yield* store.claimDeliveries(start + hour, 9, minute)
          expect(claims.map(({ alert }) => [alert.check.id, alert.status])).toEqual([
            [checkId(1), "down"],
            [checkId(3), "up"],
            [checkId(5), "down"],
          ])
        }),
    )
  }
}

const refusing = (law: Law): void => {
  law(
    "is sent a few times what it has refused, and then again only when a person says that it works",
    (store) =>
      Effect.gen(function* () {
        yield* Telling.furnish(store, 9)
        const now = start + minute
        const attempts: number[] = []
        yield* attempt(store, { n: 1, type: "fail", now }, refused)
        for (let n = 2; n <= 8; n++) {
          yield* attempt(store, { n, type: "fail", now }, { status: "delivered" })
          for (const { delivery } of yield* store.claimDeliveries(now, 9, minute)) {
            expect(delivery.check).toBe(checkId(1))
            attempts.push(delivery.attempts)
            yield* Settling.one(store, delivery.id, delivery.attempts, refused, now)
          }
        }
        expect(attempts).toEqual(Array.from({ length: Limits.refusals - 1 }, (_, index) => index + 2))
        yield* store.disableChannel(channelId(1), "status 410")
        expect(yield* store.repairChannel(channelId(1), now)).toBe(true)
        expect(yield* store.repairChannel(channelId(9), now)).toBe(false)
        expect((yield* store.channel(channelId(1)))!.disabled).toBeUndefined()
        expect(yield* store.claimDeliveries(now, 9, minute)).toMatchObject([
          { delivery: { check: checkId(1), failures: 0 } },
        ])
      }),
  )

  law("is told of an outage once, though it has many deliveries that were given up", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store)
      yield* attempt(store, { type: "fail", now: start + minute }, exhausted)
      for (const n of [1, 2]) {
        const now = start + n * hour + minute
        yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, now)
        yield* Telling.tellAll(store, now, () => exhausted)
      }
      yield* store.repairChannel(channelId(1), start + 3 * hour)
      const told = yield* Telling.tellAll(store, start + 3 * hour)
      expect(told.map(({ delivery }) => [delivery.occasion, delivery.at])).toEqual([
        ["reminder", start + 2 * hour + minute],
      ])
      yield* store.repairChannel(channelId(1), start + 3 * hour)
      expect(yield* store.claimDeliveries(start + 3 * hour, 9, minute)).toEqual([])
    }),
  )
}

const dropping = (law: Law): void => {
  law("is not sent, also when it is being sent, and can be taken up again", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const now = start + minute
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, now)
      const [sending, other] = yield* store.claimDeliveries(now, 9, minute)
      const { id } = sending!.delivery
      yield* Settling.one(store, other!.delivery.id, 1, { status: "delivered" }, now)
      expect(yield* store.dropDelivery(other!.delivery.id, now)).toBe(false)
      expect(yield* store.dropDelivery("no such delivery", now)).toBe(false)
      expect(yield* store.dropDelivery(id, now)).toBe(true)
      expect(yield* store.dropDelivery(id, now)).toBe(false)
      expect(yield* Settling.one(store, id, 1, { status: "delivered" }, now)).toMatchObject({
        isHeld: false,
      })
      expect(yield* store.delivery(id)).toMatchObject({ status: "dropped", cause: undefined, settledAt: now })
      expect(yield* store.claimDeliveries(now + hour, 9, minute)).toEqual([])
      expect(yield* store.retryDelivery(id, now + hour)).toBe(true)
      expect(yield* store.delivery(id)).toMatchObject({ status: "pending", settledAt: undefined })
      expect(yield* store.claimDeliveries(now + hour, 9, minute)).toHaveLength(1)
      expect(yield* store.delivery("no such delivery")).toBeUndefined()
    }),
  )
}
