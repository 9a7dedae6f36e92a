import * as ZoneExamples from "@overdue/core/diagnosis/ZoneExamples"
import * as Wording from "@overdue/core/Wording"
import { day, hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

/** Every zone that the runtime knows. */
const zones = Intl.supportedValuesOf("timeZone").map((name) => Result.getOrThrow(Zone.make(name)))

describe("the example zones", () => {
  it("have every offset that any zone has, at any time from 2020 to 2030", () => {
    const missing = new Set<string>()
    for (let at = Date.UTC(2020, 0, 1); at < Date.UTC(2031, 0, 1); at += 5 * day) {
      const listed = new Set(ZoneExamples.offsetsAt(at))
      for (const zone of zones) {
        const offset = ZoneExamples.offsetAt(zone, at)
        if (!listed.has(offset)) missing.add(`${zone.name} ${offset / minute} ${new Date(at).toISOString()}`)
      }
    }
    expect([...missing]).toEqual([])
  })

  it("have the rare ones only while they are in use", () => {
    const [winter, summer] = [Date.UTC(2026, 0, 15), Date.UTC(2026, 6, 15)]
    const rare = [-9.5, -3.5, -2.5, 5.75, 8.75, 10.5, 12.75, 13.75].map((hours) => hours * hour)
    const inUse = (at: number) =>
      rare.filter((offset) => ZoneExamples.offsetsAt(at).includes(offset)).map((o) => o / hour)
    expect(inUse(winter)).toEqual([-9.5, -3.5, 5.75, 8.75, 10.5, 13.75])
    expect(inUse(summer)).toEqual([-9.5, -2.5, 5.75, 8.75, 10.5, 12.75])
  })

  it("are named by an offset as long as they have it, the most likely first", () => {
    const at = Date.UTC(2026, 6, 15)
    expect(ZoneExamples.of(-2.5 * hour, at, 2)).toEqual(["America/St_Johns"])
    expect(ZoneExamples.of(0, at, 2)).toEqual(["UTC"])
    expect(ZoneExamples.of(0, Date.UTC(2026, 0, 15), 2)).toEqual(["UTC", "Europe/London"])
    expect(ZoneExamples.of(7 * minute, at, 2)).toEqual([])
  })

  it("have offsets that are read as they are printed", () => {
    for (const offset of ZoneExamples.offsetsAt(Date.UTC(2026, 0, 15))) {
      expect(ZoneExamples.parse(Wording.offset(offset))).toBe(offset)
    }
    expect([-2.5 * hour, 0, 8.75 * hour].map(Wording.offset)).toEqual(["-02:30", "+00:00", "+08:45"])
  })
})
