import * as Format from "@overdue/core/document/Format"
import { describe, expect, it } from "vitest"

describe("an instant in a document", () => {
  it("is ISO 8601 in UTC, cut to the second, before 1970 too", () => {
    expect(Format.instant(Date.UTC(2026, 0, 31, 12, 0, 0, 999))).toBe("2026-01-31T12:00:00+00:00")
    expect(Format.instant(-1)).toBe("1969-12-31T23:59:59+00:00")
    expect(Format.instantOrNull(undefined)).toBeNull()
  })

  it("has microseconds where they matter, unless they are zero", () => {
    expect(Format.preciseInstant(1)).toBe("1970-01-01T00:00:00.001000+00:00")
    expect(Format.preciseInstant(1000)).toBe("1970-01-01T00:00:01+00:00")
  })
})

describe("a span in a document", () => {
  it("is whole seconds, rounded down", () => {
    expect(Format.seconds(61_999)).toBe(61)
    expect(Format.seconds(undefined)).toBeUndefined()
  })
})
