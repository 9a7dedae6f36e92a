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
const slots = (text: string) => Result.getOrThrow(Schedule.parse(text, Zone.utc))
/** Slots at :00 of each hour, five minutes of grace; a signal may come twenty minutes early. */
const hourly: Partial<Policy> = { schedule: slots("0 * * * *"), grace: 5 * minute, early: 20 * minute }
/** One slot for ever, an hour into the timeline. */
const once: Partial<Policy> = { ...hourly, schedule: slots("2026-03-02 09:00:00") }
const kindAt = (timeline: Timeline) => {
  const due = Deadline.next(timeline.check, timeline.blind)
  return due === undefined ? undefined : `${due.kind} ${minutesOf(due.at)}`
}

describe("the next signal", () => {
  const expected = (timeline: Timeline) => minutesOf(Deadline.expectedAt(timeline.check, timeline.blind))

  it("is expected a period after the last one while up", () => {
    expect(expected(Timeline.of(tenFive).success(3))).toBe(13)
  })

  it("is not expected of a check that is new when a person disarms it, unless its run stands for a slot", () => {
    const satisfied = Timeline.of(every(10, 5, { startSatisfies: true, maxRuntime: "never" }))
    for (const timeline of [Timeline.of(tenFive), satisfied]) {
      const armed = timeline.configure(5, { armed: true })
      expect([armed.status, expected(armed)]).toEqual(["new", 15])
      expect(expected(armed.configure(6, { armed: false }))).toBeUndefined()
    }
    const started = satisfied.start(3).configure(5, { armed: true }).configure(6, { armed: false })
    expect([started.status, started.state.anchor, expected(started)]).toEqual(["new", at(5), 15])
  })

  it("is not expected once the last slot has passed, or a run has started early for it", () => {
    const satisfied = { ...once, startSatisfies: true, maxRuntime: "never" } as const
    const other = Timeline.of(satisfied).start(30, "a").success(61, "b")
    expect([other.status, other.state.runs.length, other.deadline]).toEqual(["up", 1, undefined])
    const early = Timeline.of(satisfied).success(10).start(58).configure(59, {}, "now")
    expect([early.status, early.state.anchor, early.deadline]).toEqual(["up", at(59), undefined])
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

describe("a signal that comes before a slot", () => {
  const expected = (policy: Partial<Policy>, minutes: number) =>
    minutesOf(Deadline.expectedAt(Timeline.of({ ...hourly, ...policy }).success(minutes).check))

  it("is for it when it comes no earlier than allowed", () => {
    expect(expected({ early: 10 * minute }, 49.9)).toBe(60)
    expect(expected({ early: 10 * minute }, 50)).toBe(120)
  })

  it("is for the slot before when it is as near to that", () => {
    const schedule = slots("0,10 * * * *")
    expect(expected({ schedule }, 5)).toBe(10)
    expect(expected({ schedule }, 5.1)).toBe(60)
  })

  it("is not for it when it comes a quarter of the gap to the slot after it before", () => {
    expect(expected({}, 45)).toBe(60)
    expect(expected({}, 45.1)).toBe(120)
  })

  it("is for the last slot of all, after which nothing is expected any more", () => {
    expect(expected(once, 39)).toBe(60)
    expect(expected(once, 41)).toBeUndefined()
    expect(expected(once, 61)).toBeUndefined()
    const recurring = { schedule: slots("30 * * * *"), duration: minute }
    expect(expected({ ...once, quiet: [recurring] }, 61)).toBeUndefined()
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

describe("slots that lie in quiet windows", () => {
  const after = (policy: Partial<Policy>, from: number) => {
    const slot = Deadline.slotAfter(Timeline.of(policy).check.policy, from, false)
    return slot === undefined ? undefined : new Date(slot).toISOString().slice(0, 16)
  }
  const years = { ...hourly, quiet: [{ schedule: slots("2026..2027-*-* *:00:00"), duration: 30 * minute }] }
  const end = Date.parse("2028-01-01T00:00:00Z")

  it("are waived, more than a year of hourly ones, and beyond that nothing is expected", () => {
    // The window costs one opening to begin with.
    const most = Limits.waivingSteps - 1
    expect(after(years, end - most * hour - 1)).toBe("2028-01-01T00:00")
    expect(after(years, end - (most + 1) * hour - 1)).toBeUndefined()
    const check = Timeline.of(years).success(0).check
    expect(Deadline.expectedAt(check)).toBeUndefined()
    expect(Deadline.next(check)).toBeUndefined()
    const bound = Timeline.of(years).success(0)
    expect(bound.tick(bound.deadline!).deadline).toBeUndefined()
  })

  it("are waived for ten years, and beyond that nothing is expected", () => {
    const first = Date.parse("2026-03-03T00:00:00Z")
    const nightly = { ...hourly, schedule: slots("0 0 * * *") }
    const until = (to: number) => ({ ...nightly, quiet: [{ from: at(0), to }] })
    expect(after(until(first + Limits.stopHorizon), at(0))).toBe("2036-02-29T00:00")
    expect(after(until(first + Limits.stopHorizon + 1), at(0))).toBeUndefined()
    expect(after({ ...once, quiet: [{ from: at(50), to: at(70) }] }, at(0))).toBeUndefined()
  })
})

describe("the anchor after a missed slot", () => {
  const anchor = (policy: Partial<Policy>, slot: number, blind: Deadline.Blind) =>
    Deadline.anchorAfterMiss(Timeline.of(policy).check.policy, blind, at(slot)) - at(0)
  const span = (from: number, to: number) => [{ from: at(from), to: at(to) }]

  it("is the slot, unless the next one lies in the same blind span", () => {
    expect(anchor(hourly, 60, [])).toBe(hour)
    expect(anchor(hourly, 60, span(70, 200))).toBe(hour)
    expect(anchor(hourly, 60, span(50, 110))).toBe(hour)
    expect(anchor(hourly, 60, span(50, 120))).toBe(hour)
    expect(anchor(once, 60, span(50, 200))).toBe(hour)
  })

  it("is the last instant of a blind span in which several slots lie, so that all of them are one miss", () => {
    expect(anchor(hourly, 60, [{ from: at(50), to: at(120) + 1 }])).toBe(2 * hour)
    expect(anchor(hourly, 60, span(50, 170))).toBe(170 * minute - 1)
  })

  it("is the last period that ended in a blind span, so that the periods go on as they were", () => {
    expect(anchor(tenFive, 10, [])).toBe(10 * minute)
    expect(anchor(tenFive, 10, span(9, 35))).toBe(30 * minute)
    expect(anchor(tenFive, 10, span(9, 40))).toBe(30 * minute)
    expect(anchor(tenFive, 13, span(12, 40))).toBe(33 * minute)
    expect(anchor(tenFive, 10, [{ from: at(9), to: at(40) + 1 }])).toBe(40 * minute)
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

  it("is the run whose start has the oldest instant, also when the clock has been set back, and of several the first", () => {
    const first = (timeline: Timeline) => Deadline.next(timeline.check)
    const runs = Timeline.of(tenFive).start(5, "a").start(3, "b")
    expect(first(runs)).toMatchObject({ kind: "overrun", at: at(8), run: { rid: "b" } })
    expect(first(runs.start(3, "c"))).toMatchObject({ at: at(8), run: { rid: "b" } })
  })

  it("is a run when what was kept back is to be told at the same instant", () => {
    const timeline = Timeline.of(tenFive).silence(0, 6).fail(1).start(1)
    expect(kindAt(timeline)).toBe("overrun 6")
    expect(timeline.tick(6).told).toEqual(["6 down"])
    expect(kindAt(Timeline.of(tenFive).silence(0, 5.9).fail(1).start(1))).toBe("announcement 5.9")
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
