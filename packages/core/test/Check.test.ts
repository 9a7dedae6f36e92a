import * as Check from "@overdue/core/Check"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"

describe("a check that is made", () => {
  const given = { id: "c", project: "p", badgeKey: "b", createdAt: 5 }

  it("expects a signal every day, with an hour of grace, unless told otherwise", () => {
    const { policy } = Check.make(given)
    expect(policy).toMatchObject({ schedule: Every.make(day), grace: hour, runs: "every" })
    expect(policy.alert).toEqual({ failures: 1, outOf: 1, recoveries: 1 })
  })

  it("keeps what it was told, and has defaults for the rest", () => {
    const check = Check.make({ ...given, details: { name: "Backup" }, policy: { grace: minute } })
    expect(check.details).toEqual({ ...Check.noDetails, name: "Backup" })
    expect(check.policy).toEqual({ ...Check.defaultPolicy, grace: minute })
  })

  it("has heard nothing yet, and by its own defaults expects to hear from then on", () => {
    expect(Check.make(given).state).toMatchObject({
      status: "new",
      pings: 0,
      flips: 0,
      flippedAt: 5,
      anchor: 5,
      anchorIsSignal: false,
      deadline: 5 + day + hour,
    })
    const { anchor, deadline } = Check.make({ ...given, policy: Check.healthchecksPolicy }).state
    expect([anchor, deadline]).toEqual([undefined, undefined])
  })

  it("has its tags one by one", () => {
    expect(Check.tags(Check.make({ ...given, details: { tags: "  prod  db\tnightly " } }))).toEqual([
      "prod",
      "db",
      "nightly",
    ])
    expect(Check.tags(Check.make(given))).toEqual([])
  })
})
