import type { Policy } from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import * as Limits from "@overdue/core/Limits"
import { minute } from "@overdue/core/Time"
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
    const far = Limits.stopSteps
    expect(late(timeline.success(3))).toBeGreaterThan(far)
    for (const silent of [timeline.success(3), timeline.start(3), timeline.fail(3)]) {
      expect(silent.deadline).toBeGreaterThan(far)
    }
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
