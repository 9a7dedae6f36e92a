import { setImmediate } from "node:timers/promises"
import { Readable } from "node:stream"
import * as Intake from "@overdue/server/http/Intake"
import { describe, expect, it } from "vitest"

const KiB = 1024
const source = (): Readable => new Readable({ read: () => {} }).resume()
const waiting = (sources: readonly Readable[]): number => sources.filter((each) => each.isPaused()).length

describe("what is read in one turn of the event loop", () => {
  it("is as much as most bodies have, without anybody waiting", async () => {
    const [one, other] = [source(), source()]
    Intake.count(one, 200 * KiB)
    Intake.count(other, 200 * KiB)
    expect(waiting([one, other])).toBe(0)
    await setImmediate()
    Intake.count(one, 200 * KiB)
    expect(waiting([one, other])).toBe(0)
    await setImmediate()
  })

  it("is a part of what one connection sends without end, which goes on in the next turn", async () => {
    const [one, other] = [source(), source()]
    Intake.count(one, 200 * KiB)
    Intake.count(one, 100 * KiB)
    Intake.count(other, 10 * KiB)
    expect([one.isPaused(), other.isPaused()]).toEqual([true, false])
    await setImmediate()
    expect(one.isPaused()).toBe(false)
    Intake.count(one, 200 * KiB)
    expect(one.isPaused()).toBe(false)
    await setImmediate()
  })

  it("is bounded for all of a crowd together, of whom each has its turn in order", async () => {
    const crowd = Array.from({ length: 12 }, source)
    for (const each of crowd) Intake.count(each, 250 * KiB)
    // The fifth has brought them beyond a mebibyte.
    expect(crowd.map((each) => each.isPaused())).toEqual(crowd.map((_, index) => index >= 4))
    await setImmediate()
    expect(crowd.map((each) => each.isPaused())).toEqual(crowd.map((_, index) => index >= 8))
    await setImmediate()
    expect(waiting(crowd)).toBe(0)
  })
})
