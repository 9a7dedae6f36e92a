import * as OnCalendar from "@overdue/core/schedule/OnCalendar"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const zone = (name: string): Zone.Zone => Result.getOrThrow(Zone.make(name))
const parse = (text: string, name = "UTC"): OnCalendar.OnCalendar =>
  Result.getOrThrow(OnCalendar.parse(text, zone(name)))

const after = (schedule: OnCalendar.OnCalendar, instant: string, count: number): ReadonlyArray<string> => {
  const found: Array<string> = []
  let at: number | undefined = Date.parse(instant)
  while (found.length < count) {
    at = OnCalendar.next(schedule, at)
    if (at === undefined) return [...found, "end"]
    found.push(new Date(at).toISOString().slice(0, 19))
  }
  return found
}

describe("where the clock changes in Riga", () => {
  it.each([
    ["a time in the gap is skipped", "3:30", "2021-03-27T12:00:00Z", ["2021-03-29T00:30:00"]],
    [
      "a time in the overlap comes once",
      "3:30",
      "2021-10-30T12:00:00Z",
      ["2021-10-31T00:30:00", "2021-11-01T01:30:00"],
    ],
    [
      "wildcards skip the second pass",
      "minutely",
      "2021-10-31T00:58:00Z",
      ["2021-10-31T00:59:00", "2021-10-31T02:00:00"],
    ],
    ["nothing comes from the past", "minutely", "2021-10-31T01:20:00Z", ["2021-10-31T02:00:00"]],
  ])("%s", (_, text, instant, expected) => {
    expect(after(parse(text, "Europe/Riga"), instant, expected.length)).toEqual(expected)
  })
})

describe("a time that only gaps have", () => {
  it("never comes, and that is known at once", () => {
    const schedule = parse("Sun *-03-08..14 2:30", "America/New_York")
    expect(after(schedule, "2006-01-01T00:00:00Z", 3)).toEqual(["2006-03-12T07:30:00", "end"])
  })
})

describe("several lines", () => {
  it("are one schedule, in order and without repetition, each in its own zone", () => {
    const schedule = parse("*:00 UTC\n*:30 UTC\n*:0/30 Europe/Riga", "Europe/Riga")
    expect(after(schedule, "2021-10-30T23:10:00Z", 5)).toEqual([
      "2021-10-30T23:30:00",
      "2021-10-31T00:00:00",
      "2021-10-31T00:30:00",
      "2021-10-31T01:00:00",
      "2021-10-31T01:30:00",
    ])
  })

  it("end when all have ended", () => {
    expect(after(parse("2024-01-01\r\n2024-01-03 10:00"), "2023-01-01T00:00:00Z", 3)).toEqual([
      "2024-01-01T00:00:00",
      "2024-01-03T10:00:00",
      "end",
    ])
  })
})

describe("the calendar", () => {
  it("begins in 1970 and ends with 2199, in the line's zone", () => {
    expect(after(parse("daily"), "1900-01-01T00:00:00Z", 1)).toEqual(["1970-01-01T00:00:00"])
    expect(after(parse("*-12-31 23:00", "America/New_York"), "2199-06-01T00:00:00Z", 2)).toEqual([
      "2200-01-01T04:00:00",
      "end",
    ])
  })

  it.each([NaN, Infinity, -Infinity, 1e300])("has nothing after %d", (instant) => {
    expect(OnCalendar.next(parse("daily"), instant)).toBeUndefined()
  })
})

describe("what may be typed", () => {
  it.each([
    ["minutely", "*-*-* *:*:00"],
    ["HOURLY", "*-*-* *:00:00"],
    ["weekly Europe/Riga", "Mon *-*-* 00:00:00 Europe/Riga"],
    ["quarterly", "*-01/3-01 00:00:00"],
    ["  Mon..Fri   10:00 ", "Mon..Fri *-*-* 10:00:00"],
    ["mon-wed,SUNDAY,, 1:2:3", "Mon..Wed,Sun *-*-* 01:02:03"],
    ["12-25", "*-12-25 00:00:00"],
    ["99..01-*-*", "1999..2001-*-* 00:00:00"],
    ["*:0/15", "*-*-* *:00/15:00"],
    ["5..5/10:0", "*-*-* 05,15:00:00"],
    ["23/6:0", "*-*-* 23:00:00"],
    ["*-*~1", "*-*~01 00:00:00"],
    ["02~03", "*-02~03 00:00:00"],
    ["*-*~25..31", "*-*~25..31 00:00:00"],
    ["*-*~30..30", "*-*~30..30 00:00:00"],
    ["*-*~1..4/2", "*-*~02,04 00:00:00"],
    ["*-*~7/1", "*-*~01..07 00:00:00"],
    ["*-*~*", "*-*-* 00:00:00"],
    ["10:00 EST", "*-*-* 10:00:00 EST"],
    ["daily\nmonthly UTC", "*-*-* 00:00:00\n*-*-01 00:00:00 UTC"],
  ])("%j is %j", (text, printed) => {
    expect(OnCalendar.print(parse(text))).toBe(printed)
  })

  it("counts days from the end of each month", () => {
    expect(after(parse("*-*~1"), "2024-01-30T12:00:00Z", 3)).toEqual([
      "2024-01-31T00:00:00",
      "2024-02-29T00:00:00",
      "2024-03-31T00:00:00",
    ])
  })
})

describe("what is refused", () => {
  it.each([
    ["Sat..Mon 10:00", "day-of-week", "Sat..Mon", 0, "the week begins on Monday"],
    ["Tues 10:00", "day-of-week", "Tues", 0, "full English names"],
    ["Mon,,Tue", "day-of-week", "", 4, "lists"],
    ["Mon..", "day-of-week", "Mon..", 0, "ranges"],
    ["* 10:00", "day-of-week", "*", 0, "Mon to Sun"],
    ["Mon, Tue 10:00", "expression", "Mon, Tue 10:00", 0, "a list has no spaces"],
    ["10:00 2024-01-01", "time", "10:00", 0, "after the date"],
    ["25:00", "hour", "25", 0, "0-23"],
    ["*/2:00", "hour", "*", 0, "* alone"],
    ["22..3:00", "hour", "22..3", 0, "22..23,0..3"],
    ["12:34:56.5", "second", "56.5", 6, "whole seconds"],
    ["1:2:3:4", "time", "1:2:3:4", 0, "hour:minute"],
    ["*:0/0", "minute", "0", 4, "1 or more"],
    ["1969-1-1", "year", "1969", 0, "1970-2199"],
    ["2030..2020-1-1", "year", "2030..2020", 0, "2020 is before 2030"],
    ["*-13-01", "month", "13", 2, "1-12"],
    ["*-jan-01", "month", "jan", 2, "1-12"],
    ["*-*~29", "day-of-month", "29", 4, "1-28"],
    ["1-2-3-4", "date", "1-2-3-4", 0, "year-month-day"],
    ["*-*~~1", "day-of-month", "~1", 4, "1-31"],
    ["utc", "day-of-week", "utc", 0, "Mon to Sun"],
    ["UTC", "day-of-week", "UTC", 0, "Mon to Sun"],
    ["10:00 EEST", "zone", "EEST", 6, "IANA"],
    ["10:00 europe/riga", "zone", "europe/riga", 6, "Europe/Riga"],
    ["10:00 +02:00", "time", "10:00", 0, "one time"],
    ["12:34\tEurope/Riga", "zone", "Europe/Riga", 6, "a space before the zone"],
    ["anually", "day-of-week", "anually", 0, "Mon to Sun"],
    ["", "expression", "", 0, "not empty"],
    ["daily\n\nweekly", "expression", "", 6, "not empty"],
    ["daily\n 25:00", "hour", "25", 7, "0-23"],
    ["٣:00", "hour", "٣", 0, "0-23"],
  ])("%j: the %s %j at %d", (text, field, part, offset, expected) => {
    const error = Result.getOrThrow(Result.flip(OnCalendar.parse(text, Zone.utc)))
    expect(error).toMatchObject({ field, part, offset })
    expect(error.expected).toContain(expected)
  })
})

describe("an explanation", () => {
  it.each([
    ["Mon..Fri 5:15", "at 05:15 on weekdays, Europe/Riga; skipped when the clock jumps over it"],
    [
      "*-*~1 5:15",
      "at 05:15 on the last day of the month, Europe/Riga; skipped when the clock jumps over it",
    ],
    [
      "*-02~01..03",
      "at 00:00 on the last 3 days of February, Europe/Riga; skipped when the clock jumps over it",
    ],
    ["*-*~03..05 UTC", "at 00:00 on the 5th to the 3rd last day of the month, UTC"],
    ["2025..2027-1-1 UTC", "at 00:00 on the 1st of January in 2025 to 2027, UTC"],
    ["2024/4-2-29 UTC", "at 00:00 on the 29th of February every 4th year from 2024 to 2196, UTC"],
    [
      "8:00\n9:00:30 Asia/Tokyo",
      "at 08:00 every day, Europe/Riga; and at 09:00:30 every day, Asia/Tokyo; skipped when the clock jumps over it",
    ],
  ])("of %j is %j", (text, sentence) => {
    expect(OnCalendar.explain(parse(text, "Europe/Riga"))).toBe(sentence)
  })
})

describe("a warning", () => {
  it("is given for each line in its own zone, in order", () => {
    const schedule = parse("3:30\n2:30 America/New_York", "Europe/Riga")
    expect(
      OnCalendar.warnings(schedule, Date.parse("2021-03-01T00:00:00Z")).map(({ message }) => message),
    ).toEqual([
      "The clock in America/New_York jumps from 02:00 to 03:00 on 2021-03-14, over 02:30: it is skipped",
      "The clock in Europe/Riga jumps from 03:00 to 04:00 on 2021-03-28, over 03:30: it is skipped",
      "The clock in Europe/Riga goes back from 04:00 to 03:00 on 2021-10-31 and shows 03:30 twice: it is due the first time only",
    ])
  })
})
