import type { QuietWindow } from "@overdue/core/Check"
import * as CountedTime from "@overdue/core/CountedTime"
import * as Limits from "@overdue/core/Limits"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const none: CountedTime.Stops = { quiet: [], blind: [] }
const quiet = (...windows: QuietWindow[]): CountedTime.Stops => ({ quiet: windows, blind: [] })
const span = (from: number, to: number) => ({ from, to })
/** A window that opens at 0, 100, 200… and stays open for 30. */
const recurring: QuietWindow = { schedule: Every.make(100), duration: 30 }

describe("a clock without stops", () => {
  it("counts plain time", () => {
    expect(CountedTime.outside(none, 7)).toBe(7)
    expect(CountedTime.advance(none, 7, 10)).toBe(17)
    expect(CountedTime.between(none, 7, 17)).toBe(10)
    expect(CountedTime.between(none, 17, 7)).toBe(0)
  })
})

describe("a clock with a stop", () => {
  const stops = quiet(span(10, 20))

  it("is outside of it before it and from its end on", () => {
    expect([9, 10, 19, 20].map((t) => CountedTime.outside(stops, t))).toEqual([9, 20, 20, 20])
  })

  it("stands still in it", () => {
    expect(CountedTime.advance(stops, 5, 10)).toBe(25)
    expect(CountedTime.advance(stops, 12, 3)).toBe(23)
    expect(CountedTime.advance(stops, 25, 3)).toBe(28)
  })

  it("reaches what it would have reached by the instant the stop begins", () => {
    expect(CountedTime.advance(stops, 5, 5)).toBe(10)
    expect(CountedTime.advance(stops, 5, 6)).toBe(21)
  })

  it("counts what lies outside", () => {
    expect(CountedTime.between(stops, 5, 25)).toBe(10)
    expect(CountedTime.between(stops, 5, 15)).toBe(5)
    expect(CountedTime.between(stops, 12, 18)).toBe(0)
    expect(CountedTime.between(stops, 25, 5)).toBe(0)
  })

  it("stands still the same way while nobody was awake", () => {
    const blind = { quiet: [], blind: [span(10, 20)] }
    expect(CountedTime.advance(blind, 5, 10)).toBe(25)
    expect(CountedTime.outside(blind, 12)).toBe(20)
    expect(CountedTime.between(blind, 5, 25)).toBe(10)
  })
})

describe("a clock with several stops", () => {
  it("stands still in each, and once where they overlap or touch", () => {
    const stops = { quiet: [span(10, 20), span(15, 30), span(30, 35)], blind: [span(12, 14), span(50, 60)] }
    expect(CountedTime.outside(stops, 10)).toBe(35)
    expect(CountedTime.advance(stops, 5, 20)).toBe(50)
    expect(CountedTime.advance(stops, 5, 21)).toBe(61)
    expect(CountedTime.between(stops, 0, 100)).toBe(10 + 15 + 40)
  })

  it("pays no attention to one that ends before it begins", () => {
    const stops = quiet(span(20, 10), span(15, 15))
    expect(CountedTime.advance(stops, 5, 30)).toBe(35)
    expect(CountedTime.outside(stops, 15)).toBe(15)
  })
})

describe("a recurring window", () => {
  it("opens at each slot of its schedule for its duration", () => {
    const stops = quiet(recurring)
    expect([99, 100, 129, 130].map((t) => CountedTime.outside(stops, t))).toEqual([99, 130, 130, 130])
    expect(CountedTime.advance(stops, 90, 10)).toBe(100)
    expect(CountedTime.advance(stops, 90, 11)).toBe(131)
    expect(CountedTime.advance(stops, 90, 70 * 3)).toBe(390)
    expect(CountedTime.between(stops, 0, 1000)).toBe(700)
  })

  it("is one long stop when it opens again before it closes", () => {
    const stops = quiet({ schedule: Every.make(100), duration: 250 })
    // A window costs one opening to begin with.
    const last = (Limits.stopSteps - 1) * 100
    expect(CountedTime.outside(stops, 0)).toBe(last + 250)
    expect(CountedTime.advance(stops, 0, 10)).toBe(last + 260)
    expect(CountedTime.between(stops, 0, 1000)).toBe(0)
  })

  it("leaves time to count between itself and others", () => {
    const stops = quiet(recurring, { schedule: Every.make(50), duration: 10 }, span(190, 260))
    expect(CountedTime.advance(stops, 100, 50)).toBe(190)
    expect(CountedTime.advance(stops, 100, 51)).toBe(261)
  })
})

describe("a recurring window in Berlin, whose clock goes back at 03:00 on 2026-10-25", () => {
  const berlin = Result.getOrThrow(Zone.make("Europe/Berlin"))
  const window = (text: string, duration: number): CountedTime.Stops =>
    quiet({ schedule: Result.getOrThrow(Schedule.parse(text, berlin)), duration })
  const clock = (at: number) => new Date(at).toISOString().slice(8, 16)
  const end = (stops: CountedTime.Stops, at: string) => clock(CountedTime.outside(stops, Date.parse(at)))

  it("closes when the clock shows that its duration has passed", () => {
    expect(end(window("30 1 * * *", 3 * hour), "2026-10-25T00:00:00Z")).toBe("25T03:30")
    expect(end(window("30 1 * * *", 3 * hour), "2026-10-24T00:00:00Z")).toBe("24T02:30")
  })

  it("stays open for the first opening when the second of the same hour closes before", () => {
    // 02:50 opens before the change, and 03:20 comes only after it; the opening at 02:00 after it lasts to 02:30.
    const stops = window("0,50 2 25 10 *", 30 * minute)
    const often = window("*/10 * * * *", 5 * minute)
    expect(end(stops, "2026-10-25T00:55:00Z")).toBe("25T02:20")
    expect(end(stops, "2026-10-25T01:40:00Z")).toBe("25T02:20")
    expect(end(often, "2026-10-25T02:02:00Z")).toBe("25T02:05")
  })

  it("is found however long ago it opened", () => {
    const year = window("0 0 1 1 *", 364 * day)
    expect(end(year, "2026-12-30T12:00:00Z")).toBe("30T23:00")
    expect(end(year, "2026-12-30T23:00:00Z")).toBe("30T23:00")
    const winter = window("*/15 * * 1-2 *", 40 * day)
    expect(end(winter, "2026-04-09T12:00:00Z")).toBe("09T21:45")
    expect(end(winter, "2026-04-09T21:45:00Z")).toBe("09T21:45")
  })
})

describe("a clock that is stopped more often than anybody looks", () => {
  const often = quiet({ schedule: Every.make(10), duration: 9 })

  it("counts the rest as plain time, so that its deadline comes all the same", () => {
    const stops = Limits.stopSteps
    expect(CountedTime.advance(often, 9, stops)).toBe(stops * 10)
    expect(CountedTime.advance(often, 9, stops + 100)).toBe(stops * 10 + 109)
    const twice = quiet(...often.quiet, ...often.quiet)
    const pairs = Limits.stopSteps / 2
    expect(CountedTime.advance(twice, 9, pairs + 100)).toBe(pairs * 10 + 109)
  })
})
