import * as RetryAfter from "@overdue/core/RetryAfter"
import { day } from "@overdue/core/Time"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const now = Date.UTC(2026, 0, 31, 12, 0, 0)

describe("Retry-After", () => {
  it.each([
    ["seconds", "120", 120_000],
    ["no time at all", "0", 0],
    ["a date to come", "Sat, 31 Jan 2026 12:05:00 GMT", 300_000],
    ["a date that has passed", "Sat, 31 Jan 2026 11:00:00 GMT", 0],
    ["more than a day in seconds", "99999999999999999999", day],
    ["more than a day as a date", "Sun, 31 Jan 2027 12:00:00 GMT", day],
  ])("may say %s", (_what, text, span) => {
    expect(RetryAfter.parse(text, now, day)).toBe(span)
  })

  it.each([[undefined], [""], ["soon"], ["-1"], ["1.5"], ["2026-01-31"], ["Sat, 99 Foo 2026 12:05:00 GMT"]])(
    "says nothing as %j",
    (text) => {
      expect(RetryAfter.parse(text, now, day)).toBeUndefined()
    },
  )

  it("is a span of at most a day, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, at) => {
        const span = RetryAfter.parse(text, at, day)
        return span === undefined || (span >= 0 && span <= day)
      }),
    )
  })
})
