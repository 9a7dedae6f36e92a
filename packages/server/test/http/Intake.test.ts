import { once } from "node:events"
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

  it("lets everybody go on to the end who has brought all, or brings little more", async () => {
    const crowd = Array.from({ length: 12 }, source)
    for (const each of crowd) Intake.count(each, 250 * KiB, 0)
    expect(waiting(crowd)).toBe(0)
    for (const each of crowd) Intake.count(each, 1 * KiB, 64 * KiB)
    expect(waiting(crowd)).toBe(12)
    await setImmediate()
    expect(waiting(crowd)).toBe(0)
  })

  it("is not kept from others by those who are gone", async () => {
    const crowd = Array.from({ length: 20 }, source)
    for (const each of crowd) Intake.count(each, 250 * KiB)
    const [, , , , ...late] = crowd
    const gone = late.slice(0, 12)
    for (const each of gone) each.destroy()
    await Promise.all(gone.map((each) => once(each, "close")))
    await setImmediate()
    expect(waiting(late.slice(12))).toBe(0)
  })
})
