import type { QuietWindow } from "@overdue/core/Check"
import * as CountedTime from "@overdue/core/CountedTime"
import * as Limits from "@overdue/core/Limits"
import * as Every from "@overdue/core/schedule/Every"
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
    expect(CountedTime.outside(stops, 0)).toBeUndefined()
    expect(CountedTime.advance(stops, 0, 10)).toBeUndefined()
    expect(CountedTime.between(stops, 0, 1000)).toBe(0)
  })

  it("leaves time to count between itself and others", () => {
    const stops = quiet(recurring, { schedule: Every.make(50), duration: 10 }, span(190, 260))
    expect(CountedTime.advance(stops, 100, 50)).toBe(190)
    expect(CountedTime.advance(stops, 100, 51)).toBe(261)
  })
})

describe("a clock that is stopped more often than anybody looks", () => {
  const often = quiet({ schedule: Every.make(10), duration: 9 })

  it("counts the rest as plain time, so that its deadline comes all the same", () => {
    const steps = Limits.stopSteps / 2
    expect(CountedTime.advance(often, 9, steps)).toBe(steps * 10)
    expect(CountedTime.advance(often, 9, steps + 100)).toBe(steps * 10 + 109)
    const twice = quiet(...often.quiet, ...often.quiet)
    expect(CountedTime.advance(twice, 9, steps)).toBe((steps / 2) * 10 + 9 + steps / 2)
  })
})
