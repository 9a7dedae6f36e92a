import * as Badge from "@overdue/core/Badge"
import { describe, expect, it } from "vitest"

describe("a badge of several checks", () => {
  it("is up while none of them is late or down; new and paused ones count as up", () => {
    expect(Badge.of(["new", "up", "paused"], 3)).toEqual({ status: "up", total: 3, grace: 0, down: 0 })
    expect(Badge.of([], 2)).toEqual({ status: "up", total: 0, grace: 0, down: 0 })
  })

  it("is late when one of them is, if it tells three states apart", () => {
    expect(Badge.of(["up", "grace"], 3)).toEqual({ status: "late", total: 2, grace: 1, down: 0 })
    expect(Badge.of(["up", "grace"], 2)).toEqual({ status: "up", total: 2, grace: 1, down: 0 })
  })

  it("is down when one of them is, however many are late", () => {
    for (const states of [2, 3] as const) {
      expect(Badge.of(["grace", "down", "grace", "up"], states)).toEqual({
        status: "down",
        total: 4,
        grace: 2,
        down: 1,
      })
    }
  })
})
