import * as Schedule from "@overdue/core/Schedule"
import type { ScheduleError } from "@overdue/core/schedule/ScheduleError"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const refused = (text: string, reading: typeof Schedule.read = Schedule.read): ScheduleError =>
  Result.getOrThrow(Result.flip(reading(text, Zone.utc)))

describe("a text that Healthchecks refuses", () => {
  // Where no error speaks of cron, people look for the mistake in the wrong language.
  it.each([
    "@daily",
    "0 30 3 * * *",
    "0 0 12 ? * MON-FRI",
    "CRON_TZ=Europe/Berlin 0 4 * * *",
    "*/5 * * * * /usr/bin/backup",
    "0 12 * * *\n30 17 * * *",
  ])("is answered with five cron fields: %j", (text) => {
    expect(refused(text, Schedule.validate).expected).toMatch(/^five cron fields \(.+?\); ./)
  })

  it.each([
    ["@daily", '@daily is a nickname of cron, which is not accepted here: write "0 0 * * *" instead'],
    [
      "0 12 * * *\n30 25 * * *",
      "these are 2 cron lines, and one is accepted here: give each a check of its own",
    ],
    ["every week from 2026-01-05 09:00", "an interval is not accepted here"],
    ["never", '"never" is not accepted here: leave the schedule out'],
    ["R/2024-01-01T00:00:00Z/P1D", "this is an ISO 8601 repeating interval: write it in cron"],
  ])("is offered only what that reads: %j", (text, said) => {
    expect(refused(text, Schedule.validate).expected).toContain(said)
  })

  it("is one with a nickname for the management API, too", () => {
    expect(refused("@weekly", Schedule.readExact)).toMatchObject({
      field: "expression",
      rewritten: "0 0 * * 0",
    })
  })
})

describe("a text of another dialect is rewritten", () => {
  it.each([
    // Quartz and EventBridge count weekdays from 1, which is Sunday.
    ["0 0 12 ? * 2-6", "0 12 * * 1-5"],
    ["0 0 12 ? * 1,7", "0 12 * * 0,6"],
    ["0 0 12 ? * 7-1", "0 12 * * 6,0"],
    ["0 0 12 ? * FRI-MON", "0 12 * * 5,6,0,1"],
    ["0 0 12 ? * MON-FRI", "0 12 * * MON-FRI"],
    ["0 0 12 ? * 2/2", "0 12 * * 1,3,5"],
    ["0 0 12 ? * L", "0 12 * * 6"],
    ["0 0 12 ? * FRIL", "0 12 * * 5L"],
    ["0 0 12 ? * 6#3", "0 12 * * 5#3"],
    ["0 0/5 14 * * ?", "*/5 14 * * *"],
    ["0 0 12 LW * ? *", "0 12 LW * *"],
    ["cron(0 12 ? * 2 *)", "0 12 * * 1"],
    ["cron(0 3 * * *)", "0 3 * * *"],
    ["0 0 3 * * 1", "0 3 * * 1"],
    ["0 3 * * *    root /usr/bin/x", "0 3 * * *"],
    ["@daily /usr/bin/x", "0 0 * * *"],
    ["0 3 * * * . /etc/profile; backup", "0 3 * * *"],
    ["# nightly\n0 3 * * * /usr/bin/x", "0 3 * * *"],
    ["0 0 * * monday-friday", "0 0 * * MON-FRI"],
    ["0 0 * Sept *", "0 0 * SEP *"],
    ["0 9.5 * * *", "30 9 * * *"],
    ["0 0 22-4 * * ?", "0 22-23,0-4 * * *"],
    ["at(2026-12-01T00:00:00)", "2026-12-01 00:00:00"],
    ["0 3 ? * MON", "0 3 * * MON"],
    ["every monday at 9 pm", "0 21 * * 1"],
    ["weekdays at 9:30", "30 9 * * 1-5"],
    ["every day at 12am", "0 0 * * *"],
    ["Mon-Fri 10:00 PM", "Mon-Fri 22:00"],
    ["2026-11-27T03:00:00+02:00", "2026-11-27 01:00:00 UTC"],
    ["@1700000000", "2023-11-14 22:13:20 UTC"],
    ["bi-annually", "semiannually"],
    ["- cron: '0 3 * * *'", "0 3 * * *"],
    ["0 3 * * 1, 3", "0 3 * * 1,3"],
    ["Mon, Tue 10:00", "Mon,Tue 10:00"],
    ["0 3 * * １", "0 3 * * 1"],
    ["\ufeff0 3 * * *\u200b", "0 3 * * *"],
    ["0\u0000 3 * * *", "0 3 * * *"],
  ])("%j is %j", (text, rewritten) => {
    const error = refused(text)
    expect(error.rewritten).toBe(rewritten)
    expect(error.rewrittenZone).toBeUndefined()
    expect(error.expected).toContain(`write "${rewritten}" instead`)
  })

  it.each([
    ["CRON_TZ=US/Pacific 0 3 * * *", "0 3 * * *", "America/Los_Angeles"],
    ["TZ=Europe/Riga @daily", "0 0 * * *", "Europe/Riga"],
    ["MAILTO=root\nCRON_TZ=Europe/Berlin\n0 3 * * * /usr/bin/x", "0 3 * * *", "Europe/Berlin"],
    ["0 4 * * * Europe/Kiev", "0 4 * * *", "Europe/Kyiv"],
    ["R/2024-01-01T02:00:00+02:00/P2W", "every 2 weeks from 2024-01-01 00:00:00", "UTC"],
  ])("in a zone of its own: %j", (text, rewritten, rewrittenZone) => {
    expect(refused(text)).toMatchObject({ rewritten, rewrittenZone })
  })
})

describe("a text of another dialect is not rewritten", () => {
  it.each([
    [
      "where two readings are possible",
      "0 3 * * * *",
      'with seconds in front it is "3 * * * *"; with a year at the end it is "0 3 * * *"',
    ],
    [
      "where two days are restricted",
      "0 0 12 1 * MON",
      "leave out the first field; mind that here a day matches",
    ],
    ["where a weekday may be that of Quartz", "0 3 ? * 2", "write * in its place, and check the weekday"],
    [
      "where it has seconds",
      "59 59 9 * * *",
      'cron here has no seconds; in OnCalendar it is "*-*-* 09:59:59"',
    ],
    [
      "where it has seconds of some weekdays",
      "30 0 12 ? * MON-FRI",
      'in OnCalendar it is "Mon..Fri *-*-* 12:00:30"',
    ],
    [
      "where it has a year",
      "0 0 12 1 1 ? 2030",
      'cron has no year; in OnCalendar it is "2030-01-01 12:00:00"',
    ],
    ["where it counts days from the end", "0 0 12 L-3 * ?", 'in OnCalendar it is "*-*~04 12:00:00"'],
    ["where it has days near a date", "0 0 12 15W * ?", "there is no 15W"],
    ["where it hashes", "H(0-29)/10 * * * *", "H is syntax of Jenkins"],
    [
      "where a zone is none",
      "0 4 * * * PST",
      '"PST" is no zone name: write an IANA time zone name: America/Los_Angeles',
    ],
    [
      "where a zone stands before six fields",
      "TZ=UTC 0 3 4 * * *",
      "give the five fields alone, and the zone UTC",
    ],
    ["where it is a period", "@every 1h30m", "set it as the period of the check (`timeout`, 5400 seconds)"],
    [
      "where it is a period of a strange length",
      "rate(soon)",
      "set it as the period of the check (`timeout`)",
    ],
    ["where it is no time", "@reboot", "@reboot is an event and no time"],
    ["where no such nickname is known", "@fortnightly", "those are @hourly, @daily"],
    [
      "where a field is missing",
      "0 3 * *",
      'this has four fields: add the one that is missing; with any weekday it is "0 3 * * *"',
    ],
    ["where hour 24 belongs to another day", "30 24 1 * *", "write 0, the midnight before a day"],
    [
      "where an interval has no date",
      "every other monday",
      "an interval is written as every N days from YYYY-MM-DD",
    ],
    [
      "where an instant is past",
      "1999-11-27T03:00:00Z",
      "it would have to be a time of the years 2000 to 2199",
    ],
    [
      "where a date is none",
      "2026-02-30T03:00:00Z",
      "it would have to be a time of the years 2000 to 2199 that there is",
    ],
    ["where a rule is of days", "FREQ=DAILY;BYHOUR=7", 'in cron, "0 9 * * *" is every day at 09:00'],
    ["where a rule is of months", "RRULE:FREQ=MONTHLY", '"0 9 1 * *" is the 1st of each month at 09:00'],
    ["where a repetition is of minutes", "R/2026-01-05T09:00/PT5M", "(`timeout`, 300 seconds)"],
    ["where a repetition is of months", "R/2026-01-05T09:30/P1M", 'in cron, each month is "30 9 5 * *"'],
    ["where a repeated date is none", "R/2026-02-30T03:00:00Z/P1D", "days and weeks are written as"],
    ["where there is only a comment", "# m h dom mon dow", "this is a comment of a crontab"],
    ["where there are only settings", "# a\nMAILTO=root", "without a job"],
    [
      "where several jobs have comments",
      "# a\n0 3 * * *\n30 17 * * *",
      "comments and settings of a crontab are no part of a schedule",
    ],
  ])("%s: %j", (_, text, said) => {
    const error = refused(text)
    expect(error.expected).toContain(said)
    expect(error.rewritten).toBeUndefined()
  })
})

describe("the place of what is wrong", () => {
  it.each([
    ["0 0 12 ? * MON", "expression", "0 0 12 ? * MON", 0],
    ["  @reboot ", "expression", "@reboot", 2],
    ["0 0 * * Monday", "day-of-week", "Monday", 8],
    ["0 3 * * 1–5", "expression", "–", 9],
    ["0 12 * * *\n0 30 3 * * *", "expression", "0 30 3 * * *", 11],
    ["0 12 * * *\n30 25 * * *", "hour", "25", 14],
    ["0   12 * * *\n\n\t0 30 3 * * *", "expression", "0 30 3 * * *", 15],
  ])("of %j is a part of the text", (text, field, part, offset) => {
    expect(refused(text)).toMatchObject({ field, part, offset })
  })
})

describe("a text of no dialect", () => {
  it.each(["hello world", "", "*/5", "* * * * * * * *", "@@daily"])(
    "is answered with both languages: %j",
    (text) => {
      expect(refused(text).expected).toBe(
        'a cron expression of five fields, such as "0 3 * * 1-5", or an OnCalendar expression, such as "Mon..Fri 03:00"',
      )
    },
  )

  it.each(["Tues 10:00", "*-*-* 24:00", "Sat..Mon 10:00", "*-13-01", "1999-01-01", "2026-02-30"])(
    "is answered in the words of OnCalendar: %j",
    (text) => {
      expect(refused(text).expected).not.toMatch(/cron/)
    },
  )

  it.each(["a b c d e", "0 0 0 * *", "61 * * * *", "run at 3 every day"])(
    "is answered in the words of cron: %j",
    (text) => {
      expect(refused(text).expected).toMatch(/^\*, \d/)
    },
  )

  it.each([
    ["every 2 weeks from 2026-02-30", "date"],
    ["every 600 weeks from 2026-02-28", "interval"],
  ])("is answered as an interval: %j", (text, field) => {
    expect(refused(text).field).toBe(field)
  })
})
