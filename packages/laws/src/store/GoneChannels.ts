/** Laws of deliveries to channels that are disabled or deleted. */
import type { DeliveryOutcome } from "@overdue/core/Delivery"
import { minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"
import { alternate, claim } from "./Turns.ts"
import * as Settling from "./Settling.ts"

const { channelId, checkId, projectId, start } = StoreFixture

/** Registers the laws. */
export const goneChannels = (law: Law): void => {
  describe("a channel that is disabled", () => disabledChannels(law))
  describe("a channel that is deleted", () => deletedChannels(law))
}

const quietly = (dueAt: number): DeliveryOutcome => ({
  status: "pending",
  cause: "quiet",
  dueAt,
  error: "quiet hours",
})

const disabledChannels = (law: Law): void => {
  law("is sent nothing: what is due to it becomes dead for the channel's reason", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* alternate(store, 1, 2)
      const now = start + 10 * minute
      yield* store.disableChannel(channelId(1), "status 410")
      yield* store.disableChannel(channelId(9), "no such channel")
      expect((yield* store.channel(channelId(1)))?.disabled).toBe("status 410")
      expect(yield* claim(store, start)).toEqual([])
      expect(yield* claim(store, now)).toMatchObject([{ flip: 2, channel: channelId(2) }])
      const dead = yield* store.deliveries({ limit: 9, status: "dead" })
      expect(dead.map(({ flip, channel, error }) => [flip, channel, error])).toEqual([
        [3, channelId(1), "status 410"],
        [2, channelId(1), "status 410"],
      ])
    }),
  )

  law("is not sent later what is not due yet, but for what is being sent", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* alternate(store, 1, 1)
      const now = start + 10 * minute
      for (const { id, channel } of yield* claim(store, now)) {
        const outcome: DeliveryOutcome =
          channel === channelId(1) ? quietly(now + minute) : { status: "delivered" }
        yield* Settling.one(store, id, 1, outcome, now)
      }
      yield* alternate(store, 2, 1)
      const sending = yield* claim(store, now)
      expect(sending).toHaveLength(2)
      yield* store.disableChannel(channelId(1), "status 410")
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, now)
      expect(yield* claim(store, now)).toMatchObject([{ flip: 3, channel: channelId(2) }])
      const dead = yield* store.deliveries({ limit: 9, status: "dead" })
      expect(dead.map(({ check, flip, channel, cause }) => [check, flip, channel, cause])).toEqual([
        [checkId(1), 3, channelId(1), "disabled"],
        [checkId(1), 2, channelId(1), "disabled"],
      ])
      const late = sending.find(({ channel }) => channel === channelId(1))
      yield* Settling.one(store, late!.id, 1, { status: "delivered" }, now)
      const told = yield* store.deliveries({ limit: 9, status: "delivered" })
      expect(told.map(({ id }) => id)).toContain(late!.id)
    }),
  )
}

const deletedChannels = (law: Law): void => {
  law("is taken from its checks, with its deliveries; what follows is not for it", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* alternate(store, 1, 1)
      expect(yield* store.deleteChannel(projectId(2), channelId(1))).toBe(false)
      expect(yield* store.deleteChannel(projectId(1), channelId(1))).toBe(true)
      expect(yield* store.deleteChannel(projectId(1), channelId(1))).toBe(false)
      expect(yield* store.channel(channelId(1))).toBeUndefined()
      expect(yield* store.channels(StoreFixture.projectId(1))).toEqual([StoreFixture.channel(2)])
      for (const n of [1, 2]) {
        expect((yield* store.check(checkId(n)))?.details.channels).toEqual([channelId(2)])
      }
      yield* alternate(store, 2, 1)
      const left = yield* store.deliveries({ limit: 9 })
      expect(left.map(({ check, channel }) => [check, channel])).toEqual([
        [checkId(2), channelId(2)],
        [checkId(1), channelId(2)],
      ])
      const claims = yield* claim(store, start + 10 * minute)
      expect(claims.map(({ channel }) => channel)).toEqual([2, 2].map(channelId))
    }),
  )
}
