import * as Check from "@overdue/core/Check"
import * as Deadline from "@overdue/core/Deadline"
import * as Every from "@overdue/core/schedule/Every"
import * as Machine from "@overdue/core/Machine"
import * as Steps from "@overdue/core/Steps"
import { day, hour, minute, type Instant, type Span } from "@overdue/core/Time"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"

/** A span that the clock has leapt over. */
const leapt = (from: Instant, to: Instant) => ({ from, to, isStep: true }) as const

const policy: Partial<Check.Policy> = {
  ...Check.defaultPolicy,
  schedule: Every.make(hour),
  grace: 5 * minute,
  remindEvery: 2 * hour,
}
const made = Check.make({ id: "backup", project: "home", badgeKey: "badge", createdAt: 0, policy })
const after = (check: Check.Check, type: "success" | "start" | "fail", at: Instant) =>
  Machine.step(check, { type }, at).check

describe("a step of the clock", () => {
  it("moves what was counted from before, and nothing that came after it", () => {
    const blind = [leapt(hour, day)]
    for (const at of [-day, 0, hour - 1]) expect(Steps.moved(at, blind)).toBe(at + day - hour)
    expect([day, 2 * day].map((at) => Steps.moved(at, blind))).toEqual([day, 2 * day])
  })

  it("counts once, though several nodes have leapt one soon after the other", () => {
    const blind = [leapt(hour + 200, day + 200), leapt(hour, day), leapt(2 * day, 3 * day)]
    expect(Steps.moved(0, blind)).toBe(day + 200 - hour + day)
  })

  it("keeps back a deadline, a run and a reminder for as long as it is, and no cron slot is missed in it", () => {
    const up = after(made, "success", 0)
    const running = after(up, "start", minute)
    const down = after(up, "fail", minute)
    const blind = [leapt(2 * minute, day)]
    const by = day - 2 * minute
    expect(Deadline.lateAt(up, blind)).toBe(hour + 5 * minute + by)
    expect(Deadline.overrunAt(running.policy, running.state.runs[0]!, blind)).toBe(6 * minute + by)
    expect(Deadline.next(down, blind)).toEqual({ kind: "reminder", at: minute + 2 * hour + by })
    const missed = Machine.step(up, { type: "tick" }, 2 * day, blind).flips
    expect(missed).toMatchObject([{ at: hour + 5 * minute + by, reason: "missed", blind: false }])
  })

  it("that is taken back leaves nothing, in parts or at once", () => {
    const step = fc.integer({ min: 2, max: day })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 4 }), fc.array(step), (forward, back) => {
        let now = 0
        let blind: Deadline.Blind = [{ from: -5, to: -1 }]
        let ahead: Span = 0
        for (const by of forward) {
          now += by + minute
          ahead += by
          blind = Steps.after(blind, now, by).blind
        }
        for (const by of back) {
          now += minute - by
          const taken = Steps.after(blind, now, -by)
          blind = taken.blind
          expect(taken.rest).toBe(Math.min(0, ahead - by))
          ahead = Math.max(0, ahead - by)
          expect(Steps.moved(-10, blind)).toBe(ahead - 10)
        }
        expect(Steps.without(blind)).toEqual([{ from: -5, to: -1 }])
      }),
    )
  })
})
