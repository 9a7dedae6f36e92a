/** Laws of the log of a check: its pings and flips, and how they are listed. */
import { minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"
import * as Settling from "./Settling.ts"

const { checkId, start } = StoreFixture

const numbers = (store: StoreFixture.Stored, page: { readonly limit: number; readonly before?: number }) =>
  Effect.map(store.pings(checkId(1), page), (pings) => pings.map(({ n }) => n))

/** Registers the laws. */
export const logs = (law: Law): void => {
  describe("the ping log of a check", () => pingLog(law))
  describe("the flips of a check", () => {
    flipLog(law)
    longLogs(law)
  })
  describe("a check", () => badgeKeys(law))
  describe("the activity of a store", () => activity(law))
}

const pingLog = (law: Law): void => {
  law("is read newest first, page by page", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      for (let n = 2; n <= 7; n++) yield* StoreFixture.happen(store, [checkId(1)], { type: "log" }, start + n)
      expect(yield* numbers(store, { limit: 3 })).toEqual([7, 6, 5])
      expect(yield* numbers(store, { limit: 3, before: 5 })).toEqual([4, 3, 2])
      expect(yield* numbers(store, { limit: 3, before: 2 })).toEqual([1])
      expect(yield* numbers(store, { limit: 3, before: 1 })).toEqual([])
      expect(yield* store.pings(checkId(9), { limit: 3 })).toEqual([])
    }),
  )

  law("lists pings without their bodies, and gives one with its body, byte for byte", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const body = Uint8Array.from({ length: 10_000 }, (_, index) => index % 256)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "start", rid: checkId(8) }, start + 1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail", rid: checkId(8) }, start + 5, body)
      const [listed, empty] = yield* store.pings(checkId(1), { limit: 2 })
      const ping = {
        check: checkId(1),
        n: 3,
        at: start + 5,
        kind: "fail",
        rid: checkId(8),
        exitStatus: 1,
        duration: 4,
        scheme: "http",
        remoteAddress: "192.0.2.7",
        method: "GET",
        userAgent: "laws/1",
      }
      expect(listed).toEqual({ ...ping, bodySize: 10_000 })
      expect(empty).toMatchObject({ kind: "start", bodySize: 0 })
      const { body: read, ...rest } = (yield* store.ping(checkId(1), 3))!
      expect(rest).toEqual(ping)
      expect(Array.from(read!)).toEqual(Array.from(body))
      expect((yield* store.ping(checkId(1), 2))?.body).toBeUndefined()
      expect(yield* store.ping(checkId(1), 4)).toBeUndefined()
      const bodies = yield* store.pingBodies(checkId(1), [4, 3, 2])
      expect(Array.from(bodies, ([n, bytes]) => [n, Array.from(bytes)])).toEqual([[3, Array.from(body)]])
      expect(yield* store.pingBodies(checkId(1), [])).toEqual(new Map())
      expect(yield* store.pingBodies(checkId(2), [3])).toEqual(new Map())
    }),
  )

  law("keeps as many pings as the project allows, at any moment, and counts them all", (store) =>
    Effect.gen(function* () {
      yield* store.createProject({ project: StoreFixture.project(1, { pingLogLimit: 3 }), keys: [] })
      yield* store.createProject({ project: StoreFixture.project(2, { pingLogLimit: 300 }), keys: [] })
      yield* StoreFixture.create(
        store,
        StoreFixture.check(1),
        StoreFixture.check(2, { project: StoreFixture.projectId(2) }),
      )
      for (let n = 1; n <= 230; n++) {
        yield* StoreFixture.happen(store, [checkId(1), checkId(2)], { type: "log" }, start + n)
        const kept = yield* numbers(store, { limit: 100 })
        expect(kept).toEqual([n, n - 1, n - 2].filter((number) => number >= 1))
      }
      expect(yield* store.ping(checkId(1), 227)).toBeUndefined()
      expect((yield* store.ping(checkId(1), 228))?.n).toBe(228)
      expect(yield* store.pingBodies(checkId(1), [227])).toEqual(new Map())
      expect((yield* store.check(checkId(1)))?.state.pings).toBe(230)
      expect(yield* store.pings(checkId(2), { limit: 1000 })).toHaveLength(230)
    }),
  )
}

const flipLog = (law: Law): void => {
  law("are read newest first, from an instant on, and before another", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "start" }, start + 1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 2 * minute)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "pause" }, start + 3 * minute)
      const between = (range: { readonly from?: number; readonly to?: number }) =>
        Effect.map(store.flips(checkId(1), range), (flips) => flips.map(({ to }) => to))
      expect(yield* between({})).toEqual(["paused", "up", "down", "up"])
      expect(yield* between({ from: start + 2 * minute })).toEqual(["paused", "up"])
      expect(yield* between({ to: start + 2 * minute })).toEqual(["down", "up"])
      expect(yield* between({ from: start + minute, to: start + 2 * minute })).toEqual(["down"])
      expect(yield* store.flips(checkId(9), {})).toEqual([])
      expect((yield* store.flips(checkId(1), {}))[2]).toEqual({
        check: checkId(1),
        n: 2,
        at: start + minute,
        from: "up",
        to: "down",
        reason: "fail",
        blind: false,
        quiet: false,
        rid: undefined,
        duration: minute - 1,
      })
    }),
  )

  law("are counted by check and reason, for a project", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      yield* StoreFixture.create(store, StoreFixture.check(3, { project: StoreFixture.projectId(2) }))
      yield* StoreFixture.happen(store, [checkId(3)], { type: "success" }, start)
      for (const n of [1, 2]) {
        yield* StoreFixture.happen(store, [checkId(2)], { type: "fail" }, start + n * minute)
        yield* StoreFixture.happen(store, [checkId(2)], { type: "success" }, start + n * minute + 1)
      }
      const counts = yield* store.flipCounts(StoreFixture.projectId(1))
      const inOrder = counts.map(({ check, reason, count }) => `${check} ${reason} ${count}`)
      expect(inOrder.slice(0, 1)).toEqual([`${checkId(1)} success 1`])
      expect(inOrder.slice(1).sort()).toEqual([`${checkId(2)} fail 2`, `${checkId(2)} success 3`])
      expect(yield* store.flipCounts(StoreFixture.projectId(9))).toEqual([])
    }),
  )
}

const longLogs = (law: Law): void => {
  law("are all listed, the newest first, and all counted, however many there are", (store) =>
    Effect.gen(function* () {
      const count = 2_003
      yield* StoreFixture.furnish(store, 2)
      yield* StoreFixture.happen(store, [checkId(2)], { type: "success" }, start)
      const [first] = yield* store.flips(checkId(2), {})
      const flips = Array.from({ length: count - 1 }, (_, index) => ({
        ...first!,
        n: index + 2,
        at: start + 1 + index,
        reason: index % 2 === 0 ? ("fail" as const) : ("success" as const),
      }))
      yield* store.transact({}, () => ({ result: undefined, flips }))
      const listed = yield* store.flips(checkId(2), {})
      expect(listed.map(({ n }) => n)).toEqual(Array.from({ length: count }, (_, index) => count - index))
      const some = yield* store.flips(checkId(2), { from: start + 1, to: start + 1_501 })
      expect([some[0]?.n, some.length, some.at(-1)?.n]).toEqual([1_501, 1_500, 2])
      const counts = yield* store.flipCounts(StoreFixture.projectId(1))
      expect(counts.map(({ check, reason, count }) => `${check} ${reason} ${count}`).toSorted()).toEqual([
        `${checkId(1)} success 1`,
        `${checkId(2)} fail 1001`,
        `${checkId(2)} success 1002`,
      ])
    }),
  )
}

const badgeKeys = (law: Law): void => {
  law("is found by the key of its badge", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      const { badgeKey } = StoreFixture.check(2)
      expect((yield* store.checkByBadgeKey(badgeKey))?.id).toBe(checkId(2))
      expect(yield* store.checkByBadgeKey(checkId(2))).toBeUndefined()
    }),
  )
}

const activity = (law: Law): void => {
  law("grows with each ping and each delivery, counts what waits, and knows since when", (store) =>
    Effect.gen(function* () {
      const nothing = { lastPing: undefined, lastDelivery: undefined, pending: 0, dueSince: undefined }
      expect(yield* store.activity).toEqual(nothing)
      yield* StoreFixture.furnish(store, 1)
      const first = yield* store.activity
      expect(first).toEqual({ ...nothing, lastPing: expect.any(Number) })
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
      const second = yield* store.activity
      expect(second.lastPing).toBeGreaterThan(first.lastPing!)
      expect(second).toMatchObject({
        lastDelivery: expect.any(Number),
        pending: 2,
        dueSince: start + minute,
      })
      const [claim] = yield* store.claimDeliveries(start + minute, 1, minute)
      const { id, attempts } = claim!.delivery
      yield* Settling.one(store, id, attempts, { status: "delivered" }, start)
      expect(yield* store.activity).toEqual({ ...second, pending: 1 })
      const [other] = yield* store.claimDeliveries(start + minute, 1, minute)
      expect(yield* store.activity).toEqual({ ...second, pending: 1, dueSince: start + 2 * minute })
      const dead = { status: "dead", cause: "refused", error: "no" } as const
      yield* Settling.one(store, other!.delivery.id, other!.delivery.attempts, dead, start)
      expect(yield* store.activity).toEqual({ ...second, pending: 0, dueSince: undefined })
    }),
  )
}
