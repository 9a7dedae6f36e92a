import * as Cron from "@overdue/core/schedule/Cron"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const zone = (name: string): Zone.Zone => Result.getOrThrow(Zone.make(name))
const parse = (text: string, name = "UTC"): Cron.Cron => Result.getOrThrow(Cron.parse(text, zone(name)))

/** The first occurrences as local times of day would be read off a log: ISO instants without their zeros. */
const after = (schedule: Cron.Cron, instant: string, count: number): ReadonlyArray<string> => {
  const found: Array<string> = []
  let at: number | undefined = Date.parse(instant)
  while (found.length < count) {
    at = Cron.next(schedule, at)
    if (at === undefined) return [...found, "end"]
    found.push(new Date(at).toISOString().slice(0, 16))
  }
  return found
}

describe("where the clock jumps from 03:00 to 04:00 in Riga, on 2021-03-28", () => {
  it.each([
    ["30 3 * * *", ["2021-03-28T01:00", "2021-03-29T00:30"]],
    ["0,30 3 * * *", ["2021-03-28T01:00", "2021-03-29T00:00"]],
    ["30 1,2,3,4,5 * * *", ["2021-03-27T23:30", "2021-03-28T00:30", "2021-03-28T01:00", "2021-03-28T01:30"]],
    ["0 1-5 * * *", ["2021-03-27T23:00", "2021-03-28T00:00", "2021-03-28T01:00", "2021-03-28T02:00"]],
    ["*/30 3 * * *", ["2021-03-29T00:00", "2021-03-29T00:30"]],
    ["0 30 3 * * *", ["2021-03-29T00:30"]],
    ["0 * * * *", ["2021-03-27T23:00", "2021-03-28T00:00", "2021-03-28T01:00"]],
  ])("%s fires at %j", (text, expected) => {
    expect(after(parse(text, "Europe/Riga"), "2021-03-27T22:10:00Z", expected.length)).toEqual(expected)
  })

  it("fires at the end of the gap also for whoever asks one second before it", () => {
    const last = Date.parse("2021-03-28T00:59:59Z")
    expect(Cron.next(parse("30 3 * * *", "Europe/Riga"), last)).toBe(last + 1000)
    expect(Cron.next(parse("30 3 * * *", "Europe/Riga"), last + 999)).toBe(last + 1000)
  })
})

describe("where the clock goes back from 04:00 to 03:00 in Riga, on 2021-10-31", () => {
  it.each([
    ["30 3 * * *", ["2021-10-31T00:30", "2021-11-01T01:30"]],
    ["0 1-5 * * *", ["2021-10-30T22:00", "2021-10-30T23:00", "2021-10-31T00:00", "2021-10-31T02:00"]],
    ["*/30 3 * * *", ["2021-10-31T00:00", "2021-10-31T00:30", "2021-10-31T01:00", "2021-10-31T01:30"]],
    ["0 30 3 * * *", ["2021-10-31T00:30", "2021-10-31T01:30"]],
  ])("%s fires at %j", (text, expected) => {
    expect(after(parse(text, "Europe/Riga"), "2021-10-30T21:10:00Z", expected.length)).toEqual(expected)
  })

  it("never answers with the past when asked in the second pass", () => {
    expect(after(parse("45 3 * * *", "Europe/Riga"), "2021-10-31T01:30:00Z", 1)).toEqual(["2021-11-01T01:45"])
  })
})

describe("where other clocks jump", () => {
  it.each([
    [
      "a half-hour gap",
      "Australia/Lord_Howe",
      "30 * * * *",
      "2024-10-05T15:00:00Z",
      ["2024-10-05T15:30", "2024-10-05T16:30"],
    ],
    [
      "a skipped day",
      "Pacific/Apia",
      "0 12 30 12 *",
      "2011-12-29T00:00:00Z",
      ["2011-12-30T10:00", "2012-12-29T22:00"],
    ],
    ["a gap at midnight", "Africa/Cairo", "*/20 0 30 4 *", "2027-04-29T12:00:00Z", ["2028-04-29T21:00"]],
    [
      "an overlap that cronsim never leaves",
      "Pacific/Chatham",
      "45 */3 * * *",
      "2027-04-03T13:30:00Z",
      ["2027-04-03T15:00"],
    ],
    ["an offset with seconds", "Africa/Monrovia", "20 0 7 1 *", "1972-01-07T00:40:00Z", ["1972-01-07T00:44"]],
  ])("%s: %s, %s", (_, name, text, instant, expected) => {
    expect(after(parse(text, name), instant, expected.length)).toEqual(expected)
  })
})

describe("the two day fields", () => {
  it.each([
    ["one begins with *: both must match", "0 0 */2 * MON", ["2024-01-15T00:00", "2024-01-29T00:00"]],
    [
      "neither does: either will do",
      "0 0 13 * 5",
      ["2024-01-05T00:00", "2024-01-12T00:00", "2024-01-13T00:00"],
    ],
    ["the first Sunday, by both", "0 0 1-7 * */7", ["2024-01-07T00:00", "2024-02-04T00:00"]],
    ["* in a list does not begin it", "0 0 1,* * MON", ["2024-01-02T00:00", "2024-01-03T00:00"]],
    ["the last day", "0 0 L * *", ["2024-01-31T00:00", "2024-02-29T00:00"]],
    [
      "the last day from Monday to Friday",
      "0 0 LW * *",
      ["2024-01-31T00:00", "2024-02-29T00:00", "2024-03-29T00:00"],
    ],
    ["the last Friday", "0 0 * * 5L", ["2024-01-26T00:00", "2024-02-23T00:00"]],
    ["the second Monday", "0 0 * * MON#2", ["2024-01-08T00:00", "2024-02-12T00:00"]],
    ["Sunday under both its numbers", "0 0 * * 7", ["2024-01-07T00:00", "2024-01-14T00:00"]],
    [
      "a step from Monday reaches Sunday",
      "0 0 * * MON/2",
      ["2024-01-03T00:00", "2024-01-05T00:00", "2024-01-07T00:00"],
    ],
  ])("%s: %s", (_, text, expected) => {
    expect(after(parse(text), "2024-01-01T00:00:00Z", expected.length)).toEqual(expected)
  })
})

describe("a day that is rare", () => {
  it("is found after forty years", () => {
    expect(after(parse("0 0 29 2 */7"), "2072-03-01T00:00:00Z", 2)).toEqual([
      "2088-02-29T00:00",
      "2128-02-29T00:00",
    ])
  })

  it("is given up when it never comes", () => {
    expect(after(parse("0 0 */31 2 1#5"), "2024-01-01T00:00:00Z", 1)).toEqual(["end"])
  })
})

describe("an instant that no calendar reaches", () => {
  it.each([NaN, Infinity, -Infinity, 8.64e15 + 1, 1e300])("%d: there is no next occurrence", (instant) => {
    expect(Cron.next(parse("* * * * *", "Europe/Riga"), instant)).toBeUndefined()
  })
})

describe("what may be typed", () => {
  it.each([
    ["0\u30000 * * ſun", "0 0 * * 0"],
    ["0 0 * * frı", "0 0 * * 5"],
    ["\t007  5 * jan-mar,12 *\n", "7 5 * 1-3,12 *"],
    ["5/15 * * * *", "5-59/15 * * * *"],
    ["5-5/10 * * * *", "5-59/10 * * * *"],
    ["1-10/100 * * * *", "1 * * * *"],
    ["*/5,*/7 * * * *", "*/5,7,14,21,28,42,49,56 * * * *"],
    ["0 0 L/2,LW,1 * *", "0 0 1,L,LW * *"],
    ["0 0 * * 7L,sun#01", "0 0 * * 0#1,0L"],
    ["0 0 L,31 2 *", "0 0 31,L 2 *"],
    ["*/10 * * * * *", "*/10 * * * * *"],
    [`*/${"9".repeat(60)} * * * *`, "*/60 * * * *"],
  ])("%j is %s", (text, printed) => {
    expect(Cron.print(parse(text))).toBe(printed)
  })
})

describe("what is refused", () => {
  it.each([
    ["0 0 31 2 *", "day-of-month", "31", 4, "29 at most"],
    ["0 0 31 4,6 *", "day-of-month", "31", 4, "30 at most"],
    ["0 0 30 2 MON", "day-of-month", "30", 4, "29 at most"],
    ["0 0 * * SAT-SUN", "day-of-week", "SAT-SUN", 8, "SAT,SUN"],
    ["0 22-2 * * *", "hour", "22-2", 2, "22-23,0-2"],
    ["0 0 * NOV-JAN *", "month", "NOV-JAN", 6, "NOV-DEC,JAN"],
    ["60 * * * *", "minute", "60", 0, "0-59"],
    ["* * * * MONL", "day-of-week", "MONL", 8, "0L to 7L"],
    ["* * * * L", "day-of-week", "L", 8, "0L to 7L"],
    ["* * * * 5L/2", "day-of-week", "5L/2", 8, "0L to 7L"],
    ["* * * * MON-FRI#2", "day-of-week", "MON-FRI", 8, "one weekday"],
    ["* * * * 1#6", "day-of-week", "6", 10, "1 to 5"],
    ["* * * * 1/2#3", "day-of-week", "1/2", 8, "one weekday"],
    ["*/0 * * * *", "minute", "0", 2, "1 or more"],
    ["1/ * * * *", "minute", "", 2, "1 or more"],
    ["1,,2 * * * *", "minute", "", 2, "lists"],
    ["-1 * * * *", "minute", "-1", 0, "0-59"],
    ["* * L-3 * *", "day-of-month", "L", 4, "L (last day)"],
    ["* * 15W * *", "day-of-month", "15W", 4, "LW"],
    ["* * LX * *", "day-of-month", "LX", 4, "LW"],
    ["１ * * * *", "minute", "１", 0, "0-59"],
    ["+1 * * * *", "minute", "+1", 0, "0-59"],
    ["* * * ARP *", "month", "ARP", 6, "JAN-DEC"],
    ["99 * * * * *", "second", "99", 0, "0-59"],
    ["@daily", "expression", "@daily", 0, "five fields"],
    ["* * * *", "expression", "* * * *", 0, "not 4"],
    ["*\ufeff* * * *", "expression", "*\ufeff* * * *", 0, "not 4"],
    ["* * * * * * *", "expression", "* * * * * * *", 0, "not 7"],
    ["* ß * * *", "hour", "ß", 2, "0-23"],
    ["* * *\t*\nßmon", "day-of-week", "ßmon", 8, "SUN-SAT"],
  ])("%j: the %s %j at %d, expected %s", (text, field, part, offset, expected) => {
    const error = Result.getOrThrow(Result.flip(Cron.parse(text, Zone.utc)))
    expect(error).toMatchObject({ field, part, offset })
    expect(error.expected).toContain(expected)
  })
})

describe("an explanation", () => {
  const explain = (text: string): string => Cron.explain(parse(text)).replace(", UTC", "")

  it.each([
    ["* * * * *", "every minute"],
    ["*/5 * * * *", "every 5 minutes"],
    ["*/7 * * * *", "every 7 minutes from 0 to 56 past the hour"],
    ["5,20 * * * *", "at 5 and 20 minutes past the hour"],
    ["0 * * * *", "every hour, on the hour"],
    ["1 */2 * * *", "every 2 hours, 1 minute past the hour"],
    ["30 8-18 * * *", "every hour from 08:30 to 18:30 every day"],
    ["*/15 9-16 * * 1-5", "every 15 minutes from 09:00 to 16:45 on weekdays"],
    ["* 3,5 * * *", "every minute in the hours 3 and 5 every day"],
    ["15 5 * * *", "at 05:15 every day"],
    ["0 5,17 * * 0,6", "at 05:00 and 17:00 on weekends"],
    ["0 0 1 * *", "at 00:00 on the 1st of the month"],
    ["0 0 1,2,3,12,22 1 *", "at 00:00 on the 1st to the 3rd, the 12th and the 22nd of January"],
    ["0 0 29 2 *", "at 00:00 on the 29th of February"],
    ["0 0 * 6-8 *", "at 00:00 every day in June to August"],
    ["0 0 L * *", "at 00:00 on the last day of the month"],
    ["0 0 LW * *", "at 00:00 on the last day from Monday to Friday of the month"],
    ["0 0 * * 5L", "at 00:00 on the last Friday of the month"],
    ["0 0 * * 1#1,3#3", "at 00:00 on the first Monday and the third Wednesday of the month"],
    ["0 0 * * 1-4", "at 00:00 on Monday to Thursday"],
    ["0 0 * * 1,3,0", "at 00:00 on Mondays, Wednesdays and Sundays"],
    ["0 0 13 * 5", "at 00:00 on the 13th of the month and on Fridays"],
    [
      "0 0 */2 * 1,2",
      "at 00:00 on every 2nd day from the 1st to the 31st of the month if it is a Monday or a Tuesday",
    ],
    ["*/10 * * * * *", "every 10 seconds"],
    ["30 * * * * *", "at 30 seconds past every minute"],
    ["* 5 4 * * *", "every second of minute 5 from 04:00 to 04:59 every day"],
  ])("of %s is %j", (text, sentence) => {
    expect(explain(text)).toBe(sentence)
  })

  it("says what a change of the clock does, where the clock changes", () => {
    expect(Cron.explain(parse("15 5 * * *", "Europe/Riga"))).toBe(
      "at 05:15 every day, Europe/Riga; when the clock jumps over it, due as soon as the jump is over",
    )
    expect(Cron.explain(parse("*/5 * * * *", "Europe/Riga"))).toBe(
      "every 5 minutes, Europe/Riga; follows elapsed time when the clock changes",
    )
    expect(Cron.explain(parse("15 5 * * *", "Asia/Tokyo"))).toBe("at 05:15 every day, Asia/Tokyo")
  })
})

describe("a warning", () => {
  const warnings = (text: string, name: string, instant: string): ReadonlyArray<string> =>
    Cron.warnings(parse(text, name), Date.parse(instant)).map(({ message }) => message)

  it("says what happens to a fixed time in the coming gap and overlap", () => {
    expect(Cron.warnings(parse("30 3 * * *", "Europe/Riga"), Date.parse("2021-03-01T00:00:00Z"))).toEqual([
      {
        at: Date.parse("2021-03-28T01:00:00Z"),
        kind: "gap",
        zone: "Europe/Riga",
        message:
          "The clock in Europe/Riga jumps from 03:00 to 04:00 on 2021-03-28, over 03:30: it is due at 04:00, when the jump is over",
      },
      {
        at: Date.parse("2021-10-31T01:00:00Z"),
        kind: "overlap",
        zone: "Europe/Riga",
        message:
          "The clock in Europe/Riga goes back from 04:00 to 03:00 on 2021-10-31 and shows 03:30 twice: it is due the first time only",
      },
    ])
  })

  it("says what happens to times that follow elapsed time", () => {
    expect(warnings("*/15 3 * * *", "Europe/Riga", "2021-03-01T00:00:00Z")).toEqual([
      "The clock in Europe/Riga jumps from 03:00 to 04:00 on 2021-03-28, over 03:00, 03:15, 03:30 and others: they are skipped",
      "The clock in Europe/Riga goes back from 04:00 to 03:00 on 2021-10-31 and shows 03:00, 03:15, 03:30 and others twice: they are due both times",
    ])
  })

  it("names both dates when the clock jumps over a whole day", () => {
    expect(warnings("0 12 30 12 *", "Pacific/Apia", "2011-12-01T00:00:00Z")).toEqual([
      "The clock in Pacific/Apia jumps from 2011-12-30 00:00 to 2011-12-31 00:00, over 12:00: it is due at 00:00, when the jump is over",
    ])
  })

  it("is not given for times that no change concerns, and not for a year that nobody can reach", () => {
    expect(warnings("30 5 * * *", "Europe/Riga", "2021-03-01T00:00:00Z")).toEqual([])
    expect(Cron.warnings(parse("30 3 * * *", "Europe/Riga"), 8.64e15)).toEqual([])
  })
})

describe("a cron expression of several lines", () => {
  const lines = (text: string, zone = "Europe/Riga"): Cron.Cron =>
    Result.getOrThrow(Cron.parse(text, Result.getOrThrow(Zone.make(zone))))
  const after = Date.parse("2021-03-27T12:00:00Z")

  it("is due when any of them is", () => {
    const schedule = lines("0 12 * * *\n\n  30 17 * * 1-5  \n")
    const found = [1, 2, 3].reduce<number[]>(
      (slots) => [...slots, Cron.next(schedule, slots.at(-1) ?? after)!],
      [],
    )
    expect(found.map((at) => new Date(at).toISOString())).toEqual([
      "2021-03-28T09:00:00.000Z",
      "2021-03-29T09:00:00.000Z",
      "2021-03-29T14:30:00.000Z",
    ])
  })

  it("judges each line alone when the clock changes", () => {
    // The clock jumps from 03:00 to 04:00: the first line is made up for, the second follows elapsed time.
    const made = lines("30 3 * * *\n*/30 3 * * *")
    expect(Cron.next(made, after)).toBe(Date.parse("2021-03-28T01:00:00Z"))
    expect(Cron.next(made, Date.parse("2021-03-28T01:00:00Z"))).toBe(Date.parse("2021-03-29T00:00:00Z"))
    expect(Cron.warnings(made, after).map(({ message }) => message.slice(message.lastIndexOf(": ")))).toEqual(
      [
        ": it is due at 04:00, when the jump is over",
        ": they are skipped",
        ": it is due the first time only",
        ": they are due both times",
        ": it is due at 04:00, when the jump is over",
        ": they are skipped",
      ],
    )
  })

  it("ends when all of them have ended", () => {
    expect(Cron.next(lines("0 0 */31 2 1#5\n0 0 */31 2 2#5", "UTC"), after)).toBeUndefined()
    expect(Cron.next(lines("0 0 */31 2 1#5\n0 3 * * *", "UTC"), after)).toBe(
      Date.parse("2021-03-28T03:00:00Z"),
    )
  })

  it.each([
    ["0 12 * * *\n0 25 * * *", "hour", "25", 13],
    ["0 12 * * *\n\n 0 17 * *", "expression", "0 17 * *", 13],
    ["0 12 * * *\ndaily at noon", "expression", "daily at noon", 11],
  ])("is refused with the place of the mistake: %j", (text, field, part, offset) => {
    expect(Cron.parse(text, Zone.utc)).toMatchObject({ failure: { field, part, offset } })
  })
})
