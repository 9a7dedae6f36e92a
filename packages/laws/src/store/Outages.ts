/** Laws of outages: what a claim says about one, and what is remembered of it when a delivery is settled. */
import type { Claim, DeliveryOutcome } from "@overdue/core/Delivery"
import { day, hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import type { Law } from "./StoreFixture.ts"
import * as StoreFixture from "./StoreFixture.ts"
import * as Telling from "./Telling.ts"

const { channelId, checkId, start } = StoreFixture

/** Registers the laws. */
export const outages = (law: Law): void => {
  describe("the alerts of one outage", () => {
    identity(law)
    others(law)
    memory(law)
    endings(law)
  })
}

/** The alerts name their outage, and say when it began and ended, and why. */
const identity = (law: Law): void => {
  law("name it alike, from its begin over its reminders to its end, and say since when and why", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store)
      const rid = checkId(8)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail", rid }, start + minute)
      const [down] = yield* Telling.tellAll(store, start + minute)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, start + hour + minute)
      const [reminder] = yield* Telling.tellAll(store, start + hour + minute)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 2 * hour)
      const [up] = yield* Telling.tellAll(store, start + 2 * hour)
      const outage = { id: `${checkId(1)}.2`, since: start + minute, reason: "fail", rid }
      expect([down, reminder].map((claim) => [claim!.alert.status, claim!.alert.outage])).toEqual([
        ["down", { ...outage, until: undefined }],
        ["down", { ...outage, until: undefined }],
      ])
      expect(reminder!.delivery.occasion).toBe("reminder")
      expect([up!.alert.status, up!.alert.outage]).toEqual(["up", { ...outage, until: start + 2 * hour }])
    }),
  )

  law("name another outage otherwise, and say when it is over by the time that its begin is told", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store)
      for (const n of [1, 3]) {
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + n * minute)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + (n + 1) * minute)
      }
      const told = yield* Telling.tellAll(store, start + hour)
      expect(told.map(({ alert }) => [alert.status, alert.outage?.id, alert.outage?.until])).toEqual([
        ["down", `${checkId(1)}.2`, start + 2 * minute],
        ["up", `${checkId(1)}.2`, start + 2 * minute],
        ["down", `${checkId(1)}.4`, start + 4 * minute],
        ["up", `${checkId(1)}.4`, start + 4 * minute],
      ])
    }),
  )

  law("are of none when a new check is first heard of", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      const details = { channels: [channelId(1)] }
      yield* StoreFixture.create(store, StoreFixture.check(1, { details }, { notifyOnFirstPing: true }))
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start)
      const [claim] = yield* Telling.tellAll(store, start)
      expect(claim).toMatchObject({ alert: { status: "up", reason: "success" }, beganUntold: false })
      expect(claim!.alert.outage).toBeUndefined()
    }),
  )

  law("know its end when the flip that began it is forgotten", (store) =>
    Effect.gen(function* () {
      // A reminder of the outage would keep the flip that began it.
      yield* Telling.furnish(store, 1, 1000 * day)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
      yield* Telling.tellAll(store, start + minute)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 500 * day)
      yield* store.prune({ ...StoreFixture.nothingOld, deliveries: start + 400 * day })
      yield* store.prune({ ...StoreFixture.nothingOld, flips: start + 400 * day })
      const told = (yield* Telling.tellAll(store, start + 500 * day)).filter(
        ({ alert }) => alert.status === "up",
      )
      expect(told[0]?.alert.outage).toEqual({
        id: `${checkId(1)}.2`,
        since: undefined,
        until: start + 500 * day,
        reason: undefined,
        rid: undefined,
      })
    }),
  )
}

const others = (law: Law): void => {
  law("count the checks of the project that are down", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store, 3)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      yield* StoreFixture.create(store, StoreFixture.check(9, { project: StoreFixture.projectId(2) }))
      yield* StoreFixture.happen(store, [1, 2, 9].map(checkId), { type: "fail" }, start + minute)
      const claims = yield* store.claimDeliveries(start + minute, 100, minute)
      expect(claims.map(({ down }) => down)).toEqual([2, 2])
    }),
  )
}

/** The alerts carry what their channel remembered of the outage. */
const memory = (law: Law): void => {
  law("carry what was remembered of the outage, by the channel that remembered it", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "fail" }, start + minute)
      const remembers = ({ delivery }: Claim): DeliveryOutcome =>
        delivery.channel === channelId(1)
          ? { status: "delivered", remember: { issue: 7, of: delivery.check, 'odd "key"': [null, "ä🌙"] } }
          : Telling.delivered
      const first = yield* Telling.tellAll(store, start + minute, remembers)
      expect(first.map(({ memory }) => memory)).toEqual([undefined, undefined, undefined, undefined])
      yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "success" }, start + hour)
      const told = yield* Telling.tellAll(store, start + hour)
      expect(told.map(({ delivery, memory }) => [delivery.check, delivery.channel, memory])).toEqual([
        [checkId(1), channelId(1), { issue: 7, of: checkId(1), 'odd "key"': [null, "ä🌙"] }],
        [checkId(1), channelId(2), undefined],
        [checkId(2), channelId(1), { issue: 7, of: checkId(2), 'odd "key"': [null, "ä🌙"] }],
        [checkId(2), channelId(2), undefined],
      ])
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + 2 * hour)
      const next = yield* Telling.tellAll(store, start + 2 * hour)
      expect(next.map(({ memory }) => memory)).toEqual([undefined, undefined])
    }),
  )

  law("carry the newest of what was remembered, and keep it when nothing new is", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
      yield* Telling.tellAll(store, start + minute, () => ({ status: "delivered", remember: 1 }))
      const memories: unknown[] = []
      for (const [after, remember] of [
        [1, 2],
        [2, undefined],
        [3, null],
        [4, undefined],
      ] as const) {
        const now = start + after * hour + minute
        yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, now)
        const [claim] = yield* Telling.tellAll(store, now, () => ({
          status: "delivered",
          ...(remember === undefined ? {} : { remember }),
        }))
        memories.push(claim!.memory)
      }
      expect(memories).toEqual([1, 2, 2, null])
    }),
  )
}

const endings = (law: Law): void => {
  law("end untold when the channel was not told of the begin, and are news when it was", (store) =>
    Effect.gen(function* () {
      yield* Telling.furnish(store)
      const outcomes: readonly DeliveryOutcome[] = [
        { status: "skipped", error: "unwanted" },
        { status: "delivered" },
        { status: "dead", cause: "exhausted", error: "gone" },
      ]
      for (const [index, outcome] of outcomes.entries()) {
        const n = 2 * index + 1
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + n * minute)
        yield* Telling.tellAll(store, start + n * minute, () => outcome)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + (n + 1) * minute)
        const [up] = yield* Telling.tellAll(store, start + (n + 1) * minute)
        expect([outcome, up!.beganUntold]).toEqual([outcome, outcome.status === "skipped"])
      }
    }),
  )
}
