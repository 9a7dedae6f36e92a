import type { Policy } from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import { minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { at, every, minutesOf, Story } from "./Story.ts"

const tenFive = every(10, 5)
const kindAt = (story: Story) => {
  const due = Deadline.next(story.check, story.blind)
  return due === undefined ? undefined : `${due.kind} ${minutesOf(due.at)}`
}

describe("the next signal", () => {
  const expected = (story: Story) => minutesOf(Deadline.expectedAt(story.check, story.blind))

  it("is expected a period after the last one while up", () => {
    expect(expected(Story.of(tenFive).success(3))).toBe(13)
  })

  it("is not expected while new, down or paused", () => {
    expect(expected(Story.of(tenFive))).toBeUndefined()
    expect(expected(Story.of(tenFive).fail(3))).toBeUndefined()
    expect(expected(Story.of(tenFive).success(3).pause(4))).toBeUndefined()
    expect(
      expected(
        Story.of(every(10, 5, { startSatisfies: true }))
          .fail(3)
          .start(4),
      ),
    ).toBeUndefined()
    expect(
      expected(
        Story.of(every(10, 5, { startSatisfies: true }))
          .pause(3)
          .start(4),
      ),
    ).toBeUndefined()
  })

  it("is expected at the end of the stop in which its slot lies", () => {
    const quiet = [{ from: at(12), to: at(40) }]
    expect(expected(Story.of(every(10, 5, { quiet })).success(3))).toBe(40)
    expect(expected(Story.of(every(10, 5, { quiet })).success(0))).toBe(10)
    expect(expected(Story.of(tenFive, quiet).success(3))).toBe(40)
  })
})

describe("the next signal is overdue", () => {
  const late = (story: Story) => minutesOf(Deadline.lateAt(story.check, story.blind))

  it("when grace has passed since it was expected", () => {
    expect(late(Story.of(tenFive).success(3))).toBe(18)
  })

  it("never, while none is expected", () => {
    expect(late(Story.of(tenFive).start(3))).toBeUndefined()
  })

  it("never, when the clock stands still for good", () => {
    const always: Partial<Policy> = {
      quiet: [{ schedule: { kind: "every", period: minute }, duration: minute }],
    }
    const story = Story.of(every(10, 5, { ...always, remindEvery: minute }))
    expect(late(story.success(3))).toBeUndefined()
    for (const silent of [story.success(3), story.start(3), story.fail(3)]) {
      expect(Deadline.next(silent.check)).toBeUndefined()
      expect(silent.deadline).toBeUndefined()
    }
  })
})

describe("what happens first by itself", () => {
  it("is nothing while new, down and paused", () => {
    expect(kindAt(Story.of(tenFive))).toBeUndefined()
    expect(kindAt(Story.of(tenFive).fail(0))).toBeUndefined()
    expect(kindAt(Story.of(tenFive).success(0).pause(1))).toBeUndefined()
  })

  it("is the missed slot when runs may take longer than that", () => {
    expect(kindAt(Story.of(tenFive).success(0))).toBe("late 15")
    expect(kindAt(Story.of(tenFive).success(0).start(12))).toBe("late 15")
  })

  it("names the slot, not the end of the stop in which it lies", () => {
    const quiet = [{ from: at(9), to: at(40) }]
    const story = Story.of(every(10, 5, { quiet })).success(0)
    expect(Deadline.next(story.check)).toEqual({ kind: "late", at: at(45), slot: at(10) })
  })

  it("is the run that overruns first", () => {
    const story = Story.of(tenFive).success(0).start(1, "a").start(2, "b")
    expect(Deadline.next(story.check)).toMatchObject({ kind: "overrun", at: at(6), run: { rid: "a" } })
    expect(Deadline.next(story.tick(6).check)).toMatchObject({
      kind: "overrun",
      at: at(7),
      run: { rid: "b" },
    })
    expect(kindAt(story.tick(7))).toBeUndefined()
  })

  it("is the missed slot when a run overruns at the same instant, and then the run", () => {
    const story = Story.of(every(10, 5, { alert: { failures: 2, outOf: 2, recoveries: 1 } }))
      .success(0)
      .start(10)
    expect(kindAt(story)).toBe("late 15")
    expect(story.tick(15).flips.at(-1)).toBe("15 up→down overran")
  })

  it("is a run when a reminder falls on the same instant", () => {
    const story = Story.of(every(10, 5, { remindEvery: 6 * minute }))
      .fail(0)
      .start(1)
    expect(kindAt(story)).toBe("overrun 6")
    expect(story.tick(6).reminders).toEqual([6])
  })

  it("is the reminder while down and nothing else is open", () => {
    expect(kindAt(Story.of(every(10, 5, { remindEvery: 7 * minute })).fail(0))).toBe("reminder 7")
  })
})
