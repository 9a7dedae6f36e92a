import * as Bag from "@overdue/core/Bag"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"

const changes = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("add" as const), thing: fc.nat() }),
    fc.record({ type: fc.constant("remove" as const), nth: fc.nat() }),
  ),
  { maxLength: 60 },
)

const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((one, other) => one - other)

describe("a bag", () => {
  it("has what was put in and not taken out, as often as it was put in", () => {
    fc.assert(
      fc.property(changes, (all) => {
        const bag = new Bag.Bag<number>()
        const inside: Bag.Place<number>[] = []
        for (const change of all) {
          if (change.type === "add") inside.push(bag.add(change.thing))
          else for (const place of inside.splice(change.nth % (inside.length + 1), 1)) bag.remove(place)
        }
        expect(ascending(bag)).toEqual(ascending(inside.map(({ thing }) => thing)))
        expect(bag.size).toBe(inside.length)
      }),
    )
  })

  it("is not changed by what has left", () => {
    const bag = new Bag.Bag<string>()
    const [first] = [bag.add("first"), bag.add("second")]
    bag.remove(first)
    bag.remove(first)
    expect([...bag]).toEqual(["second"])
  })

  it("is gone through as it was, whoever leaves meanwhile", () => {
    const bag = new Bag.Bag<number>()
    const places = [1, 2, 3].map((thing) => bag.add(thing))
    const seen: number[] = []
    for (const thing of bag) {
      seen.push(thing)
      for (const place of places) bag.remove(place)
    }
    expect(seen).toEqual([1, 2, 3])
    expect(bag.size).toBe(0)
  })
})
