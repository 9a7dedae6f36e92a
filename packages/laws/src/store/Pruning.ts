/** Laws of pruning: old records are deleted, except those that other records need. */
import { day, hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import { Changes } from "@overdue/engine/Changes"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"
import * as Settling from "./Settling.ts"

const { checkId, nothingOld, start } = StoreFixture

const numbers = (store: StoreFixture.Stored, n: number) =>
  Effect.map(store.flips(checkId(n), {}), (flips) => flips.map(({ n }) => n))

const statuses = (store: StoreFixture.Stored) =>
  Effect.map(store.deliveries({ limit: 100 }), (found) => found.map(({ status }) => status))

/** Settles every delivery that is due by then. */
const deliver = Effect.fnUntraced(function* (store: StoreFixture.Stored, now: number) {
  while (true) {
    const claims = yield* store.claimDeliveries(now, 10, minute)
    if (claims.length === 0) return
    for (const { delivery } of claims) {
      yield* Settling.one(store, delivery.id, delivery.attempts, { status: "delivered" }, start)
    }
  }
})

/** Registers the laws. */
export const pruning = (law: Law): void => {
  describe("pruning", () => {
    expiry(law)
    amounts(law)
  })
}

/** Old records are deleted, unless other records need them. */
const expiry = (law: Law): void => {
  law("forgets deliveries that are old and settled, and never one that is pending", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + hour)
      yield* deliver(store, start + hour)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 2 * hour)
      expect(yield* statuses(store)).toEqual(["pending", "pending", "delivered", "delivered"])
      expect(yield* store.prune({ ...nothingOld, deliveries: start + hour })).toBe(0)
      expect(yield* store.prune({ ...nothingOld, deliveries: start + day })).toBe(2)
      expect(yield* statuses(store)).toEqual(["pending", "pending"])
      expect(yield* store.claimDeliveries(start + day, 10, minute)).toHaveLength(2)
    }),
  )

  law("forgets flips that are old, but for the newest of each check", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      for (const [after, type] of [
        [1, "pause"],
        [2, "resume"],
        [3, "success"],
      ] as const) {
        yield* StoreFixture.happen(store, [checkId(1)], { type }, start + after * hour)
      }
      expect(yield* store.prune({ ...nothingOld, flips: start + 2 * hour })).toBe(2)
      expect(yield* numbers(store, 1)).toEqual([4, 3])
      expect(yield* store.prune({ ...nothingOld, flips: start + 4 * hour })).toBe(1)
      expect([yield* numbers(store, 1), yield* numbers(store, 2)]).toEqual([[4], [1]])
      yield* StoreFixture.happen(store, [checkId(1)], { type: "pause" }, start + 3 * hour + 1)
      expect(yield* numbers(store, 1)).toEqual([5, 4])
      expect((yield* store.check(checkId(1)))?.state.flips).toBe(5)
    }),
  )

  law("keeps the flips that a delivery tells of, and all after them", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + hour)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "pause" }, start + 2 * hour)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "resume" }, start + 3 * hour)
      const old = { ...nothingOld, deliveries: start + day, flips: start + day }
      expect(yield* store.prune(old)).toBe(1)
      expect(yield* numbers(store, 1)).toEqual([4, 3, 2])
      yield* deliver(store, start + day)
      expect(yield* store.prune(old)).toBe(2 + 2)
      expect(yield* numbers(store, 1)).toEqual([4])
    }),
  )

  law("forgets blind spans that ended long ago", (store) =>
    Effect.gen(function* () {
      for (const at of [start, start + hour, start + day]) yield* store.awake(at, minute)
      expect(yield* store.prune({ ...nothingOld, blind: start + hour })).toBe(0)
      expect(yield* store.prune({ ...nothingOld, blind: start + hour + 1 })).toBe(1)
      expect(yield* store.blind).toEqual([{ from: start + hour, to: start + day }])
    }),
  )
}

const amounts = (law: Law): void => {
  law("forgets any number of things at once", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* StoreFixture.create(store, StoreFixture.check(2))
      yield* store.transact({ checks: [checkId(2)] }, (loaded) => {
        const changes = new Changes(loaded)
        for (let n = 1; n <= 2_500; n++) {
          const type = n % 2 === 0 ? "success" : "fail"
          // Many at the same instant.
          StoreFixture.step(changes, changes.check(checkId(2))!, { type }, start + Math.ceil(n / 700))
        }
        return changes.decide(undefined)
      })
      expect(yield* store.prune({ ...nothingOld, flips: start + day })).toBe(2_499)
      expect(yield* numbers(store, 2)).toEqual([2_500])
    }),
  )

  law("goes on counting the flips that it forgets", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      for (const n of [1, 2, 3]) {
        yield* StoreFixture.happen(store, [checkId(1)], { type: "pause" }, start + n * minute)
        yield* StoreFixture.happen(store, [checkId(1)], { type: "resume" }, start + n * minute + 1)
      }
      const counts = Effect.map(store.flipCounts(StoreFixture.projectId(1)), (found) =>
        found.map(({ reason, count }) => `${reason} ${count}`).sort(),
      )
      const before = yield* counts
      expect(before).toEqual(["paused 3", "resumed 3", "success 1"])
      yield* store.prune({ ...nothingOld, flips: start + 2 * minute })
      expect(yield* counts).toEqual(before)
      yield* store.prune({ ...nothingOld, flips: start + day })
      expect([yield* numbers(store, 1), yield* counts]).toEqual([[7], before])
    }),
  )
}
