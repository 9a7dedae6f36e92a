import type { Policy } from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import * as Limits from "@overdue/core/Limits"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import * as Shown from "@overdue/core/Shown"
import { day, hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { at, every, minutesOf, Timeline } from "./Timeline.ts"

const tenFive = every(10, 5)
const kindAt = (timeline: Timeline) => {
  const due = Deadline.next(timeline.check, timeline.blind)
  return due === undefined ? undefined : `${due.kind} ${minutesOf(due.at)}`
}

describe("the next signal", () => {
  const expected = (timeline: Timeline) => minutesOf(Deadline.expectedAt(timeline.check, timeline.blind))

  it("is expected a period after the last one while up", () => {
    expect(expected(Timeline.of(tenFive).success(3))).toBe(13)
  })

  it("is not expected while new, down or paused", () => {
    expect(expected(Timeline.of(tenFive))).toBeUndefined()
    expect(expected(Timeline.of(tenFive).fail(3))).toBeUndefined()
    expect(expected(Timeline.of(tenFive).success(3).pause(4))).toBeUndefined()
    expect(
      expected(
        Timeline.of(every(10, 5, { startSatisfies: true }))
          .fail(3)
          .start(4),
      ),
    ).toBeUndefined()
    expect(
      expected(
        Timeline.of(every(10, 5, { startSatisfies: true }))
          .pause(3)
          .start(4),
      ),
    ).toBeUndefined()
  })

  it("is expected at the end of the stop in which its slot lies", () => {
    const quiet = [{ from: at(12), to: at(40) }]
    expect(expected(Timeline.of(every(10, 5, { quiet })).success(3))).toBe(40)
    expect(expected(Timeline.of(every(10, 5, { quiet })).success(0))).toBe(10)
    expect(expected(Timeline.of(tenFive, quiet).success(3))).toBe(40)
  })
})

describe("the next signal is overdue", () => {
  const late = (timeline: Timeline) => minutesOf(Deadline.lateAt(timeline.check, timeline.blind))

  it("when grace has passed since it was expected", () => {
    expect(late(Timeline.of(tenFive).success(3))).toBe(18)
  })

  it("never, while none is expected", () => {
    expect(late(Timeline.of(tenFive).start(3))).toBeUndefined()
  })

  it("some time, even when the clock stands still for good", () => {
    const always: Partial<Policy> = {
      quiet: [{ schedule: { kind: "every", period: minute }, duration: minute }],
    }
    const timeline = Timeline.of(every(10, 5, { ...always, remindEvery: minute }))
    expect(late(timeline.success(3))).toBeGreaterThan(Limits.stopSteps)
    for (const silent of [timeline.success(3), timeline.start(3)]) {
      expect(silent.tick(silent.deadline!).deadline).toBeGreaterThan(Limits.stopSteps)
      expect(silent.tick(Limits.stopSteps).flips).toEqual(silent.flips)
    }
    expect(timeline.fail(3).tick(Limits.stopSteps).told).toEqual([])
    expect(timeline.fail(3).tick(Limits.stopSteps).deadline).toBeGreaterThan(Limits.stopSteps)
  })
})

describe("a check whose quiet windows open thousands of times before its deadline", () => {
  // Open for four minutes of each five, so that deadlines fall where the next one opens.
  const quiet: Policy["quiet"] = [{ schedule: Every.make(5 * minute), duration: 4 * minute }]
  const days = 20
  const silent = Timeline.of(every(60, (days * day) / minute, { quiet })).success(0)
  const late = minutesOf(Deadline.lateAt(silent.check))!

  it("looks at few of them when a signal comes, and stores a lower bound of the deadline", () => {
    expect(late).toBe(60 + 5 * ((days * day) / minute))
    expect(silent.deadline).toBeGreaterThan(60 + (days * day) / minute)
    expect(silent.deadline).toBeLessThan(late)
  })

  it("is down at the deadline, however often somebody looks before", () => {
    const looked = silent.tick(silent.deadline!)
    expect(looked.deadline).toBe(late)
    for (const timeline of [silent, looked, silent.tick(late - 10)]) {
      expect(timeline.tick(late - 1).status).toBe("up")
      expect(timeline.tick(late).flips).toEqual([
        "0 new→up success (quiet)",
        `${late} up→down missed (quiet)`,
      ])
    }
  })

  it("stores a lower bound for a run too, and says that it runs until it overruns", () => {
    const running = Timeline.of(every(525_600, 60, { quiet, maxRuntime: days * day })).start(4)
    const overran = minutesOf(Deadline.overrunAt(running.check.policy, running.state.runs[0]!))!
    expect(running.deadline).toBeLessThan(overran)
    expect(Shown.isRunning(running.check, at(overran - 1))).toBe(true)
    expect(Shown.isRunning(running.check, at(overran))).toBe(false)
    expect(running.tick(overran - 1).status).toBe("new")
    expect(running.tick(overran).flips).toEqual([`${overran} new→down overran (quiet)`])
  })

  it("is told of when the last of those closes that touch", () => {
    const open = { schedule: Every.make(5 * minute), duration: 5 * minute }
    const last = { ...open, schedule: Result.getOrThrow(Schedule.parse("*/5 * * * 1-6", Zone.utc)) }
    // A Monday; the windows close when Sunday begins.
    const closes = minutesOf(Date.parse("2026-03-08T00:00:00Z"))!
    const down = Timeline.of(every(60, 5, { quiet: [last] })).fail(0)
    expect(down.deadline).toBeLessThan(closes)
    expect(down.tick(closes - 1).told).toEqual([])
    expect(down.tick(closes).told).toEqual([`${closes} down`])
    expect(
      down
        .tick(300)
        .tick(4000)
        .tick(closes + 7).told,
    ).toEqual([`${closes} down`])
  })

  it("is not expected at slots in them, however many there are", () => {
    const nightly = Result.getOrThrow(Schedule.parse("0 0 * * *", Zone.utc))
    const others = ["1", "2", "3", "4"].map((hours) => `*/5 ${hours} * * *`)
    const windows = ["59 23 * 1-11 *", ...others].map((text) => ({
      schedule: Result.getOrThrow(Schedule.parse(text, Zone.utc)),
      duration: 2 * minute,
    }))
    const policy = { schedule: nightly, grace: hour, quiet: windows }
    const waived = Timeline.of(policy).success(0)
    const december = minutesOf(Date.parse("2026-12-02T00:00:00Z"))!
    expect(waived.deadline).toBeLessThan(december)
    expect(Shown.statusAt(waived.check, at(waived.deadline!))).toBe("up")
    expect(waived.tick(waived.deadline!).deadline).toBe(december + 60)
    expect(waived.tick(december + 60).flips.at(-1)).toBe(`${december + 60} up→down missed (quiet)`)
  })
})

describe("what happens first by itself", () => {
  it("is nothing while new, down and paused", () => {
    expect(kindAt(Timeline.of(tenFive))).toBeUndefined()
    expect(kindAt(Timeline.of(tenFive).fail(0))).toBeUndefined()
    expect(kindAt(Timeline.of(tenFive).success(0).pause(1))).toBeUndefined()
  })

  it("is the missed slot when runs may take longer than that", () => {
    expect(kindAt(Timeline.of(tenFive).success(0))).toBe("late 15")
    expect(kindAt(Timeline.of(tenFive).success(0).start(12))).toBe("late 15")
  })

  it("names the slot, not the end of the blind span in which it lies", () => {
    const timeline = Timeline.of(every(10, 5), [{ from: at(9), to: at(40) }]).success(0)
    const { check, blind } = timeline
    expect(Deadline.next(check, blind)).toEqual({ kind: "late", at: at(45), slot: at(10) })
  })

  it("is expected when the quiet window closes in which a period ends", () => {
    const quiet = [{ from: at(9), to: at(40) }]
    const timeline = Timeline.of(every(10, 5, { quiet })).success(0)
    expect(Deadline.next(timeline.check)).toEqual({ kind: "late", at: at(45), slot: at(40) })
  })

  it("is the run that overruns first", () => {
    const timeline = Timeline.of(tenFive).success(0).start(1, "a").start(2, "b")
    expect(Deadline.next(timeline.check)).toMatchObject({ kind: "overrun", at: at(6), run: { rid: "a" } })
    expect(Deadline.next(timeline.tick(6).check)).toMatchObject({
      kind: "overrun",
      at: at(7),
      run: { rid: "b" },
    })
    expect(kindAt(timeline.tick(7))).toBeUndefined()
  })

  it("is the missed slot when a run overruns at the same instant, and then the run", () => {
    const timeline = Timeline.of(every(10, 5, { alert: { failures: 2, outOf: 2, recoveries: 1 } }))
      .success(0)
      .start(10)
    expect(kindAt(timeline)).toBe("late 15")
    const { flips, state } = timeline.tick(15)
    expect(state.runs).toEqual([{ rid: undefined, startedAt: at(10), overran: true }])
    expect([flips, state.outcomes.failed]).toEqual([["0 new→up success"], 1])
  })

  it("is a run when a reminder falls on the same instant", () => {
    const timeline = Timeline.of(every(10, 5, { remindEvery: 6 * minute }))
      .fail(0)
      .start(1)
    expect(kindAt(timeline)).toBe("overrun 6")
    expect(timeline.tick(6).reminders).toEqual([6])
  })

  it("is the reminder while down and nothing else is open", () => {
    expect(kindAt(Timeline.of(every(10, 5, { remindEvery: 7 * minute })).fail(0))).toBe("reminder 7")
  })
})
