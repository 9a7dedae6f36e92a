/** Laws of thinning: samples become minutes, hours and nothing, and each counts all the time. */
import * as Bucket from "@overdue/core/sample/Bucket"
import type { Expiry } from "@overdue/core/Expiry"
import { day, hour, minute, second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import { measure, ofWidth, raw, sample } from "./Samples.ts"
import type { Law } from "./StoreFixture.ts"

const { checkId, nothingOld, projectId, start } = StoreFixture

const thin = (store: StoreFixture.Stored, given: Partial<Expiry["samples"]>) =>
  store.prune({ ...nothingOld, samples: { ...nothingOld.samples, ...given } })

/** Registers the laws. */
export const thinning = (law: Law): void => {
  describe("thinned samples", () => {
    counting(law)
    selecting(law)
    amounts(law)
    deleting(law)
  })
}

const counting = (law: Law): void => {
  law("are the same as buckets before they are thinned, and after", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      // Half a minute apart, over three hours; some are failures.
      const many = Array.from({ length: 360 }, (_, index) => ({
        ...sample(start + index * 30 * second, (index * 37) % 50, "response-time"),
        ...(index % 7 === 0 && { isFailure: true }),
      }))
      yield* measure(store, 1, many)
      const expected = {
        minute: Bucket.widen(
          "minute",
          many.map((one) => Bucket.ofSample("minute", one)),
        ),
        hour: Bucket.widen(
          "hour",
          many.map((one) => Bucket.ofSample("hour", one)),
        ),
      }
      const seen = Effect.all({
        minute: ofWidth(store, "minute", "response-time"),
        hour: ofWidth(store, "hour", "response-time"),
      })
      expect(yield* seen).toEqual(expected)
      expect(yield* thin(store, { raw: start + 90 * minute + 59 * second })).toBe(0)
      expect(yield* seen).toEqual(expected)
      expect(yield* raw(store, "response-time")).toEqual(many.slice(180))
      yield* thin(store, { raw: start + 2 * hour, minute: start + 2 * hour - 1 })
      expect(yield* seen).toEqual({ ...expected, minute: expected.minute.slice(60) })
      yield* thin(store, { raw: start + day, minute: start + day })
      expect(yield* seen).toEqual({ ...expected, minute: [] })
      expect(yield* store.series(checkId(1))).toEqual(["response-time"])
    }),
  )

  law("that come late are in the buckets of their time, whatever has become of those", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      for (const series of ["cpu", "response-time"]) {
        yield* measure(store, 1, [sample(start, 1, series), sample(start + hour, 2, series)])
        yield* thin(store, { raw: start + day, minute: start + hour })
        yield* measure(store, 1, [sample(start + 1, 5, series), sample(start + hour + 1, 7, series)])
        const buckets = [
          { at: start, count: 2, failures: 0, sum: 6, min: 1, max: 5 },
          { at: start + hour, count: 2, failures: 0, sum: 9, min: 2, max: 7 },
        ]
        expect(yield* ofWidth(store, "hour", series)).toMatchObject(buckets)
        yield* thin(store, { raw: start + day, minute: start + hour })
        expect(yield* ofWidth(store, "hour", series)).toMatchObject(buckets)
        expect(yield* ofWidth(store, "minute", series)).toMatchObject(buckets.slice(1))
        expect(yield* raw(store, series)).toEqual([])
      }
    }),
  )
}

const selecting = (law: Law): void => {
  law("have buckets that begin within the range, the newest of them, oldest first", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      for (const series of ["cpu", "response-time"]) {
        yield* measure(
          store,
          1,
          [0, 1, 2, 3, 50, 24 * 60, 30 * 24 * 60].map((minutes) =>
            sample(start + minutes * minute + second, minutes, series),
          ),
        )
        const query = {
          series,
          from: start + second,
          to: start + 3 * minute + 1,
          width: "minute",
          limit: 9,
        } as const
        const begun = (given: object) =>
          Effect.map(store.buckets(checkId(1), { ...query, ...given }), (found) =>
            found.map(({ at }) => (at - start) / minute),
          )
        expect(yield* begun({})).toEqual([1, 2, 3])
        expect(yield* begun({ limit: 2 })).toEqual([2, 3])
        expect(yield* begun({ from: start, to: start + 3 * minute })).toEqual([0, 1, 2])
        expect(yield* begun({ from: start, to: start + 300 * day, limit: 3 })).toEqual([50, 1440, 43_200])
        expect(yield* begun({ width: "hour", from: start, to: start + 300 * day })).toEqual([0, 1440, 43_200])
        expect(yield* begun({ width: "hour", from: start + 1, to: start + 300 * day })).toEqual([
          1440, 43_200,
        ])
      }
    }),
  )

  law("are gone when all of their hour is old, and so is a series of which nothing is left", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* measure(store, 1, [sample(start, 1), sample(start + hour, 1), sample(start, 1, "disk /")])
      const old = { raw: start + day, minute: start + day }
      expect(yield* thin(store, { ...old, hour: start + hour - 1 })).toBe(0)
      expect(yield* thin(store, { ...old, hour: start + hour })).toBe(2)
      expect(yield* store.series(checkId(1))).toEqual(["cpu"])
      expect(yield* ofWidth(store, "hour")).toMatchObject([{ at: start + hour }])
      expect(yield* thin(store, { ...old, hour: start + day })).toBe(1)
      expect(yield* store.series(checkId(1))).toEqual([])
    }),
  )
}

const amounts = (law: Law): void => {
  law("may be any number of one series, also at once", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const many = Array.from({ length: 2_500 }, (_, index) =>
        sample(start + index * 10 * second, index % 16),
      )
      yield* measure(store, 1, many)
      const expected = Bucket.widen(
        "hour",
        many.map((one) => Bucket.ofSample("hour", one)),
      )
      yield* thin(store, { raw: start + day })
      expect(yield* raw(store)).toEqual([])
      expect(yield* ofWidth(store, "hour")).toEqual(expected)
      yield* thin(store, { minute: start + day })
      expect(yield* ofWidth(store, "hour")).toEqual(expected)
      expect(yield* thin(store, { hour: start + day })).toBe(expected.length)
    }),
  )
}

const deleting = (law: Law): void => {
  law("go with their check, in whichever way it is deleted, and are not those of another later", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 3)
      const fill = Effect.forEach([1, 2, 3], (n) =>
        Effect.andThen(
          measure(store, n, [sample(start, n), sample(start + hour, n)]),
          thin(store, { raw: start + 1, minute: start + 1 }),
        ),
      )
      const again = (n: number) =>
        Effect.andThen(
          StoreFixture.create(store, StoreFixture.check(n)),
          measure(store, n, [sample(start + 1, 9, "other"), sample(start + 2, 9)]),
        )
      yield* fill
      yield* store.deleteCheck(projectId(1), checkId(3))
      yield* again(3)
      expect(yield* raw(store, "cpu", 3)).toEqual([sample(start + 2, 9)])
      yield* store.transact({ checks: [checkId(3)] }, () => ({
        result: undefined,
        deleted: [checkId(3)],
        samples: [{ check: checkId(3), samples: [sample(start, 1)] }],
      }))
      expect(yield* store.series(checkId(3))).toEqual([])
      yield* again(3)
      expect(yield* store.series(checkId(3))).toEqual(["cpu", "other"])
      yield* thin(store, { raw: start + day })
      expect(yield* ofWidth(store, "hour", "cpu", 3)).toMatchObject([{ count: 1, sum: 9 }])
      expect(yield* ofWidth(store, "hour")).toMatchObject([{ count: 1, sum: 1 }, { sum: 1 }])
      yield* store.deleteProject(projectId(1))
      expect(yield* store.series(checkId(1))).toEqual([])
    }),
  )
}
