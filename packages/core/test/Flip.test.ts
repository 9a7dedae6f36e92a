import * as Check from "@overdue/core/Check"
import * as Flip from "@overdue/core/Flip"
import { describe, expect, it } from "vitest"

const flip = (from: Check.Status, to: Check.Status): Flip.Flip => ({
  check: "c",
  n: 1,
  at: 0,
  from,
  to,
  reason: "success",
  blind: false,
  rid: undefined,
  duration: undefined,
})

describe("the channels", () => {
  const told = (from: Check.Status, to: Check.Status, policy: Partial<Check.Policy> = {}) =>
    Flip.isTold(flip(from, to), { ...Check.defaultPolicy, ...policy })

  it("are told that a check went down, from wherever", () => {
    expect([told("new", "down"), told("up", "down"), told("paused", "down")]).toEqual([true, true, true])
  })

  it("are told that it came up again", () => {
    expect(told("down", "up")).toBe(true)
  })

  it("are told of the first success only if the policy asks for it", () => {
    expect(told("new", "up")).toBe(false)
    expect(told("new", "up", { notifyOnFirstPing: true })).toBe(true)
  })

  it("are not told of the way into a pause or out of it", () => {
    expect(told("up", "paused")).toBe(false)
    expect(told("down", "paused")).toBe(false)
    expect(told("paused", "new")).toBe(false)
    expect(told("paused", "up", { notifyOnFirstPing: true })).toBe(false)
  })
})
