import type { Policy } from "@overdue/core/Check"
import * as Failures from "@overdue/core/machine/Failures"
import * as Schedule from "@overdue/core/Schedule"
import { minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import { at, every, Timeline } from "../Timeline.ts"

const tenFive = Timeline.of(every(10, 5)).check.policy
/** Slots at :00 of each hour; a signal may come twenty minutes early. */
const hourly: Policy = {
  ...tenFive,
  schedule: Result.getOrThrow(Schedule.parse("0 * * * *", Zone.utc)),
  early: 20 * minute,
}
const reported = (minutes: number, rid?: string, closesOverran = false): Failures.Report => ({
  at: at(minutes),
  rid,
  closesOverran,
})

describe("the newest failure", () => {
  it("is of one kind after each first one", () => {
    expect(Failures.miss(undefined, at(10), at(10)).failure).toStrictEqual({
      missed: at(10),
      at: undefined,
      rid: undefined,
      isReported: false,
    })
    expect(Failures.overrun(undefined, tenFive, at(10)).failure).toStrictEqual({
      missed: undefined,
      at: at(10),
      rid: undefined,
      isReported: false,
    })
    expect(Failures.report(undefined, tenFive, reported(10, "a")).failure).toStrictEqual({
      missed: undefined,
      at: at(10),
      rid: "a",
      isReported: true,
    })
  })

  it("is of no run any more when the run of its id starts again, and nothing else of it changes", () => {
    const { failure } = Failures.report(
      Failures.miss(undefined, at(10), at(10)).failure,
      tenFive,
      reported(16, "a"),
    )
    expect(Failures.restarted(failure, "a")).toStrictEqual({ ...failure, rid: undefined })
    expect(Failures.restarted(failure, "b")).toBe(failure)
    expect(Failures.restarted(failure, undefined)).toBe(failure)
    expect(Failures.restarted(undefined, undefined)).toBeUndefined()
  })
})

describe("a failure that is reported after a missed slot", () => {
  const missed = Failures.miss(undefined, at(10), at(10)).failure

  it("is that miss once, before the next slot", () => {
    const first = Failures.report(missed, tenFive, reported(16, "a"))
    expect(first.isNew).toBe(false)
    expect(Failures.report(first.failure, tenFive, reported(17, "b")).isNew).toBe(true)
    expect(Failures.report(missed, tenFive, reported(20, "a")).isNew).toBe(true)
  })

  it("is another one when it comes early for the next slot", () => {
    const { failure } = Failures.miss(undefined, at(60), at(60))
    expect(Failures.report(failure, hourly, reported(70)).isNew).toBe(false)
    expect(Failures.report(failure, hourly, reported(110)).isNew).toBe(true)
  })

  it("is another one from the slot on that follows a blind span, however close that is to the span", () => {
    // Nobody was awake for the slots at one and two hours, until shortly before the third.
    const { failure } = Failures.miss(undefined, at(60), at(170) - 1)
    expect(Failures.overrun(failure, hourly, at(175)).isNew).toBe(false)
    expect(Failures.overrun(failure, hourly, at(180)).isNew).toBe(true)
    expect(Failures.report(failure, hourly, reported(175)).isNew).toBe(true)
  })
})
