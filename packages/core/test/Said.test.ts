import { Said } from "@overdue/core/Said"
import { hour, second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"

describe("what was said", () => {
  it("is not said again for a while, and then with how often it was not", () => {
    const said = new Said(10 * second)
    expect([0, 5, 9].map((at) => said.again("a", at * second))).toEqual([0, undefined, undefined])
    expect(said.again("b", 9 * second)).toBe(0)
    expect([10, 20].map((at) => said.again("a", at * second))).toEqual([2, 0])
  })

  it("is remembered of so much at most, and what is new is not said until something was forgotten", () => {
    const said = new Said(hour, 2)
    expect(["a", "b", "c"].map((what) => said.again(what, 0))).toEqual([0, 0, undefined])
    expect(said.again("c", hour - 1)).toBeUndefined()
    expect(said.again("c", hour)).toBe(0)
    expect(["a", "b"].map((what) => said.again(what, hour))).toEqual([0, undefined])
  })
})
