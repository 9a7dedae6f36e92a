import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const riga = Result.getOrThrow(Zone.make("Europe/Riga"))
const at = (instant: string): number => Date.parse(instant)
const parse = (text: string): Schedule.Schedule => Result.getOrThrow(Schedule.parse(text, riga))

describe("the language of a text", () => {
  it.each([
    ["* * * * *", "cron"],
    ["  15 5 * *\t1 \n", "cron"],
    ["a b c d e", "cron"],
    ["* * * * * *", "onCalendar"],
    ["* * * *", "onCalendar"],
    ["* * *\n* *", "onCalendar"],
    ["Mon..Fri 10:00", "onCalendar"],
    ["", "onCalendar"],
  ] as const)("%j is %s", (text, language) => {
    expect(Schedule.detect(text)).toBe(language)
  })

  it("decides how the text is read", () => {
    expect(parse("15 5 * * *").kind).toBe("cron")
    expect(parse("Mon 5:15").kind).toBe("onCalendar")
  })
})

describe("a schedule that is validated", () => {
  it.each(["1999-01-01", "*-02-30", "0 0 */31 2 1#5"])("is refused when it never fires: %s", (text) => {
    expect(Schedule.validate(text, riga)).toMatchObject({ failure: { field: "expression", part: text } })
  })

  it.each(["2020-01-01", "1999-12-31 23:00 America/New_York", "0 0 29 2 1", "* * * * *"])(
    "is taken when it fires after the year 2000 begins: %s",
    (text) => {
      expect(Schedule.validate(text, riga)).toMatchObject({ success: { expression: text, zone: riga } })
    },
  )

  it("is refused for the reason that reading it gives", () => {
    expect(Schedule.validate("61 * * * *", riga)).toMatchObject({ failure: { field: "minute", part: "61" } })
  })
})

describe("a schedule that is read as people type it", () => {
  const read = (text: string) => Schedule.read(text, riga)

  it.each([
    ["@hourly", "0 * * * *"],
    ["@daily", "0 0 * * *"],
    ["@midnight", "0 0 * * *"],
    ["@weekly", "0 0 * * 0"],
    ["@monthly", "0 0 1 * *"],
    ["@yearly", "0 0 1 1 *"],
    [" @Annually ", "0 0 1 1 *"],
    ["@daily\n30 17 * * *\n", "0 0 * * *\n30 17 * * *"],
  ])("%j is the cron expression %j", (text, expression) => {
    expect(read(text)).toMatchObject({ success: { kind: "cron", expression, zone: riga } })
    expect(Schedule.validate(text, riga)).toMatchObject({ failure: {} })
    expect(Schedule.readExact(text, riga)).toMatchObject({ failure: {} })
  })

  it.each([
    ["cron", "0 12 * * *\n30 17 * * *"],
    ["cron", "\n 0 12 * * * \n\n30 17 * * *\n0 9 * * 6"],
    ["interval", "every 2 weeks from 2026-01-05 09:00"],
    ["interval", "every week from 2026-01-05 09:00"],
    ["interval", "every day from 2026-01-05"],
    ["never", "never"],
    ["never", " Never\n"],
  ])("a %s may be what Healthchecks has not: %j", (kind, text) => {
    expect(read(text)).toMatchObject({ success: { kind } })
    expect(Schedule.readExact(text, riga)).toEqual(read(text))
    expect(Schedule.parse(text, riga)).toEqual(read(text))
    expect(Schedule.validate(text, riga)).toMatchObject({ failure: {} })
  })

  it.each(["15 5 * * *", "Mon 5:15\nSun 6:15 UTC", "daily", "2020-01-01"])(
    "is what Healthchecks reads: %j",
    (text) => {
      expect(read(text)).toEqual(Schedule.validate(text, riga))
      expect(Schedule.readExact(text, riga)).toEqual(Schedule.validate(text, riga))
    },
  )

  it.each(["1999-01-01", "0 0 */31 2 1#5\n0 0 */31 2 2#5", "@fortnightly", "0 30 3 * * *\n0 0 3 * * *"])(
    "is refused: %j",
    (text) => {
      expect(read(text)).toMatchObject({ failure: { _tag: "ScheduleError" } })
    },
  )

  it("has an expression that is accepted again, whatever was typed", () => {
    for (const text of ["@daily", "never", "0 12 * * *\n30 17 * * *", "every day from 2026-01-05"]) {
      const schedule = Result.getOrThrow(read(text))
      expect(Schedule.readExact(Schedule.expressionOf(schedule)!, riga)).toEqual(Result.succeed(schedule))
    }
    expect(Schedule.expressionOf(Every.make(minute))).toBeUndefined()
  })

  it("names the line and the place of a mistake", () => {
    const text = "0 12 * * *\n30 25 * * *"
    expect(read(text)).toMatchObject({ failure: { field: "hour", part: "25", offset: 14 } })
  })
})

describe("the zone of a schedule", () => {
  it("is its own, and UTC when it needs none", () => {
    const zones = [
      parse("15 5 * * *"),
      parse("every day from 2026-01-05"),
      parse("never"),
      Every.make(minute),
    ]
    expect(zones.map(Schedule.zoneOf)).toEqual([riga, riga, Zone.utc, Zone.utc])
  })
})

describe("the occurrences of a schedule", () => {
  it("come in order, as many as asked for", () => {
    expect(Schedule.upcoming(parse("30 3 * * *"), at("2021-03-27T12:00:00Z"), 2)).toEqual([
      at("2021-03-28T01:00:00Z"),
      at("2021-03-29T00:30:00Z"),
    ])
    expect(Schedule.upcoming(parse("30 3 * * *"), 0, 0)).toEqual([])
  })

  it("are as far apart as some of the next hundred are", () => {
    const after = at("2024-01-01T00:00:00Z")
    const gaps = (text: string) =>
      [1, 2, 3, 4].filter((days) => Schedule.hasGap(parse(text), days * day, after))
    expect(gaps("0 9 * * 1-5")).toEqual([1, 3])
    expect(gaps("2024-05-06 07:08")).toEqual([])
  })

  it("end when the schedule ends", () => {
    const last = parse("2024-05-06 7:08")
    expect(Schedule.upcoming(last, at("2024-01-01T00:00:00Z"), 5)).toEqual([at("2024-05-06T04:08:00Z")])
    expect([...Schedule.iterate(last, at("2024-01-01T00:00:00Z"))]).toEqual([at("2024-05-06T04:08:00Z")])
  })

  it("are computed one by one when they are walked", () => {
    const walk = Schedule.iterate(parse("* * * * *"), 0)
    expect([walk.next().value, walk.next().value]).toEqual([minute, 2 * minute])
  })
})

describe("every kind of schedule", () => {
  it("is listed", () => {
    expect(Schedule.kinds).toEqual(["every", "cron", "onCalendar", "interval", "never"])
  })

  it.each([
    [Every.make(5 * minute), "every 5 minutes", "every 5 minutes, counted from the last signal"],
    [
      parse("15 5 * * MON-FRI"),
      "15 5 * * 1-5",
      "at 05:15 on weekdays, Europe/Riga; when the clock jumps over it, due as soon as the jump is over",
    ],
    [
      parse("Mon..Fri 5:15"),
      "Mon..Fri *-*-* 05:15:00",
      "at 05:15 on weekdays, Europe/Riga; skipped when the clock jumps over it",
    ],
    [
      parse("0 12 * * MON-FRI\n0 10 * * 6"),
      "0 12 * * 1-5\n0 10 * * 6",
      "at 12:00 on weekdays, Europe/Riga; and at 10:00 on Saturdays, Europe/Riga; " +
        "when the clock jumps over it, due as soon as the jump is over",
    ],
    [
      parse("0 12 * * *\n*/15 8-9 * * *"),
      "0 12 * * *\n*/15 8,9 * * *",
      "at 12:00 every day, Europe/Riga (when the clock jumps over it, due as soon as the jump is over); and " +
        "every 15 minutes from 08:00 to 09:45 every day, Europe/Riga (follows elapsed time when the clock changes)",
    ],
    [
      parse("every 2 weeks from 2026-01-05 09:00"),
      "every 2 weeks from 2026-01-05 09:00",
      "every 2 weeks on Monday at 09:00, Europe/Riga, from 2026-01-05; " +
        "when the clock jumps over it, due as soon as the jump is over",
    ],
  ])("prints and explains itself: $kind", (schedule, printed, explained) => {
    expect(Schedule.print(schedule)).toBe(printed)
    expect(Schedule.explain(schedule)).toBe(explained)
    expect(Schedule.next(schedule, 0)).toBeGreaterThan(0)
    expect(Schedule.warnings(schedule, 0)).toEqual([])
  })

  it("may be never, and then expects nothing", () => {
    const never = parse("never")
    expect(Schedule.print(never)).toBe("never")
    expect(Schedule.explain(never)).toBe("never")
    expect(Schedule.next(never, 0)).toBeUndefined()
    expect(Schedule.warnings(never, 0)).toEqual([])
  })

  it.each([
    { kind: "every", period: 1000 },
    { kind: "cron", expression: "15 5 * * *\n\n30 17 * * *", zone: "Europe/Riga" },
    { kind: "interval", expression: "every 2 weeks from 2026-01-05", zone: "Europe/Riga" },
    { kind: "never" },
    { kind: "cron", expression: "15 5 * * MON-FRI", zone: "Europe/Riga" },
    { kind: "onCalendar", expression: "Mon 5:15\nSun 6:15 UTC", zone: "Europe/Riga" },
  ] as const)("survives as plain data: $kind", (encoded) => {
    expect(Schedule.encode(Result.getOrThrow(Schedule.decode(encoded)))).toEqual(encoded)
  })

  it.each([
    [{ kind: "every", period: 0 }, "period"],
    [{ kind: "every", period: 1.5 }, "period"],
    [{ kind: "cron", expression: "* * * * *", zone: "Nowhere" }, "zone"],
    [{ kind: "cron", expression: "* * * *", zone: "UTC" }, "expression"],
    [{ kind: "onCalendar", expression: "25:00", zone: "UTC" }, "hour"],
    [{ kind: "onCalendar", expression: "5:00", zone: "utc" }, "zone"],
    [{ kind: "cron", expression: "* * * * *\n* * * * 8", zone: "UTC" }, "day-of-week"],
    [{ kind: "interval", expression: "every 2 weeks from 2026-01-05", zone: "Nowhere" }, "zone"],
    [{ kind: "interval", expression: "every 2 weeks from 2026-02-30", zone: "UTC" }, "date"],
    [{ kind: "lunar" }, "kind"],
    [{ kind: "toString" }, "kind"],
    [{}, "kind"],
  ])("is refused as data when it is wrong: %j", (encoded, field) => {
    expect(Schedule.decode(encoded as Schedule.Encoded)).toMatchObject({ failure: { field } })
  })
})
