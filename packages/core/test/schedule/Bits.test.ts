import * as Bits from "@overdue/core/schedule/Bits"
import { describe, expect, it } from "vitest"

describe("a set of bits", () => {
  it("finds its next member", () => {
    expect([0, 3, 4, 31].map((from) => Bits.next((1 << 3) | (1 << 31), from))).toEqual([3, 3, 31, 31])
    expect(Bits.next(0, 0)).toBe(-1)
    expect(Bits.next(1, 1)).toBe(-1)
  })

  it("finds its next member on either side of thirty", () => {
    const low = 1 << 29
    const high = 1 | (1 << 29)
    expect([0, 29, 30, 31, 59].map((from) => Bits.nextOfSixty(low, high, from))).toEqual([29, 29, 30, 59, 59])
    expect(Bits.nextOfSixty(low, high, 60)).toBe(-1)
    expect(Bits.nextOfSixty(low, 0, 30)).toBe(-1)
  })

  it("lists its members", () => {
    expect(Bits.list(Bits.range(1, 4))).toEqual([1, 2, 3, 4])
    expect(Bits.list((1 << 31) | 1, 1)).toEqual([1, 32])
    expect(Bits.listOfSixty(1, Bits.range(0, 1))).toEqual([0, 30, 31])
  })

  it("is read from the other end", () => {
    expect(Bits.list(Bits.reverse(0b1, 31))).toEqual([30])
    expect(Bits.list(Bits.reverse(0b1001, 28))).toEqual([24, 27])
    expect(Bits.list(Bits.reverse(1 << 30, 30))).toEqual([])
  })
})
