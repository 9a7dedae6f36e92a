import type { AlertPolicy } from "@overdue/core/Check"
import * as Outcomes from "@overdue/core/machine/Outcomes"
import { describe, expect, it } from "vitest"

/** Outcomes from a text, oldest first: `-` failed, `+` ok. */
const from = (text: string) =>
  text
    .split("")
    .reduce(
      (outcomes, sign) => (sign === "+" ? Outcomes.withSuccess(outcomes) : Outcomes.withFailure(outcomes)),
      Outcomes.none,
    )

const alert = (more: Partial<AlertPolicy>): AlertPolicy => ({ failures: 1, outOf: 1, recoveries: 1, ...more })

describe("outcomes", () => {
  it("are kept newest first, 32 of them", () => {
    expect(from("--+")).toEqual({ failed: 0b110, count: 3 })
    expect(from("-".repeat(40))).toEqual({ failed: 0xffff_ffff, count: 32 })
    expect(from("-" + "+".repeat(31))).toEqual({ failed: 0x8000_0000, count: 32 })
    expect(from("-" + "+".repeat(32))).toEqual({ failed: 0, count: 32 })
  })

  it("are enough to go down when so many of the last ones failed", () => {
    const policy = alert({ failures: 2, outOf: 3 })
    expect(Outcomes.isEnoughToGoDown(from("-"), policy)).toBe(false)
    expect(Outcomes.isEnoughToGoDown(from("--"), policy)).toBe(true)
    expect(Outcomes.isEnoughToGoDown(from("-+-"), policy)).toBe(true)
    expect(Outcomes.isEnoughToGoDown(from("-++-"), policy)).toBe(false)
    expect(Outcomes.isEnoughToGoDown(from("--+-+"), policy)).toBe(false)
  })

  it("are looked back on by all 32 when the policy asks for that", () => {
    const all = alert({ failures: 32, outOf: 32 })
    expect(Outcomes.isEnoughToGoDown(from("-".repeat(31)), all)).toBe(false)
    expect(Outcomes.isEnoughToGoDown(from("-".repeat(32)), all)).toBe(true)
    expect(Outcomes.isEnoughToGoDown(from("+" + "-".repeat(31)), all)).toBe(false)
    expect(Outcomes.isEnoughToGoDown(from("-".repeat(31)), alert({ failures: 31, outOf: 31 }))).toBe(true)
  })

  it("are enough to come up after so many successes in a row", () => {
    expect(Outcomes.isEnoughToComeUp(from("-+"), alert({ recoveries: 1 }))).toBe(true)
    expect(Outcomes.isEnoughToComeUp(from("-+"), alert({ recoveries: 2 }))).toBe(false)
    expect(Outcomes.isEnoughToComeUp(from("+-+"), alert({ recoveries: 2 }))).toBe(false)
    expect(Outcomes.isEnoughToComeUp(from("-++"), alert({ recoveries: 2 }))).toBe(true)
    expect(Outcomes.isEnoughToComeUp(from("+"), alert({ recoveries: 2 }))).toBe(false)
    expect(Outcomes.isEnoughToComeUp(from("++"), alert({ recoveries: 2 }))).toBe(true)
    expect(Outcomes.isEnoughToComeUp(from("-" + "+".repeat(31)), alert({ recoveries: 31 }))).toBe(true)
    expect(Outcomes.isEnoughToComeUp(from("-" + "+".repeat(31)), alert({ recoveries: 32 }))).toBe(false)
    expect(Outcomes.isEnoughToComeUp(from("+".repeat(32)), alert({ recoveries: 32 }))).toBe(true)
  })
})
