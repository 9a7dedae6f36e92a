import type * as Batch from "@overdue/engine/commands/receive/Batch"
import * as Lanes from "@overdue/engine/commands/receive/Lanes"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Arrival from "../../../../test/kit/Arrival.ts"

const signal = (check: number): Batch.Waiting => ({
  arrival: Arrival.overHttp({ id: `check ${check}` }),
  at: 0,
  since: 0,
  stepped: 0,
  done: () => {},
})
const checkOf = ({ arrival }: Batch.Waiting): string =>
  "id" in arrival.target ? arrival.target.id : arrival.target.slug

const happenings = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant("arrives" as const), check: fc.nat(6) }),
    fc.record({ type: fc.constant("begins" as const), limit: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ type: fc.constant("ends" as const), nth: fc.nat() }),
  ),
  { maxLength: 80 },
)

/** Lets happen what happens, ends and begins until nothing waits, and returns the signals as they came and as they ended. */
const lived = (most: number, all: typeof happenings extends fc.Arbitrary<infer A> ? A : never) => {
  const lanes = new Lanes.Lanes(most)
  const came: Batch.Waiting[] = []
  const ended: Batch.Waiting[] = []
  const going: Lanes.Lane[] = []
  const begin = (limit: number): void => {
    const lane = lanes.begin(limit)
    if (lane !== undefined) going.push(lane)
    expect(going.length).toBeLessThanOrEqual(most)
    const checks = going.flatMap(({ signals }) => [...new Set(signals.map(checkOf))])
    expect(new Set(checks).size).toBe(checks.length)
  }
  const end = (nth: number): void => {
    for (const lane of going.splice(nth % (going.length || 1), 1)) {
      ended.push(...lane.signals)
      lanes.end(lane)
    }
  }
  for (const one of all) {
    if (one.type === "begins") begin(one.limit)
    else if (one.type === "ends") end(one.nth)
    else {
      came.push(signal(one.check))
      lanes.add(came.at(-1)!)
    }
  }
  while (going.length > 0 || lanes.size > 0) {
    end(0)
    if (going.length === 0) expect(lanes.mayBegin).toBe(lanes.size > 0)
    begin(5)
  }
  return { came, ended }
}

describe.each([1, 2, 3])("with %i lanes", (most) => {
  it("each signal has its turn once, and those of a check in the order in which they came, never two at once", () => {
    fc.assert(
      fc.property(happenings, (all) => {
        const { came, ended } = lived(most, all)
        expect(ended).toHaveLength(came.length)
        for (let check = 0; check <= 6; check++) {
          const of = (signals: readonly Batch.Waiting[]) =>
            signals.filter((one) => checkOf(one) === `check ${check}`)
          expect(of(ended)).toEqual(of(came))
        }
      }),
    )
  })
})

describe("a batch beside another one", () => {
  const two = (first: readonly number[], then: readonly number[]) => {
    const lanes = new Lanes.Lanes(2)
    for (const check of first) lanes.add(signal(check))
    const lane = lanes.begin(10)!
    for (const check of then) lanes.add(signal(check))
    return { lanes, lane }
  }

  it("begins with as many signals as that one has", () => {
    const { lanes } = two([1, 2], [3])
    expect(lanes.mayBegin).toBe(false)
    lanes.add(signal(4))
    expect(lanes.mayBegin).toBe(true)
    expect(lanes.begin(10)?.signals.map(checkOf)).toEqual(["check 3", "check 4"])
  })

  it("leaves what is for checks of that one, and is not looked for again before that one has ended", () => {
    const { lanes, lane } = two([1], [1, 1])
    expect(lanes.mayBegin).toBe(true)
    expect(lanes.begin(10)).toBe(undefined)
    expect(lanes.mayBegin).toBe(false)
    lanes.end(lane)
    expect(lanes.begin(10)?.signals).toHaveLength(2)
  })

  it("begins for other checks, although signals of those of that one came before", () => {
    const { lanes } = two([1], [1])
    expect(lanes.begin(10)).toBe(undefined)
    lanes.add(signal(1))
    expect(lanes.mayBegin).toBe(false)
    lanes.add(signal(2))
    expect(lanes.begin(10)?.signals.map(checkOf)).toEqual(["check 2"])
    expect(lanes.size).toBe(2)
  })
})

it("all that wait are taken when the engine stops", () => {
  const lanes = new Lanes.Lanes(2)
  lanes.add(signal(1))
  expect(lanes.takeAll()).toHaveLength(1)
  expect([lanes.size, lanes.mayBegin]).toEqual([0, false])
})
