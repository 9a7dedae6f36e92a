/** Laws of channels: what they note of their deliveries, how they are changed, and which deliveries are theirs. */
import type { DeliveryOutcome } from "@overdue/core/Delivery"
import { everything } from "@overdue/core/Channel"
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as Checks from "./Checks.ts"
import type { Law } from "./StoreFixture.ts"
import * as StoreFixture from "./StoreFixture.ts"
import * as Telling from "./Telling.ts"
import * as Settling from "./Settling.ts"

const { channelId, checkId, start } = StoreFixture

/** Registers the laws. */
export const channels = (law: Law): void => {
  describe("a channel", () => {
    notes(law)
    settings(law)
    ownDeliveries(law)
  })
}

const notes = (law: Law): void => {
  law("notes when it was last told, and why it last could not be", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store)
      const noted = Effect.map(store.channel(channelId(1)), (channel) => [
        channel!.lastSuccess,
        channel!.lastError,
      ])
      const ends: readonly (readonly [DeliveryOutcome, readonly unknown[]])[] = [
        [
          { status: "pending", cause: "failed", dueAt: start + 2 * minute, error: "status 503" },
          [undefined, { at: start + minute, why: "status 503" }],
        ],
        [Telling.delivered, [start + 2 * minute, { at: start + minute, why: "status 503" }]],
      ]
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
      for (const [n, [outcome, after]] of ends.entries()) {
        const now = start + (n + 1) * minute
        const [claim] = yield* store.claimDeliveries(now, 1, minute)
        yield* Settling.one(store, claim!.delivery.id, claim!.delivery.attempts, outcome, now)
        expect(yield* noted).toEqual(after)
      }
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + hour)
      const gone = { status: "dead", cause: "exhausted", error: "status 410" } as const
      yield* Telling.tellAll(store, start + hour, () => gone)
      expect(yield* noted).toEqual([start + 2 * minute, { at: start + hour, why: "status 410" }])
    }),
  )

  law("notes nothing of what was not tried, nor of an attempt that is over", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
      const [claim] = yield* store.claimDeliveries(start + minute, 1, minute)
      const { id } = claim!.delivery
      const error = "quiet hours"
      const dueAt = start + hour
      yield* Settling.one(store, id, 2, Telling.delivered, start + minute)
      yield* Settling.one(store, id, 1, { status: "pending", cause: "quiet", dueAt, error }, start + minute)
      yield* Settling.one(store, id, 1, Telling.delivered, start + 2 * minute)
      expect(yield* store.channel(channelId(1))).toEqual(StoreFixture.channel(1))
      expect(yield* store.deliveries({ limit: 1 })).toMatchObject([
        { status: "pending", cause: "quiet", failures: 0, dueAt, error },
      ])
      const [skipped] = yield* store.claimDeliveries(dueAt, 1, minute)
      yield* Settling.one(
        store,
        id,
        skipped!.delivery.attempts,
        { status: "skipped", error: "unwanted" },
        dueAt,
      )
      expect(yield* store.channel(channelId(1))).toEqual(StoreFixture.channel(1))
    }),
  )
}

const settings = (law: Law): void => {
  law("changes its name, its value and its switches, and nothing else", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* store.disableChannel(channelId(1), "status 410")
      const quiet = [
        { schedule: StoreFixture.nightly, duration: 8 * hour },
        { from: start, to: start + hour },
      ]
      const change = {
        name: "renamed",
        value: { url_up: "http://127.0.0.1/up" },
        switches: { ...everything, up: false, reminders: false, quiet },
      }
      expect(yield* store.updateChannel(channelId(1), change)).toBe(true)
      const changed = (yield* store.channel(channelId(1)))!
      expect(Checks.plainQuiet(changed.switches.quiet)).toEqual(Checks.plainQuiet(quiet))
      expect({ ...changed, switches: { ...changed.switches, quiet } }).toEqual({
        ...StoreFixture.channel(1),
        ...change,
        disabled: "status 410",
      })
      expect(yield* store.channel(channelId(2))).toEqual(StoreFixture.channel(2))
      expect(yield* store.updateChannel(channelId(9), change)).toBe(false)
    }),
  )
}

const ownDeliveries = (law: Law): void => {
  law("finds its own deliveries", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "fail" }, start + minute)
      const found = yield* store.deliveries({ channel: channelId(2), limit: 9 })
      expect(found.map(({ check, channel }) => [check, channel])).toEqual([
        [checkId(2), channelId(2)],
        [checkId(1), channelId(2)],
      ])
      const none = yield* store.deliveries({ channel: channelId(2), check: checkId(9), limit: 9 })
      expect(none).toEqual([])
    }),
  )
}
