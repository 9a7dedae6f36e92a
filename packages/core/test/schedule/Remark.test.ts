import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const after = Date.UTC(2026, 10, 26)
const remarks = (text: string): readonly string[] =>
  Schedule.remarks(Result.getOrThrow(Schedule.read(text, Zone.utc)), after).map(
    ({ code, text }) => `${code}: ${text}`,
  )

describe("a schedule that may not mean what it says", () => {
  it.each([
    [
      "*/45 * * * *",
      "uneven-step: Every 45 minutes begins anew with each hour, and the gap at the end of an hour is 15 minutes, not 45.",
    ],
    [
      "0-59 0/7 * * *",
      "uneven-step: Every 7 hours begins anew with each day, and the gap at the end of a day is 3 hours, not 7.",
    ],
    ["*/90 * * * *", "uneven-step: No second step of 90 fits in an hour, so only minute 0 matches."],
    ["0 */24 * * *", "uneven-step: No second step of 24 fits in a day, so only hour 0 matches."],
    [
      "0 0 */2 * *",
      "uneven-step: Every 2 days begins anew with each month, and the gap at the end of a month is not 2 days (after day 31 comes day 1).",
    ],
    [
      "0 0 1 */5 *",
      "uneven-step: Every 5 months begins anew with each year, and the gap at the end of a year is 2 months, not 5.",
    ],
    ["*:0/45", "uneven-step: Every 45 minutes begins anew with each hour"],
    ["00/5:00", "uneven-step: Every 5 hours begins anew with each day"],
    [
      "* 9 * * *",
      'every-minute: It is due 60 times in hour 9, in every minute. On the hour alone it is "0 9 …".',
    ],
    ["* 9,17 * * *", "every-minute: It is due 60 times in hour 9,17"],
    ["0 0 13 * 5", "either-day: A day matches when its date or its weekday does"],
    [
      "0 0 31 * *",
      "skips-months: It skips 5 months, which have no day 31. The last day of each month is written L.",
    ],
    ["0 0 31 1,4 *", "skips-months: It skips April, which has no day 31."],
    ["0 0 30 * *", "skips-months: It skips February, which has no day 30."],
    [
      "*-*-29",
      "skips-months: It skips February, which has no day 29, except in leap years. The last day of each month is written *-*~01.",
    ],
    ["0 0 29 2 *", "leap-years: February 29 comes in leap years only."],
    ["2020-01-01", "ended: It will never be due again: every time that it names is past."],
  ])("%j: %s", (text, remark) => {
    const found = remarks(text)
    expect(found).toHaveLength(1)
    expect(found[0]!.slice(0, remark.length)).toBe(remark)
  })

  it("is remarked on line by line", () => {
    expect(remarks("0 3 * * *\n\n*/45 9 31 * *").map((remark) => remark.slice(0, 24))).toEqual([
      "uneven-step: Line 2: Eve",
      "skips-months: Line 2: It",
    ])
    expect(remarks("*-*-31 UTC\nMon").map((remark) => remark.slice(0, 20))).toEqual(["skips-months: Line 1"])
  })
})

describe("a schedule that is not due any more", () => {
  const berlin = Result.getOrThrow(Zone.make("Europe/Berlin"))
  const now = Date.UTC(2026, 0, 1)
  const of = (text: string) =>
    Schedule.remarks(Result.getOrThrow(Schedule.parse(text, berlin)), now).map(
      ({ code, text }) => `${code}: ${text}`,
    )

  const ended = "ended: It will never be due again: every time that it names is past"
  it.each([
    ["whose times are past", "2020-01-01", `${ended}.`],
    ["of which one is past in its own zone", "2026-01-01 00:30", `${ended}.`],
    [
      "whose only time is jumped over",
      "2026-03-29 02:30",
      "never-due: It is never due: the clock jumps over every time that it names.",
    ],
    [
      "whose only time was jumped over",
      "2020-03-29 02:30",
      "never-due: It is never due: the clock jumps over every time that it names.",
    ],
    ["of which one was jumped over", "2020-03-28,29 02:30", `${ended}.`],
    ["whose last time will be jumped over", "2025,2026-03-29 02:30", `${ended}, or the clock jumps over it.`],
    [
      "of which another line will be jumped over in its own zone",
      "2020-01-01\n2026-03-08 02:30 America/New_York",
      `${ended}, or the clock jumps over it.`,
    ],
    [
      "on a day that is in no calendar",
      "2026-02-30",
      "never-due: It is never due: the calendar has no such day.",
    ],
    ["on another weekday", "Mon 2026-03-29", "never-due: It is never due: the calendar has no such day."],
  ])("%s is told why: %j", (_, text, remark) => {
    expect(of(text)).toEqual([remark])
  })

  it("is none that the clock only moves, or jumps over in some years", () => {
    expect(of("30 2 29 3 *")).toEqual([])
    expect(of("*-03-29 02:30")).toEqual([])
    expect(of("every 3650 days from 2026-03-29 02:30")).toEqual([])
  })
})

describe("a schedule that means what it says", () => {
  it.each([
    "*/15 * * * *",
    "1/7 * * * *",
    "0 */6 * * *",
    "0 0 1 */3 *",
    "* 9-17 * * *",
    "* * * * *",
    "0 3 1 * *",
    "0 0 L * *",
    "0 0 31,L * *",
    "0 0 28-31 * *",
    "0 0 31 1,3,5,7,8,10,12 *",
    "Mon *-*-13 10:00",
    "*-*~01",
    "daily",
    "every 2 days from 2026-01-05",
    "never",
  ])("%j is not remarked on", (text) => {
    expect(remarks(text)).toEqual([])
  })
})
