/** Laws of writing and reading back: checks with all their parts, by every look-up, and their deadlines. */
import type { StoreError } from "@overdue/core/Store"
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import { describe, expect } from "vitest"
import * as Checks from "./Checks.ts"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { checkId, projectId, start } = StoreFixture

/** Tries a law on many arbitrary values, each in a store without check 1. */
const holds = <A>(
  store: StoreFixture.Stored,
  arbitrary: fc.Arbitrary<A>,
  shown: (value: A) => Effect.Effect<void, StoreError>,
) => {
  const clear = store.transact({}, () => ({ result: undefined, deleted: [checkId(1)] }))
  const property = fc.asyncProperty(arbitrary, (value) =>
    Effect.runPromise(Effect.andThen(clear, shown(value))),
  )
  return Effect.promise(() => fc.assert(property))
}

/** Registers the laws. */
export const writing = (law: Law): void => {
  describe("a check", () => singleChecks(law))
  describe("the checks of a project", () => listing(law))
  describe("what is due", () => dueChecks(law))
}

const singleChecks = (law: Law): void => {
  law("is read as it was written, whatever its details, its policy and its state", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      yield* holds(store, Checks.checks, (written) =>
        Effect.gen(function* () {
          yield* StoreFixture.create(store, written)
          const read = yield* store.check(checkId(1))
          expect(read && Checks.plain(read)).toEqual(Checks.plain(written))
        }),
      )
    }),
  )

  law("is written again as it became, whichever part of it changed", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      const changes = fc.record({
        before: Checks.checks,
        after: Checks.checks,
        parts: fc.subarray(["details", "policy", "state"] as const),
      })
      yield* holds(store, changes, ({ before, after, parts }) =>
        Effect.gen(function* () {
          yield* StoreFixture.create(store, before)
          const became = yield* store.transact({ checks: [checkId(1)] }, (loaded) => {
            const changed = parts.reduce(
              (check, part) => ({ ...check, [part]: after[part] }),
              loaded.check(checkId(1))!,
            )
            return { result: changed, checks: [changed] }
          })
          const read = yield* store.check(checkId(1))
          expect(read && Checks.plain(read)).toEqual(Checks.plain(became))
        }),
      )
    }),
  )

  law("is found by its id; nothing is found by an id that no check has", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      expect((yield* store.check(checkId(2)))?.details.name).toBe("check 2")
      expect(yield* store.check(checkId(3))).toBeUndefined()
    }),
  )
}

const listing = (law: Law): void => {
  law("are listed in order of creation, without those of others", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      yield* store.createProject({ project: StoreFixture.project(2), keys: [] })
      yield* StoreFixture.create(
        store,
        StoreFixture.check(3),
        StoreFixture.check(1, { project: projectId(2) }),
      )
      yield* StoreFixture.create(store, StoreFixture.check(2))
      const ids = (n: number) =>
        Effect.map(store.checks(projectId(n), {}), (checks) => checks.map(({ id }) => id))
      expect(yield* ids(1)).toEqual([checkId(3), checkId(2)])
      expect(yield* ids(2)).toEqual([checkId(1)])
      expect(yield* ids(3)).toEqual([])
    }),
  )

  law("are nothing that an inspection finds fault with, nor is what they leave behind", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 3)
      yield* store.createApiKey(StoreFixture.apiKey(1))
      yield* store.awake(start, undefined)
      yield* store.awake(start + hour, minute)
      yield* StoreFixture.happen(store, [checkId(1), checkId(2)], { type: "fail" }, start + hour)
      yield* StoreFixture.happen(store, [checkId(2)], { type: "success" }, start + hour + 1)
      yield* store.claimDeliveries(start + hour + 1, 1, minute)
      yield* store.silenceProject(projectId(1), start + 2 * hour)
      expect(yield* store.inspect).toBe(0)
    }),
  )

  law("are filtered by id, by slug, and by tags as whole words of which none may be missing", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      yield* StoreFixture.create(
        store,
        StoreFixture.check(1, { details: { slug: "a", tags: "db  prod" } }),
        StoreFixture.check(2, { details: { slug: "a", tags: "db\tproduction" } }),
        StoreFixture.check(3, { details: { slug: "ab", tags: "prod" } }),
      )
      const filters = [
        { slug: "a" },
        { tags: ["prod"] },
        { tags: ["db", "prod"] },
        { slug: "a", tags: ["production"] },
        { tags: ["DB"] },
        { tags: [] },
        { slug: "" },
        { ids: [checkId(2), checkId(4)] },
        { ids: [checkId(2), checkId(3)], slug: "ab" },
        { ids: [] },
      ]
      const found = yield* Effect.forEach(filters, (filter) =>
        Effect.map(store.checks(projectId(1), filter), (checks) => checks.map(({ id }) => id)),
      )
      expect(found).toEqual(
        [[1, 2], [1, 3], [1], [2], [], [1, 2, 3], [], [2], [3], []].map((numbers) => numbers.map(checkId)),
      )
    }),
  )
}

const dueChecks = (law: Law): void => {
  law("are the checks whose deadline has come, the oldest deadline first, then the oldest check", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 0)
      const numbers = [5, 1, 2, 3, 4]
      yield* StoreFixture.create(store, ...numbers.map((n) => StoreFixture.check(n)))
      const at = [
        [5, 20],
        [1, 10],
        [2, 20],
        [3, 30],
      ] as const
      for (const [n, delay] of at) {
        yield* StoreFixture.happen(store, [checkId(n)], { type: "success" }, start + delay)
      }
      const deadline = start + hour + minute
      expect(yield* store.due(deadline + 9, 10)).toEqual([])
      expect(yield* store.due(deadline + 10, 10)).toEqual([checkId(1)])
      expect(yield* store.due(deadline + 30, 10)).toEqual([1, 5, 2, 3].map(checkId))
      expect(yield* store.due(deadline + 30, 2)).toEqual([1, 5].map(checkId))
    }),
  )

  law("goes by the newest deadlines, however often they were moved on", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 3)
      for (const [n, delay] of [
        [1, 30],
        [2, 5],
        [1, 60],
        [3, 10],
        [2, 20],
      ] as const) {
        yield* StoreFixture.happen(store, [checkId(n)], { type: "success" }, start + delay)
      }
      const deadline = start + hour + minute
      expect(yield* store.due(deadline + 9, 3)).toEqual([])
      expect(yield* store.due(deadline + 60, 1)).toEqual([checkId(3)])
      expect(yield* store.due(deadline + 60, 9)).toEqual([3, 2, 1].map(checkId))
    }),
  )

  law("is due at a deadline that came sooner than the one before", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "start" }, start + 1)
      expect(yield* store.due(start + minute, 9)).toEqual([])
      expect(yield* store.due(start + 1 + minute, 9)).toEqual([checkId(1)])
    }),
  )

  law("is due no more once it has been settled", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      const now = start + 2 * hour
      yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, now)
      expect(yield* store.due(now, 10)).toEqual([checkId(2)])
      yield* StoreFixture.happen(store, [checkId(2)], { type: "pause" }, now)
      expect(yield* store.due(now + 1000 * hour, 10)).toEqual([])
    }),
  )
}
