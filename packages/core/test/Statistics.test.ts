import { minute } from "@overdue/core/Time"
import * as Statistics from "@overdue/core/Statistics"
import * as Zone from "@overdue/core/Zone"
import { describe, expect, it } from "vitest"
import { at, every, origin, Timeline } from "./Timeline.ts"

/** All that is known of a timeline at a minute of it. */
const history = (
  timeline: Timeline,
  now: number,
  more: Partial<Statistics.History> = {},
): Statistics.History => ({
  check: timeline.check,
  flips: timeline.steps.flatMap((step) => step.flips),
  pings: timeline.steps.flatMap(({ logged }) =>
    logged === undefined ? [] : [{ ...logged, rid: undefined }],
  ),
  blind: timeline.blind,
  now: at(now),
  ...more,
})
const window = (from: number, to: number) => ({ from: at(from), to: at(to) })
const sums = ({ up, down, paused, unknown }: Statistics.Report) =>
  [up, down, paused, unknown].map((span) => span / minute)

/** Up from 0, down from 15 to 20, paused from 30 to 40, up from 50. */
const timeline = Timeline.of(every(10, 5)).success(0).success(20).pause(30).resume(40).success(50)

describe("the time of a check", () => {
  it("is up, down, paused and unknown, and all of it is one of them", () => {
    expect(sums(Statistics.over(history(timeline, 60), window(0, 60)))).toEqual([15 + 10 + 10, 5, 10, 10])
  })

  it("is unknown before the check was made, while it is new, and in the future", () => {
    const fresh = history(Timeline.of(every(10, 5)).success(3), 5)
    expect(sums(Statistics.over(fresh, window(-10, 20)))).toEqual([2, 0, 0, 10 + 3 + 15])
  })

  it("knows what has passed though nobody has settled it", () => {
    const report = Statistics.over(history(Timeline.of(every(10, 5)).success(0), 100), window(0, 100))
    expect(sums(report)).toEqual([15, 85, 0, 0])
    expect(report.outages).toEqual([
      { start: at(15), end: undefined, reason: "missed", duration: 85 * minute, blind: false },
    ])
    expect(report.runs.missed).toBe(1)
  })

  it("is unknown where it would be up but nobody was awake", () => {
    const blind = [window(10, 20), window(5, 8), window(12, 22), window(26, 28)]
    const unseen = Timeline.of(every(60, 5), blind).success(0).fail(25)
    expect(sums(Statistics.over(history(unseen, 30), window(0, 30)))).toEqual([25 - 3 - 12, 5, 0, 15])
  })

  it("gives uptime as a share of what is known to be up or down", () => {
    expect(Statistics.over(history(timeline, 60), window(0, 60)).uptime).toBe(35 / 40)
    expect(Statistics.over(history(timeline, 60), window(30, 50)).uptime).toBeUndefined()
  })

  it("is cut by the calendar without losing a millisecond", () => {
    const hours = Statistics.by(history(timeline, 60), window(-30, 90), { unit: "hour", zone: Zone.utc })
    expect(hours.map(({ from, to }) => [from, to])).toEqual([
      [at(-30), at(0)],
      [at(0), at(60)],
      [at(60), at(90)],
    ])
    expect(hours.map(sums)).toEqual([
      [0, 0, 0, 30],
      [35, 5, 10, 10],
      [0, 0, 0, 30],
    ])
    expect(hours.map((hour) => hour.outages.length)).toEqual([0, 1, 0])
    expect(hours.map((hour) => hour.runs.count)).toEqual([0, 3, 0])
  })
})

describe("what was thrown away", () => {
  const flips = history(timeline, 60).flips.slice(2)

  it("makes the time before the oldest flip that was kept unknown", () => {
    const report = Statistics.over(history(timeline, 60, { flips }), window(0, 60))
    expect(sums(report)).toEqual([10 + 10, 0, 10, 20 + 10])
  })

  it("leaves what lies between two flips known when it is known that there were none", () => {
    const report = Statistics.over(history(timeline, 60, { flips, keptFrom: at(17) }), window(0, 60))
    expect(sums(report)).toEqual([10 + 10, 3, 10, 17 + 10])
    expect(report.outages).toEqual([
      { start: undefined, end: at(20), reason: undefined, duration: 3 * minute, blind: false },
    ])
    const before = Statistics.over(history(timeline, 60, { flips, keptFrom: at(17) }), window(0, 10))
    expect(before.outages).toEqual([])
    const after = Statistics.over(history(timeline, 60, { flips, keptFrom: at(20) }), window(20, 60))
    expect(after.outages).toEqual([])
  })

  it("makes everything unknown when no flip was kept, or leaves what has not changed since", () => {
    expect(sums(Statistics.over(history(timeline, 60, { flips: [] }), window(0, 60)))).toEqual([0, 0, 0, 60])
    expect(
      sums(Statistics.over(history(timeline, 60, { flips: [], keptFrom: at(55) }), window(0, 60))),
    ).toEqual([5, 0, 0, 55])
  })

  it("is said of the runs", () => {
    const { pings } = history(timeline, 60)
    expect(Statistics.over(history(timeline, 60), window(0, 60)).isComplete).toBe(true)
    const some = history(timeline, 60, { pings: pings.slice(1) })
    expect(Statistics.over(some, window(0, 60)).isComplete).toBe(false)
    expect(Statistics.over(some, window(20, 60)).isComplete).toBe(false)
    expect(Statistics.over(some, window(21, 60)).isComplete).toBe(true)
    expect(Statistics.over(history(timeline, 60, { pings: [] }), window(0, 60)).isComplete).toBe(false)
    expect(Statistics.over(history(Timeline.of({}), 60), window(0, 60)).isComplete).toBe(true)
  })
})

describe("outages", () => {
  const outages = (from: number, to: number) =>
    Statistics.over(history(timeline, 60), window(from, to)).outages

  it("are told whole when a part of them lies in the window", () => {
    const outage = { start: at(15), end: at(20), reason: "missed", duration: 5 * minute, blind: false }
    expect(outages(0, 60)).toEqual([outage])
    expect(outages(0, 16)).toEqual([outage])
    expect(outages(19, 60)).toEqual([outage])
    expect(outages(0, 15)).toEqual([])
    expect(outages(20, 60)).toEqual([])
  })

  it("say that they began later because nobody was awake", () => {
    const blind = Timeline.of(every(10, 5), [window(12, 40)])
      .success(0)
      .success(50)
    expect(Statistics.over(history(blind, 60), window(0, 60)).outages).toMatchObject([
      { start: at(43), end: at(50), blind: true },
    ])
  })

  it("are told when they lasted no time", () => {
    const punctual = Timeline.of(every(10, 5)).success(0).success(15)
    expect(Statistics.over(history(punctual, 20), window(15, 20)).outages).toMatchObject([{ duration: 0 }])
    expect(Statistics.over(history(punctual, 20), window(0, 15)).outages).toEqual([])
  })
})

describe("runs", () => {
  it("are counted with how they ended", () => {
    const runs = Timeline.of(
      every(60, 5, {
        minRuntime: minute,
        maxRuntime: 10 * minute,
        alert: { failures: 9, outOf: 9, recoveries: 1 },
      }),
    )
      .success(0)
      .start(1)
      .success(1.5)
      .start(2)
      .success(13)
      .start(14)
      .fail(17)
      .start(20)
      .log(21)
    const report = Statistics.over(history(runs, 60), window(0, 60))
    expect(report.runs).toMatchObject({ count: 4, failed: 2, missed: 0, overran: 1 })
    expect(report.runs.durations).toEqual({
      count: 3,
      average: Math.round((14.5 * minute) / 3),
      p50: 3 * minute,
      p95: 11 * minute,
      longest: 11 * minute,
      last: [3 * minute, 11 * minute, 0.5 * minute],
    })
  })

  it("that overran are counted once, also when they finish later, and when they never do", () => {
    const late = Timeline.of(every(60, 5)).start(0).success(7).start(10).tick(30)
    expect(Statistics.over(history(late, 60), window(0, 60)).runs).toMatchObject({ count: 1, overran: 2 })
  })

  it("may take as long as quiet time makes them, or for ever", () => {
    const quiet = Timeline.of(every(60, 5, { quiet: [window(1, 5)] }))
      .start(0)
      .success(7)
    expect(Statistics.over(history(quiet, 60), window(0, 60)).runs.overran).toBe(0)
    const endless = Timeline.of(every(60, 5, { maxRuntime: "never" }))
      .start(0)
      .success(50)
    expect(Statistics.over(history(endless, 60), window(0, 60)).runs.overran).toBe(0)
  })

  it("list their last ten times, newest first, and have percentiles by nearest rank", () => {
    let timeline = Timeline.of(every(600, 60))
    for (let n = 1; n <= 20; n++) timeline = timeline.start(n * 21).success(n * 21 + n)
    const { durations } = Statistics.over(history(timeline, 600), window(0, 600)).runs
    expect(durations?.last).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11].map((n) => n * minute))
    expect(durations).toMatchObject({ count: 20, p50: 10 * minute, p95: 19 * minute, longest: 20 * minute })
  })

  it("have no times when none began with a start", () => {
    expect(Statistics.over(history(timeline, 60), window(0, 60)).runs.durations).toBeUndefined()
    expect(Statistics.over(history(timeline, 60), { from: origin, to: origin }).runs.count).toBe(0)
  })
})

describe("the statistics of a check that has flipped often", () => {
  it("are work that may be interrupted after each flip and each unit of the calendar", () => {
    const known = history(timeline, 60)
    const work = Statistics.reports(known, window(0, 180), { unit: "hour", zone: Zone.utc })
    let steps = 0
    while (work.next().done !== true) steps += 1
    expect(steps).toBeGreaterThanOrEqual(2 * known.flips.length + 3)
  })
})
