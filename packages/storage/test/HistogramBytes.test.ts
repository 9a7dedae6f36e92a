import * as Histogram from "@overdue/core/sample/Histogram"
import * as HistogramBytes from "@overdue/storage/HistogramBytes"
import * as Row from "@overdue/storage/Row"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const histograms = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: Histogram.lowest, max: Histogram.highest }),
      fc.oneof(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 2 ** 45 })),
    ),
    { selector: ([bin]) => bin },
  )
  .map((bins) => bins.toSorted(([a], [b]) => a - b))

describe("a histogram in the database", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(histograms, (histogram) => {
        expect(HistogramBytes.decode(HistogramBytes.encode(histogram), "histogram")).toEqual(histogram)
      }),
    )
  })

  it("of an hour of rounds takes some dozens of bytes", () => {
    const hour = Array.from(
      { length: 60 },
      (_, index) => 90 + ((index * 37) % 60) + (index === 7 ? 3_000 : 0),
    )
    expect(HistogramBytes.encode(Histogram.sum(hour.map(Histogram.of))).length).toBeLessThan(32)
  })

  it("that is damaged is a histogram or an error, and no other failure", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const read = Row.tried(() => HistogramBytes.decode(bytes, "histogram"))
        if (Result.isFailure(read)) return
        expect(Histogram.sum([read.success])).toEqual(read.success)
      }),
    )
    for (const broken of [[1], [1, 0], [0x80], [1, 1, 0, 1], [0xff, 0xff, 1, 1], Array(9).fill(0xff)]) {
      const read = Row.tried(() => HistogramBytes.decode(Uint8Array.from(broken), "histogram"))
      expect(Result.isFailure(read)).toBe(true)
    }
  })
})
