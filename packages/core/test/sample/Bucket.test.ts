import * as Bucket from "@overdue/core/sample/Bucket"
import * as Histogram from "@overdue/core/sample/Histogram"
import * as Sample from "@overdue/core/Sample"
import { hour, minute } from "@overdue/core/Time"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bestOf } from "../../../../test/kit/BestOf.ts"

const series = Sample.responseTime

const of = (values: readonly number[], width: Bucket.Width = "hour"): Bucket.Bucket =>
  Bucket.widen(
    width,
    values.map((value) => Bucket.ofSample(width, { series, at: 0, value })),
  )[0]!

/** Milliseconds, most of them of the same order, and some far out. */
const milliseconds = fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 80, max: 120 }))

describe("a quantile", () => {
  it("of merged buckets is within 5 % of the exact one, however the samples were shared out", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(milliseconds, { minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 8 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (parts, share) => {
          const all = parts.flat().toSorted((a, b) => a - b)
          const exact = all[Math.ceil(share * all.length) - 1]!
          const merged = Bucket.sum(parts.map((values) => of(values)))!
          expect(Math.abs(Bucket.quantile(merged, share)! - exact)).toBeLessThanOrEqual(0.05 * exact)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it("of a single sample is that sample, and of a series without a histogram nothing", () => {
    expect(Bucket.quantile(of([123]), 0.5)).toBe(123)
    expect(Bucket.quantile(Bucket.ofSample("hour", { series: "cpu", at: 0, value: 1 }), 0.5)).toBeUndefined()
    expect(Histogram.quantile([], 0.5)).toBeUndefined()
  })

  it("stays within what was measured, of values of any size", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, min: -1e18, max: 1e18 }), { minLength: 1 }), (values) => {
        const bucket = of(values)
        const found = Bucket.quantile(bucket, 0.95)!
        expect(found >= bucket.min && found <= bucket.max).toBe(true)
        expect(bucket.histogram!.every(([bin]) => bin >= Histogram.lowest && bin <= Histogram.highest)).toBe(
          true,
        )
      }),
    )
  })
})

describe("bins", () => {
  it("grow by at most a tenth, and hold what lies up to their end", () => {
    expect(Histogram.growth).toBeLessThanOrEqual(1.1)
    expect(Histogram.binOf(1)).toBe(0)
    expect(Histogram.binOf(1.0001)).toBe(1)
    expect([-5, 0, 1e-300].map(Histogram.binOf)).toEqual(Array(3).fill(Histogram.lowest))
    expect(Histogram.binOf(1e18)).toBe(Histogram.highest)
  })
})

describe("buckets", () => {
  it("are the same in whichever order and groups they are merged", () => {
    fc.assert(
      fc.property(fc.array(milliseconds, { minLength: 2 }), fc.nat(), (values, cut) => {
        const at = 1 + (cut % (values.length - 1))
        const whole = of(values)
        expect(Bucket.sum([of(values.slice(0, at)), of(values.slice(at))])).toEqual(whole)
        expect(Bucket.sum([of(values.slice(at)), of(values.slice(0, at))])).toEqual(whole)
      }),
    )
  })

  it("count failures, and have the mean, the smallest and the largest", () => {
    const samples = [
      { series, at: 1, value: 4 },
      { series, at: 2, value: 8, isFailure: true },
    ]
    const [bucket] = Bucket.widen(
      "minute",
      samples.map((sample) => Bucket.ofSample("minute", sample)),
    )
    expect(bucket).toMatchObject({ at: 0, count: 2, failures: 1, sum: 12, min: 4, max: 8 })
    expect(Bucket.mean(bucket!)).toBe(6)
  })

  it("begin at full minutes, hours and days, on Mondays, and on the first of a month, in UTC", () => {
    const at = Date.UTC(2026, 6, 31, 12, 34, 56, 789)
    const starts = (["minute", "hour", "day", "week", "month"] as const).map((width) =>
      new Date(Bucket.startOf(width, at)).toISOString().slice(0, 16),
    )
    expect(starts).toEqual([
      "2026-07-31T12:34",
      "2026-07-31T12:00",
      "2026-07-31T00:00",
      "2026-07-27T00:00",
      "2026-07-01T00:00",
    ])
  })

  it("of narrower ones come in their order", () => {
    const wide = Bucket.widen(
      "hour",
      [2 * hour, 5 * minute, hour - 1].map((at) =>
        Bucket.ofSample("minute", { series: "cpu", at, value: 1 }),
      ),
    )
    expect(wide.map(({ at, count }) => [at, count])).toEqual([
      [0, 2],
      [2 * hour, 1],
    ])
  })
})

describe("a day of rounds, one in ten seconds", () => {
  it("becomes hours in less time than it would be written as JSON", () => {
    const buckets = Array.from({ length: 8_640 }, (_, n) =>
      Bucket.ofSample("minute", { series, at: n * 10_000, value: 50 + ((n * 7919) % 400) }),
    )
    expect(Bucket.widen("hour", buckets).length).toBe(24)
    const often = (act: () => unknown) => () => {
      for (let i = 0; i < 30; i++) act()
    }
    const widened = bestOf(
      5,
      often(() => Bucket.widen("hour", buckets)),
    )
    expect(widened).toBeLessThan(
      bestOf(
        5,
        often(() => JSON.stringify(buckets)),
      ),
    )
  })
})

describe("a sample", () => {
  it("is kept only with a name, an instant and a number within bounds", () => {
    const good: Sample.Sample = { series: "disk-usage-unified /home percent", at: 5, value: -0.5 }
    expect(Sample.objection(good)).toBeUndefined()
    const wrong: readonly Partial<Sample.Sample>[] = [
      { series: "" },
      { series: "a\nb" },
      { series: "\ud800" },
      { series: "x".repeat(201) },
      { at: Number.NaN },
      { at: 0.5 },
      { at: -1 },
      { at: 8.1e15 },
      { value: Number.NaN },
      { value: -Infinity },
      { value: 1.1e18 },
    ]
    for (const part of wrong) expect(Sample.objection({ ...good, ...part })).toMatch(/^(?:is|has)/)
  })
})
