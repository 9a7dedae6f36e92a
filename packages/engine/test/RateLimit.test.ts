import * as RateLimit from "@overdue/engine/RateLimit"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"

const second = 1_000
const minute = 60_000

describe("a limit of so many requests a minute", () => {
  it("lets a burst pass, refuses the next, and says when it may come", () => {
    const limit = RateLimit.make(5)
    const burst = Array.from({ length: 7 }, () => limit.take("a", 0))
    expect(burst).toEqual([0, 0, 0, 0, 0, 12, 12])
    expect(limit.take("a", 11 * second)).toBe(1)
    expect(limit.take("a", 12 * second)).toBe(0)
    expect(limit.take("a", 12 * second)).toBe(12)
  })

  it("knows keys apart", () => {
    const limit = RateLimit.make(1)
    expect([limit.take("a", 0), limit.take("b", 0), limit.take("a", 0)]).toEqual([0, 0, 60])
  })

  it("does not save up more than a minute's worth", () => {
    const limit = RateLimit.make(2)
    limit.take("a", 0)
    const later = 1_000 * minute
    expect([0, 0, 0].map(() => limit.take("a", later))).toEqual([0, 0, 30])
  })

  it("survives a clock that is set back", () => {
    const limit = RateLimit.make(2)
    limit.take("a", 10 * minute)
    expect([0, 0, 0].map(() => limit.take("a", 0))).toEqual([0, 0, 30])
    expect(limit.take("a", 30 * second)).toBe(0)
  })

  it("forgets the key that was unused for longest when it knows too many", () => {
    const limit = RateLimit.make(1, 2)
    limit.take("a", 0)
    limit.take("b", 0)
    expect(limit.take("a", 0)).toBe(60)
    limit.take("c", 0)
    expect([limit.take("a", 0), limit.take("c", 0)]).toEqual([60, 60])
    expect(limit.take("b", 0)).toBe(0)
  })

  it("passes in any span at most a minute's worth and what the span allows, and whoever waits as told passes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.array(fc.integer({ min: 0, max: 20 * second }), { minLength: 1, maxLength: 200 }),
        (perMinute, pauses) => {
          const limit = RateLimit.make(perMinute)
          let now = 0
          let passed = 0
          for (const pause of pauses) {
            now += pause
            const wait = limit.take("a", now)
            if (wait === 0) {
              passed++
              continue
            }
            expect(RateLimit.make(perMinute).take("a", now)).toBe(0)
            now += wait * second
            expect(limit.take("a", now)).toBe(0)
            passed++
          }
          expect(passed).toBeLessThanOrEqual(perMinute + (now * perMinute) / minute + 1e-6)
        },
      ),
    )
  })
})
