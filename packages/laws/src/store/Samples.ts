/** Laws of samples: what was measured is kept, and counts once. */
import * as Limits from "@overdue/core/Limits"
import type { Sample } from "@overdue/core/Sample"
import { day, type Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { checkId, start } = StoreFixture

/** Writes samples of a check. */
export const measure = (store: StoreFixture.Stored, n: number, samples: readonly Sample[]) =>
  store.transact({ checks: [checkId(n)] }, () => ({
    result: undefined,
    samples: [{ check: checkId(n), samples }],
  }))

/** Returns a sample. */
export const sample = (at: Instant, value: number, series = "cpu"): Sample => ({ series, at, value })

const all = { from: 0, to: start + 1_000 * day, limit: 100_000 }

/** Returns all buckets of a series. */
export const ofWidth = (store: StoreFixture.Stored, width: "minute" | "hour", series = "cpu", n = 1) =>
  store.buckets(checkId(n), { ...all, series, width })

/** Returns all samples of a series that have not been thinned. */
export const raw = (store: StoreFixture.Stored, series = "cpu", n = 1) =>
  store.samples(checkId(n), { ...all, series })

/** Registers the laws. */
export const samples = (law: Law): void => {
  describe("samples", () => {
    keeping(law)
    refusing(law)
  })
}

const keeping = (law: Law): void => {
  law("are read by series and range, the newest of them, oldest first", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      yield* measure(store, 1, [
        sample(start + 3, 3.25),
        { ...sample(start + 1, -1e18), isFailure: true },
        sample(start + 2, 0),
        sample(start + 2, 7, "disk /"),
      ])
      yield* measure(store, 2, [sample(start, 9)])
      expect(yield* raw(store)).toEqual([
        { ...sample(start + 1, -1e18), isFailure: true },
        sample(start + 2, 0),
        sample(start + 3, 3.25),
      ])
      const newest = { series: "cpu", from: start + 1, to: start + 3, limit: 1 }
      expect(yield* store.samples(checkId(1), newest)).toEqual([sample(start + 2, 0)])
      expect(yield* store.series(checkId(1))).toEqual(["cpu", "disk /"])
      expect([
        yield* raw(store, "none"),
        yield* raw(store, "cpu", 7),
        yield* store.series(checkId(7)),
      ]).toEqual([[], [], []])
    }),
  )

  law("count once for a series and an instant: the first counts", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      yield* measure(store, 1, [sample(start, 1), sample(start, 2)])
      yield* measure(store, 1, [sample(start, 3), sample(start + 1, 4)])
      expect(yield* raw(store)).toEqual([sample(start, 1), sample(start + 1, 4)])
      expect(yield* ofWidth(store, "minute")).toMatchObject([{ count: 2, sum: 5 }])
    }),
  )

  law("are written with the ping that brought them, or not at all", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const [ping] = yield* store.pings(checkId(1), { limit: 1 })
      const twice = store.transact({ checks: [checkId(1)] }, () => ({
        result: undefined,
        pings: [{ ...ping!, body: undefined }],
        samples: [{ check: checkId(1), samples: [sample(start, 1)] }],
      }))
      expect(yield* StoreFixture.reasonOf(twice)).toBe("constraint")
      expect(yield* raw(store)).toEqual([])
    }),
  )
}

const refusing = (law: Law): void => {
  law("that cannot be kept are refused with all that came with them", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 1)
      const wrong = [
        sample(start, Number.NaN),
        sample(start, Infinity),
        sample(start, 1.1e18),
        sample(start, 1, ""),
        sample(start, 1, "a\u0000"),
        sample(start, 1, "x".repeat(Limits.seriesLength + 1)),
        sample(-1, 1),
        sample(start + 0.5, 1),
        sample(9e15, 1),
      ]
      for (const one of wrong) {
        const written = measure(store, 1, [sample(start, 1, "good"), one])
        expect(yield* StoreFixture.reasonOf(written)).toBe("constraint")
      }
      expect(yield* store.series(checkId(1))).toEqual([])
      expect(yield* StoreFixture.reasonOf(measure(store, 7, [sample(start, 1)]))).toBe("constraint")
    }),
  )

  law("of more series than a check may have are not kept, and those of the others are", (store) =>
    Effect.gen(function* () {
      yield* StoreFixture.furnish(store, 2)
      const many = Array.from({ length: Limits.series + 5 }, (_, index) =>
        sample(start, index, `series ${String(index).padStart(5, "0")}`),
      )
      yield* measure(store, 1, many.slice(0, 10))
      yield* measure(store, 1, many)
      expect(yield* store.series(checkId(1))).toEqual(
        many.slice(0, Limits.series).map(({ series }) => series),
      )
      yield* measure(store, 1, [sample(start + 1, 8, many[3]!.series), sample(start + 1, 8, "one more")])
      expect(yield* raw(store, many[3]!.series)).toHaveLength(2)
      // One that has no room left takes none from another of the same commit, nor has its series.
      const last = many.at(-1)!
      yield* store.transact({ checks: [checkId(1), checkId(2)] }, () => ({
        result: undefined,
        samples: [1, 2, 2].map((n) => ({ check: checkId(n), samples: [last, sample(start, n)] })),
      }))
      expect(yield* store.series(checkId(1))).toHaveLength(Limits.series)
      expect(yield* store.series(checkId(2))).toEqual(["cpu", last.series])
      expect(yield* raw(store, "cpu", 2)).toEqual([sample(start, 2)])
    }),
  )
}
