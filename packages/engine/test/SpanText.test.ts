import * as SpanText from "@overdue/engine/planInput/SpanText"
import { describe, expect, it } from "vitest"

describe("a length of time", () => {
  it.each([
    ["45s", 45_000],
    ["1h", 3_600_000],
    ["1h 30m", 5_400_000],
    ["1h30m", 5_400_000],
    ["90 seconds", 90_000],
    ["1 second", 1000],
    ["2 hrs, 5 mins", 7_500_000],
    ["1.5 hours", 5_400_000],
    ["200ms", 200],
    ["3 milliseconds", 3],
    ["0.001s", 1],
    ["1w", 604_800_000],
    [" 2 days ", 172_800_000],
    ["0s", 0],
  ])("%j is %d ms", (text, span) => {
    expect(SpanText.parse(text)).toBe(span)
  })

  it.each([
    "",
    " ",
    "90",
    "h",
    "1 month",
    "1M",
    "1H",
    "1hh",
    "-1h",
    "1h -30m",
    "1..5h",
    "Infinity s",
    "12345678901s",
    "1h x",
  ])("%j is none", (text) => {
    expect(SpanText.parse(text)).toBeUndefined()
  })

  it("of any length of text is told in no time", () => {
    expect(SpanText.parse(`${"1 ".repeat(50_000)}!`)).toBeUndefined()
    expect(SpanText.parse(`${"1h".repeat(50_000)}!`)).toBeUndefined()
  })
})
