/** Which policies are refused, and what is remarked on about others. */
import * as Policy from "@overdue/core/Policy"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute, second } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Never from "@overdue/core/schedule/Never"
import { describe, expect, it } from "vitest"

const at = Date.UTC(2026, 0, 5)
const expression = (text: string, zone = "UTC"): Schedule.Schedule =>
  Result.getOrThrow(Schedule.parse(text, Result.getOrThrow(Zone.make(zone))))
const policy = (given: Partial<Policy.Policy>): Policy.Policy => ({ ...Policy.defaultPolicy, ...given })
const window = (text: string, duration: number, zone?: string): Policy.QuietWindow => ({
  schedule: expression(text, zone),
  duration,
})

describe("a policy that cannot mean anything is refused", () => {
  it.each<readonly [string, Partial<Policy.Policy>]>([
    ["minRuntime", { minRuntime: hour, maxRuntime: hour }],
    ["minRuntime", { minRuntime: 2 * hour }],
    ["minRuntime", { minRuntime: 1, grace: 0 }],
    ["schedule", { schedule: expression("*-02-30") }],
    ["schedule", { schedule: expression("1999-01-01", "Europe/Riga") }],
    ["alert.failures", { alert: { failures: 0, outOf: 1, recoveries: 1 } }],
    ["alert.failures", { alert: { failures: Number.NaN, outOf: 1, recoveries: 1 } }],
    ["alert.outOf", { alert: { failures: 3, outOf: 2, recoveries: 1 } }],
    ["alert.outOf", { alert: { failures: 3, outOf: 33, recoveries: 1 } }],
    ["alert.recoveries", { alert: { failures: 1, outOf: 1, recoveries: 1.5 } }],
    ["quiet", { quiet: [window("* * * * *", minute)] }],
    ["quiet", { quiet: [window("0 0 * * *", 24 * hour, "Europe/Riga")] }],
    ["quiet", { quiet: [{ schedule: Every.make(90 * second), duration: 90 * second }] }],
    ["quiet", { quiet: [window("0 0 * * *", 12 * hour), window("0 12 * * *", 12 * hour)] }],
    ["quiet", { quiet: [window("* 9-17 * * 1-5", minute)] }],
    ["quiet", { quiet: [window("*/30 * * * *", minute), window("5-55/10 6-20 * * *", minute)] }],
    ["quiet", { quiet: [window("*/15 * 1-31 * *", 15 * minute)] }],
    ["quiet", { quiet: [window("0 0 * * 1-5", day), window("0 0 * * 6", 2 * day)] }],
  ])("for its %s: %j", (field, given) => {
    expect(Policy.refusal(policy(given))).toMatchObject({ field })
  })

  it("with a sentence that says what to write for a window in many pieces", () => {
    expect(Policy.refusal(policy({ quiet: [window("* 9-17 * * 1-5", minute)] }))?.expected).toBe(
      "windows that open at most 96 times a day, not 540: write one that stays open longer for many short ones in a " +
        "row, such as 0 22 * * * for 8 hours",
    )
  })

  it("with a sentence that says what is allowed", () => {
    expect(Policy.refusal(policy({ minRuntime: 2 * hour }))?.expected).toBe(
      "less than the 1 hour that a run may take, which is the grace as long as nothing else is said",
    )
  })
})

describe("a policy that means something is accepted", () => {
  it.each<readonly [string, Partial<Policy.Policy>]>([
    ["the defaults", {}],
    ["those of Healthchecks", Policy.healthchecksPolicy],
    ["a run that may take for ever, and must take long", { minRuntime: day, maxRuntime: "never" }],
    ["a date that is past", { schedule: expression("2020-01-01") }],
    ["a window once, however long", { quiet: [{ from: 0, to: 100 * 365 * day }] }],
    ["nights", { quiet: [window("0 22 * * *", 8 * hour, "Europe/Berlin")] }],
    ["all days but one", { quiet: [window("*/15 * * * 1-6", 15 * minute)] }],
    ["all days but the first of a month", { quiet: [window("0 0 2-31 * *", day)] }],
    ["all months but one", { quiet: [window("0 0 * 1-6,8-12 *", day)] }],
    [
      "days and nights that leave a minute",
      { quiet: [window("0 0 * * *", 12 * hour), window("1 12 * * *", 12 * hour)] },
    ],
    ["weekdays and half of the weekend", { quiet: [window("0 0 * * 1-5", day), window("0 0 * * 6", day)] }],
    ["a window that has ended", { quiet: [{ schedule: expression("2020-01-01"), duration: day }] }],
  ])("%s", (_, given) => {
    expect(Policy.refusal(policy(given))).toBeUndefined()
  })
})

it("windows that open every minute for a year are refused in time, sixteen of them too", () => {
  const quiet = Array.from({ length: 16 }, (_, n) => window(`${n} * * * *`, 365 * day, "Europe/Berlin"))
  const begun = performance.now()
  expect(Policy.refusal(policy({ quiet }))).toMatchObject({ field: "quiet" })
  expect(Policy.refusal(policy({ quiet: [window("* * * * *", 365 * day)] }))).toMatchObject({
    field: "quiet",
  })
  expect(performance.now() - begun).toBeLessThan(2000)
})

describe("a remark", () => {
  it("says that a limit is never passed, or by every report", () => {
    const codes = (text: string): readonly string[] => {
      const probe = Result.getOrThrow(Threshold.parse(`${text} on 0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60`))
      return Policy.remarks(policy({ probe, schedule: Never.never }), at).map(({ code }) => code)
    }
    const never = ["cpu > 190", "cpu > 100", "memory >= 101", "swap < 0", "disk /a b > 100", "load1 < 0"]
    for (const text of never) expect([text, codes(text)]).toEqual([text, ["never-passed"]])
    for (const text of ["cpu >= 0", "cpu <= 100", "cpu < 101", "load5 >= 0"])
      expect([text, codes(text)]).toEqual([text, ["always-passed"]])
    for (const text of ["cpu > 99.9", "cpu >= 100", "cpu > 0", "cpu <= 0", "load1 > 190", "disk / < 100"])
      expect([text, codes(text)]).toEqual([text, []])
  })

  it("is none on the grace of a server, which is chosen for it", () => {
    const given = policy({ schedule: Every.make(minute / 6), grace: minute })
    expect(Policy.remarks(given, at, { isServer: true })).toEqual([])
    expect(Policy.remarks(given, at, { isServer: false })).toMatchObject([{ code: "grace-exceeds-gap" }])
  })

  const codes = (given: Partial<Policy.Policy>): readonly string[] =>
    Policy.remarks(policy(given), at).map(({ code }) => code)

  it.each<readonly [readonly string[], string, Partial<Policy.Policy>]>([
    [[], "the defaults", {}],
    [[], "those of Healthchecks", Policy.healthchecksPolicy],
    [["grace-exceeds-gap"], "a grace beyond the period", { schedule: Every.make(5 * minute) }],
    [[], "a grace as long as the period", { schedule: Every.make(hour) }],
    [
      ["grace-exceeds-gap"],
      "a grace beyond the shortest gap",
      { schedule: expression("0 9,17 * * *"), grace: 9 * hour },
    ],
    [["late-before-overrun"], "runs beyond grace", { startSatisfies: false, maxRuntime: 2 * hour }],
    [["late-before-overrun"], "runs for ever", { startSatisfies: false, maxRuntime: "never" }],
    [[], "runs beyond grace that begin in time", { maxRuntime: 2 * hour }],
    [
      ["slots-in-quiet"],
      "weekends",
      { schedule: expression("0 3 * * *"), quiet: [window("0 0 * * 6", 2 * day)] },
    ],
    [[], "another time of day", { schedule: expression("0 3 * * *"), quiet: [window("0 4 * * *", hour)] }],
    [
      ["always-quiet"],
      "its own time of day",
      { schedule: expression("0 3 * * *"), quiet: [window("0 2 * * *", 2 * hour)] },
    ],
    [
      ["always-quiet"],
      "a window of the whole coming year, and not of the grace beyond its period",
      { schedule: Every.make(5 * minute), quiet: [{ from: 0, to: Date.UTC(2190, 0) }] },
    ],
    [[], "a window of less than a year", { quiet: [{ from: 0, to: at + 365 * day }] }],
    [["window-past"], "a window that ends now", { quiet: [{ from: 0, to: at }] }],
    [[], "a window that ends later", { quiet: [{ from: 0, to: at + 1 }] }],
    [
      ["early-exceeds-gap"],
      "a quarter of the gap",
      { schedule: expression("0 * * * *"), early: 15 * minute },
    ],
    [[], "less than that", { schedule: expression("0 * * * *"), early: 15 * minute - 1 }],
    [["ended"], "a date that is past", { schedule: expression("2025-06-01") }],
  ])("%j is made of %s", (expected, _, given) => {
    expect(codes(given)).toEqual(expected)
  })

  it("is sentences that name the figures", () => {
    const nightly = policy({
      schedule: expression("0 3 * * *", "Europe/Riga"),
      quiet: [window("0 0 * * 6", day, "Europe/Riga")],
    })
    expect(Policy.remarks(nightly, at).map(({ text }) => text)).toEqual([
      "4 of the next 31 slots lie in a quiet window of the check itself, the first at " +
        "2026-01-10 03:00 Europe/Riga: nothing is expected then.",
    ])
    const once = policy({ quiet: [{ from: 0, to: Date.UTC(2026, 0, 2) }] })
    expect(Policy.remarks(once, at).map(({ text }) => text)).toEqual([
      "The quiet window to 2026-01-02 00:00 UTC is past; nothing is quiet by it any more. Remove it, or correct its dates.",
    ])
  })
})
