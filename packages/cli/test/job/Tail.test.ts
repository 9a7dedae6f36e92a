import * as Tail from "@overdue/cli/job/Tail"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

describe("a tail", () => {
  it("is the end of everything pushed, whatever the sizes of the pieces, the ring and the limit", () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 12, max: 0x7f }), { maxLength: 12 })
    const size = fc.integer({ min: 1, max: 20 })
    fc.assert(
      fc.property(pieces, size, fc.nat(25), (pieces, capacity, limit) => {
        const tail = Tail.make(capacity)
        for (const piece of pieces) tail.push(piece)
        const all = Buffer.concat(pieces)
        const kept = Math.min(all.length, capacity, limit)
        expect(tail.bytes(limit)).toEqual(all.subarray(all.length - kept))
      }),
    )
  })

  it.each([
    ["aäöü", 5, "öü"],
    ["a🙂🙂", 7, "🙂"],
    ["äöü", 6, "äöü"],
  ])("of %s in %d bytes begins with a whole character", (text, limit, end) => {
    const tail = Tail.make(100)
    tail.push(Buffer.from(text))
    expect(tail.bytes(limit).toString()).toBe(end)
  })
})
