import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute, type Instant, type Span } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { holds } from "./spec/Law.ts"

const written = (text: string, zone = "UTC"): Schedule.Schedule =>
  Result.getOrThrow(Schedule.parse(text, Result.getOrThrow(Zone.make(zone))))

const schedule: fc.Arbitrary<Schedule.Schedule> = fc.oneof(
  fc.constantFrom(5 * minute, hour, day, 7 * day).map(Every.make),
  fc
    .tuple(
      fc.constantFrom(
        "0 3 * * *",
        "0 3 * * 0",
        "*/10 * * * *",
        "30 1 1 * *",
        "Mon..Fri 9:00",
        "0 9-17 * * 1-5",
      ),
      fc.constantFrom("UTC", "Europe/Riga", "America/New_York"),
    )
    .map(([text, zone]) => written(text, zone)),
)

const origin = Date.parse("2026-03-27T10:17:00Z")

/** A job that keeps to its schedule, also across an edit, and falls silent then. */
const edited = (before: Schedule.Schedule, after: Schedule.Schedule, slots: number, wait: Span) => {
  const policy = { ...Check.defaultPolicy, schedule: before }
  let check = Check.make({ id: "c", project: "p", badgeKey: "b", createdAt: origin, policy })
  let at: Instant = origin
  for (let n = 0; n < slots; n++) {
    at = Schedule.next(before, at)!
    check = Machine.step(check, { type: "success" }, at).check
  }
  // Nothing is overdue by the old schedule when it is changed.
  const now = Math.min(at + wait, (check.state.deadline ?? Infinity) - 1)
  check = Machine.step(check, { type: "configure", policy: { ...policy, schedule: after } }, now).check
  return { check, now }
}

describe("a schedule that is changed", () => {
  holds(
    15,
    "Under the `own` defaults, changing a schedule never turns a check down for a slot before the change.",
    fc.property(
      schedule,
      schedule,
      fc.nat({ max: 3 }),
      fc.nat({ max: 10_000 }).map((minutes) => minutes * minute),
      (before, after, slots, wait) => {
        fc.pre(!Check.isSameSchedule(before, after))
        const { check, now } = edited(before, after, slots, wait)
        const slot = Schedule.next(after, now)!
        const late = Machine.settled(check, slot + hour - 1)
        expect(late.state.status).toBe(check.state.status)
        expect(Machine.settled(check, slot + hour).state.status).toBe("down")
      },
    ),
    2_000,
  )

  it("is counted from the last signal where Healthchecks does so, and down at once when that is overdue", () => {
    const { check, now } = edited(written("0 3 * * 0"), written("0 3 * * 0"), 1, 3 * day)
    const policy = { ...check.policy, schedule: written("0 3 * * *") }
    const anchored = Machine.step(check, { type: "configure", policy, from: "anchor" }, now).check
    expect(Machine.settled(anchored, now).state.status).toBe("down")
    const anew = Machine.step(check, { type: "configure", policy, from: "now" }, now).check
    expect(Machine.settled(anew, now).state.status).toBe("up")
  })

  it("leaves the last signal to count from when only something else has changed", () => {
    const { check, now } = edited(written("0 3 * * *"), written("0 3 * * *"), 1, hour)
    const policy = { ...check.policy, grace: 2 * hour }
    const more = Machine.step(check, { type: "configure", policy }, now).check
    expect(more.state.anchor).toBe(check.state.anchor)
    const restarted = Machine.step(check, { type: "configure", policy, from: "now" }, now).check
    expect(restarted.state.anchor).toBe(now)
  })

  it("expects of the run that is going no second start, though it started early for the slot that comes now", () => {
    const policy = { ...Check.defaultPolicy, schedule: written("0 3 * * *"), maxRuntime: 6 * hour }
    const slot = Date.parse("2026-03-28T03:00:00Z")
    let check = Check.make({ id: "c", project: "p", badgeKey: "b", createdAt: origin, policy })
    check = Machine.step(check, { type: "success" }, slot - day).check
    check = Machine.step(check, { type: "start" }, slot - 30_000).check
    const changed = { ...policy, schedule: written("0 3,4 * * *") }
    check = Machine.step(check, { type: "configure", policy: changed }, slot - 10_000).check
    expect(Machine.settled(check, slot + hour + minute).state.status).toBe("up")
  })
})
