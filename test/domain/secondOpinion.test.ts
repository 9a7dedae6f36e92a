/**
 * cron-parser as a second opinion: where it reads the same language, in UTC, it must agree to the second.
 *
 * What is left out of the comparison is listed below, each with an example of how the two differ and why.
 */
import * as Schedule from "@overdue/core/Schedule"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Zone from "@overdue/core/Zone"
import { CronExpressionParser } from "cron-parser"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { shown } from "./spec/Law.ts"
import { underSeeds } from "./Seeds.ts"

const ours = (expression: string, zone: string, after: number, count: number): ReadonlyArray<string> => {
  const schedule = Cron.parse(expression, Result.getOrThrow(Zone.make(zone)))
  if (Result.isFailure(schedule)) return ["refused"]
  return Schedule.upcoming(schedule.success, after, count).map((at) => new Date(at).toISOString())
}

const theirs = (expression: string, tz: string, after: number, count: number): ReadonlyArray<string> => {
  try {
    const schedule = CronExpressionParser.parse(expression, { tz, currentDate: new Date(after) })
    return Array.from({ length: count }, () => new Date(schedule.next().getTime()).toISOString())
  } catch {
    return ["refused"]
  }
}

/** Numbers, ranges and lists of numbers that do not repeat, steps that fit; the plain language of crontab(5). */
const plain = (first: number, last: number, names?: ReadonlyArray<string>): fc.Arbitrary<string> => {
  const number = fc.integer({ min: first, max: last })
  const range = fc
    .uniqueArray(number, { minLength: 2, maxLength: 2 })
    .map((ends) => ends.toSorted((a, b) => a - b) as [number, number])
  const show = (value: number): string => names?.[value - first] ?? String(value)
  return fc.oneof(
    number.map(show),
    number.map((value) => String(value).padStart(2, "0")),
    range.map(([low, high]) => `${show(low)}-${show(high)}`),
    range.chain(([low, high]) =>
      fc.integer({ min: 1, max: high - low }).map((step) => `${low}-${high}/${step}`),
    ),
    fc.uniqueArray(number, { minLength: 2, maxLength: 5 }).map(String),
  )
}

const starred = (first: number, last: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant("*"),
    fc.integer({ min: 1, max: last - first }).map((step) => `*/${step}`),
  )

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

/** Days that every month has when months are chosen, and no `*` with a step beside a restricted day. */
const days = fc.oneof(
  fc.tuple(plain(1, 28), fc.oneof(starred(1, 12), plain(1, 12, months)), plain(0, 6, weekdays)),
  fc.tuple(plain(1, 31), fc.constant("*"), plain(0, 6, weekdays)),
  fc.tuple(
    fc.constant("*"),
    fc.oneof(starred(1, 12), plain(1, 12)),
    fc.oneof(plain(0, 6, weekdays), starred(0, 6)),
  ),
  fc.tuple(fc.oneof(plain(1, 28), starred(1, 27)), fc.oneof(starred(1, 12), plain(1, 12)), fc.constant("*")),
)

const common = fc
  .tuple(fc.oneof(starred(0, 59), plain(0, 59)), fc.oneof(starred(0, 23), plain(0, 23)), days)
  .map(([minute, hour, [day, month, weekday]]) => [minute, hour, day, month, weekday].join(" "))

describe("in UTC, on what both read", () => {
  shown(10, "cron-parser gives the same occurrences", () =>
    underSeeds(
      fc.property(
        common,
        fc.integer({ min: Date.UTC(1975, 0, 1), max: Date.UTC(2095, 0, 1) }),
        (expression, after) => {
          expect(ours(expression, "UTC", after, 3)).toEqual(theirs(expression, "UTC", after, 3))
        },
      ),
      400,
    ),
  )
})

describe("left out, because the two differ", () => {
  const day = (date: string): string => `${date}T00:00:00.000Z`

  it.each([
    {
      what: "a day field that begins with * and has a step: Debian then wants both days to match, cron-parser either",
      expression: "0 0 */2 * 1",
      we: [day("2024-01-15"), day("2024-01-29")],
      they: [day("2024-01-03"), day("2024-01-05")],
    },
    {
      what: "a range of one with a step: cronsim counts on to the end of the field, cron-parser stops",
      expression: "5-5/10 * * * *",
      we: ["2024-01-01T00:05:00.000Z", "2024-01-01T00:15:00.000Z"],
      they: ["2024-01-01T00:05:00.000Z", "2024-01-01T01:05:00.000Z"],
    },
    {
      what: "values that repeat: the language allows them, cron-parser refuses",
      expression: "1-5,3 * * * *",
      we: ["2024-01-01T00:01:00.000Z", "2024-01-01T00:02:00.000Z"],
      they: ["refused"],
    },
    {
      what: "* in a list: the language allows it, cron-parser calls it a repetition",
      expression: "0 0 1,* * 1",
      we: [day("2024-01-02"), day("2024-01-03")],
      they: ["refused"],
    },
    {
      what: "LW, the last day from Monday to Friday: cron-parser does not know it",
      expression: "0 0 LW * *",
      we: [day("2024-01-31"), day("2024-02-29")],
      they: ["refused"],
    },
    {
      what: "several weekdays of the month: cron-parser takes one",
      expression: "0 0 * * 1#1,3#2",
      we: [day("2024-01-10"), day("2024-02-05")],
      they: ["refused"],
    },
    {
      what: "a date that no chosen month has, beside weekdays: cronsim refuses it, cron-parser runs on the weekdays",
      expression: "0 0 30 2 1",
      we: ["refused"],
      they: [day("2024-02-05"), day("2024-02-12")],
    },
    {
      what: "? for any value: not in the language",
      expression: "0 0 ? * 1",
      we: ["refused"],
      they: [day("2024-01-08"), day("2024-01-15")],
    },
    {
      what: "names such as @daily: not in the language",
      expression: "@daily",
      we: ["refused"],
      they: [day("2024-01-02"), day("2024-01-03")],
    },
    {
      what: "fewer than five fields: cron-parser fills them up",
      expression: "0 12 * *",
      we: ["refused"],
      they: [day("2024-01-12"), "2024-01-12T00:01:00.000Z"],
    },
  ])("$what", ({ expression, we, they }) => {
    const after = Date.UTC(2024, 0, 1, 0, 0, 30)
    const from = expression.startsWith("0 0") || expression.startsWith("@") ? after : after - 31_000
    expect(ours(expression, "UTC", from, 2)).toEqual(we)
    expect(theirs(expression, "UTC", from, 2)).toEqual(they)
  })

  it("zones whose clocks change: Debian runs a jumped-over job when the jump is over, cron-parser keeps its minutes", () => {
    const after = Date.parse("2021-03-27T12:00:00Z")
    expect(ours("30 3 * * *", "Europe/Riga", after, 1)).toEqual(["2021-03-28T01:00:00.000Z"])
    expect(theirs("30 3 * * *", "Europe/Riga", after, 1)).toEqual(["2021-03-28T01:30:00.000Z"])
  })
})
