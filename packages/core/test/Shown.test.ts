import * as Shown from "@overdue/core/Shown"
import { minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { at, every, minutesOf, Timeline } from "./Timeline.ts"

const tenFive = every(10, 5)
const statuses = (timeline: Timeline, ...minutes: number[]) =>
  minutes.map((n) => Shown.statusAt(timeline.check, at(n), timeline.blind))

describe("the status that is shown", () => {
  it("is up, then grace from when a signal is expected, then down", () => {
    const timeline = Timeline.of(tenFive).success(0)
    expect(statuses(timeline, 0, 9.999, 10, 14.999, 15, 10_000)).toEqual([
      "up",
      "up",
      "grace",
      "grace",
      "down",
      "down",
    ])
  })

  it("is down from the overrun of a run on, whatever is stored", () => {
    expect(statuses(Timeline.of(tenFive).start(0), 4.999, 5)).toEqual(["new", "down"])
    expect(statuses(Timeline.of(tenFive).success(0).start(1), 5.999, 6)).toEqual(["up", "down"])
    expect(statuses(Timeline.of(tenFive).success(0).pause(1).start(2), 6.999, 7)).toEqual(["paused", "down"])
  })

  it("is new, down and paused as stored while nothing is open", () => {
    expect(statuses(Timeline.of(tenFive), 1000)).toEqual(["new"])
    expect(statuses(Timeline.of(tenFive).fail(0), 1000)).toEqual(["down"])
    expect(statuses(Timeline.of(tenFive).pause(0), 1000)).toEqual(["paused"])
  })

  it("is grace again while a tolerated miss is followed by the next slot", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 2, outOf: 2, recoveries: 1 } })).success(0)
    expect(statuses(timeline, 14, 15, 19.999, 20, 25)).toEqual(["grace", "up", "up", "grace", "down"])
  })

  it("knows of blind time", () => {
    const timeline = Timeline.of(tenFive, [{ from: at(8), to: at(20) }]).success(0)
    expect(statuses(timeline, 10, 19.999, 20, 24.999, 25)).toEqual(["up", "up", "grace", "grace", "down"])
  })
})

describe("a run", () => {
  it("is shown as started while it is open, also when it took too long", () => {
    expect(Shown.isStarted(Timeline.of(tenFive).check)).toBe(false)
    expect(Shown.isStarted(Timeline.of(tenFive).start(0).tick(100).check)).toBe(true)
    expect(Shown.isStarted(Timeline.of(tenFive).start(0).success(1).check)).toBe(false)
  })

  it("is running until it has taken as long as it may, in whatever status", () => {
    const started = Timeline.of(tenFive).start(0)
    expect(Shown.isRunning(started.check, at(4.999))).toBe(true)
    expect(Shown.isRunning(started.check, at(5))).toBe(false)
    expect(Shown.isRunning(Timeline.of(tenFive).fail(0).start(1).check, at(2))).toBe(true)
    expect(Shown.isRunning(Timeline.of(tenFive).success(0).check, at(1))).toBe(false)
  })

  it("runs for ever when it may", () => {
    expect(Shown.isRunning(Timeline.of(every(10, 5, { maxRuntime: "never" })).start(0).check, at(1e6))).toBe(
      true,
    )
  })

  it("has more time when the clock stood still", () => {
    const blind = [{ from: at(1), to: at(100) }]
    expect(Shown.isRunning(Timeline.of(tenFive).start(0).check, at(103), blind)).toBe(true)
    expect(Shown.isRunning(Timeline.of(tenFive).start(0).check, at(104), blind)).toBe(false)
  })
})

describe("the next ping that is shown", () => {
  const next = (timeline: Timeline) => minutesOf(Shown.nextPingAt(timeline.check, timeline.blind))

  it("is when a signal is expected of a check that is up", () => {
    expect(next(Timeline.of(tenFive).success(1))).toBe(11)
  })

  it("is none of a check that is new, down or paused", () => {
    expect(next(Timeline.of(tenFive))).toBeUndefined()
    expect(next(Timeline.of(tenFive).fail(1))).toBeUndefined()
    expect(next(Timeline.of(tenFive).fail(1).start(2))).toBeUndefined()
    expect(next(Timeline.of(tenFive).success(1).pause(2))).toBeUndefined()
  })

  it("is the start of the oldest open run when that is earlier", () => {
    expect(next(Timeline.of(tenFive).start(1, "a").start(2, "b"))).toBe(1)
    expect(next(Timeline.of(tenFive).success(1).start(3))).toBe(3)
    expect(
      next(
        Timeline.of(every(10, 5, { maxRuntime: 20 * minute }))
          .success(1)
          .start(12),
      ),
    ).toBe(11)
    expect(next(Timeline.of(tenFive).pause(1).start(2))).toBe(2)
  })
})
