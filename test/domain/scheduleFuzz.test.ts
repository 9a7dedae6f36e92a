/**
 * No expression, whatever it is, makes reading it or asking it for the next slot throw or take long.
 *
 * Time is the best of several runs where one was slow: the offsets of a zone are read from `Intl` only once.
 */
import * as Limits from "@overdue/core/Limits"
import * as Schedule from "@overdue/core/Schedule"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Interval from "@overdue/core/schedule/Interval"
import * as OnCalendar from "@overdue/core/schedule/OnCalendar"
import { ScheduleError } from "@overdue/core/schedule/ScheduleError"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bestOf } from "../kit/BestOf.ts"
import { shown } from "./spec/Law.ts"
import * as ArbitrarySchedule from "./ArbitrarySchedule.ts"
import { underSeeds } from "./Seeds.ts"

const longest = 5
const tries = 6

const calm = (what: string, act: () => void): void => {
  const best = bestOf(tries, act, longest)
  if (best > longest) expect.fail(`${what} takes ${best.toFixed(1)} ms`)
}

/** Reads a text in each language and asks for the next slots; errors must be ours and point into the text. */
const survives = (text: string, zone: Zone.Zone, after: number): void => {
  calm(`reading ${JSON.stringify(text.slice(0, 200))}`, () => {
    Cron.parse(text, zone)
    OnCalendar.parse(text, zone)
    Interval.parse(text, zone)
  })
  for (const parse of [Cron.parse, OnCalendar.parse, Interval.parse]) {
    const schedule: Result.Result<Schedule.Schedule, ScheduleError> = parse(text, zone)
    if (Result.isFailure(schedule)) {
      expect(schedule.failure).toBeInstanceOf(ScheduleError)
      expect(schedule.failure.offset).toBeGreaterThanOrEqual(0)
      expect(schedule.failure.offset).toBeLessThanOrEqual(text.length)
      expect(schedule.failure.message.length).toBeLessThan(text.length + 500)
      continue
    }
    for (const call of [Schedule.next, Schedule.explain, Schedule.print, Schedule.warnings]) {
      calm(`asking ${JSON.stringify(text)} in ${zone.name} after ${after}`, () => {
        call(schedule.success, after)
      })
    }
    const next = Schedule.next(schedule.success, after)
    expect(next === undefined || next > after).toBe(true)
  }
}

/** Any number at all: tiny, huge, negative, fractional, not a number. */
const anyInstant = fc.oneof(
  fc.double(),
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.constantFrom(0, -1, 8.64e15, -8.64e15, 8.64e15 + 1, NaN, Infinity, -Infinity, Number.MAX_VALUE),
)

const alphabet = [
  ..."0 1 2 3 4 5 6 7 8 9 * / , - ~ . : # L W ? M o n S U N j a n T C".split(" "),
  " ",
  "\t",
  "\n",
  "Europe/Riga",
  "٣",
  "ß",
  "ı",
  "\u3000",
  "\u0000",
  "..",
  "daily",
]

const scrambled = fc.array(fc.constantFrom(...alphabet), { maxLength: 60 }).map((pieces) => pieces.join(""))

const grammatical = fc.oneof(
  { weight: 4, arbitrary: ArbitrarySchedule.cronExpression() },
  { weight: 4, arbitrary: ArbitrarySchedule.onCalendarExpression() },
  { weight: 1, arbitrary: ArbitrarySchedule.cronLines() },
  { weight: 1, arbitrary: ArbitrarySchedule.intervalText() },
)

/** A valid expression with a few characters changed, dropped, doubled or brought in. */
const mutated = fc
  .tuple(
    grammatical,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...alphabet), fc.nat(2)), { minLength: 1, maxLength: 4 }),
  )
  .map(([text, changes]) =>
    changes.reduce((current, [place, piece, removed]) => {
      const at = place % (current.length + 1)
      return current.slice(0, at) + piece + current.slice(at + removed)
    }, text),
  )

/** Reads a text as every door does: errors are ours and short, and a line that is offered is read, and plain. */
const isAnswered = (text: string): void => {
  for (const reading of [Schedule.read, Schedule.readExact, Schedule.validate]) {
    calm(`reading ${JSON.stringify(text.slice(0, 200))}`, () => reading(text, Zone.utc))
    const schedule: Result.Result<Schedule.Schedule, ScheduleError> = reading(text, Zone.utc)
    if (Result.isSuccess(schedule)) {
      calm(`asking ${JSON.stringify(text)}`, () => Schedule.remarks(schedule.success, 0))
      continue
    }
    const { offset, part, message, rewritten, rewrittenZone } = schedule.failure
    expect(offset).toBeGreaterThanOrEqual(0)
    expect(offset).toBeLessThanOrEqual(text.length)
    expect(part.length).toBeLessThanOrEqual(Limits.expressionLength)
    expect(message.length).toBeLessThan(longestMessage)
    if (rewrittenZone !== undefined) Result.getOrThrow(Zone.make(rewrittenZone))
    if (rewritten === undefined) continue
    expect(rewritten).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u)
    Result.getOrThrow(reading(rewritten, Zone.utc))
    Result.getOrThrow(Schedule.read(rewritten, Zone.utc))
  }
}

/** Characters: the text itself, of which most messages repeat a hundred, may be named once in what was expected. */
const longestMessage = 3 * Limits.expressionLength

/** What other dialects are made of. */
const foreign = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.constantFrom(...alphabet),
        fc.constantFrom(
          ..."? 0 0/5 12 L-3 15W 6L 6#3 MON-FRI FRI-MON Monday 2026 H H/15 cron( rate( ) @daily @every 5m PT5M every day at 3am".split(
            " ",
          ),
          ..."CRON_TZ=Europe/Riga TZ= MAILTO=root # /usr/bin/x root ; \\n OnCalendar= “ ” ' – ∗ 9:30 60 24 never from 2026-01-05 UTC PST R/ RRULE:".split(
            " ",
          ),
          "\u034f",
          "\u200b",
          "\ud800",
          "\n",
        ),
      ),
      { maxLength: 12 },
    ),
    fc.constantFrom(" ", " ", " ", "", "\n"),
  )
  .map(([words, between]) => words.join(between))

describe("whatever is pasted", () => {
  shown(10, `is read or answered in less than ${longest} ms, with lines that are read`, () =>
    underSeeds(fc.property(fc.oneof(foreign, foreign, scrambled, mutated), isAnswered), 4000),
  )

  shown(10, "is answered when it is hostile", () =>
    underSeeds(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 300 }),
          fc
            .tuple(foreign, fc.integer({ min: 1, max: 1000 }), foreign)
            .map(([piece, times, end]) => piece.repeat(times).slice(0, 10_000) + end),
        ),
        isAnswered,
      ),
      600,
    ),
  )

  it.each([
    ["blanks in the middle", `0 3${" ".repeat(990)}* *`],
    ["blanks and a semicolon", `0 3 * * *${" ".repeat(980)};x`],
    ["commas and blanks", ", ".repeat(499)],
    ["quotes", `"${"'".repeat(997)}`],
    ["invisible characters", "\u200b".repeat(1000)],
    ["digits", "1".repeat(1000)],
    ["durations", "1d".repeat(500)],
    ["lines", "0 3 * * *\n".repeat(99)],
    ["comments", "#\n".repeat(490)],
    ["NULs", "\u0000".repeat(1000)],
    ["lone surrogates", "\ud83d".repeat(1000)],
    ["an almost interval", `every 2 weeks from ${" ".repeat(970)}x`],
    ["a megabyte of intervals", "every 2 weeks from ".repeat(50_000)],
    ["a megabyte of nicknames", "@daily\n".repeat(150_000)],
  ])("%s: calm", (_, text) => isAnswered(text))
})

describe("whatever is typed", () => {
  const kinds = [
    [
      "random strings",
      fc.oneof(fc.string({ maxLength: 120 }), fc.string({ unit: "binary", maxLength: 60 }), scrambled),
    ],
    ["expressions of the grammar", grammatical],
    ["expressions with mistakes", mutated],
  ] as const

  for (const [what, texts] of kinds) {
    shown(10, `${what}: nothing throws, nothing takes more than ${longest} ms`, () =>
      underSeeds(
        fc.property(
          texts,
          ArbitrarySchedule.zone(),
          fc.oneof(anyInstant, ArbitrarySchedule.instantNear(Zone.utc)),
          survives,
        ),
        2500,
      ),
    )
  }

  it.each([
    ["a megabyte of digits", "1".repeat(1_000_000)],
    ["a megabyte of words", "* ".repeat(500_000)],
    ["a megabyte of lists", `${"0,".repeat(500_000)}0 * * * *`],
    ["a megabyte of lines", "daily\n".repeat(160_000)],
    ["a megabyte of blanks", " ".repeat(1_000_000)],
    ["a megabyte of letters that grow", "ß".repeat(1_000_000)],
  ])("%s is refused for its length", (_, text) => {
    survives(text, Zone.utc, 0)
    const error = Result.getOrThrow(Result.flip(Schedule.parse(text, Zone.utc)))
    expect(error.expected).toContain(`at most ${Limits.expressionLength} characters`)
  })

  it.each([
    ["a list as long as may be", `${"*/1,".repeat(240)}59 * * * *`],
    ["steps as long as may be", `*/${"9".repeat(900)} * * * *`],
    ["lines as many as may be", `${"*:*:*\n".repeat(160)}*:*`],
    ["years as many as may be", `${"1970..2199,".repeat(85)}2000-1-1`],
    ["days that only gaps have, for two centuries", "Sun *-3-8..14 2:30"],
    ["the same on every line", "Sun *-3-8..14 2:30 America/New_York\nSun *-3-8..14 2:30 America/Chicago"],
    ["the last moment of the last year", "2199-12-31 23:59:59"],
    ["a leap day on a Monday", "0 0 29 2 */7"],
    ["nothing at all for fifty years", "* * */31 2 1#5"],
  ])("%s: calm", (_, text) => {
    for (const name of ["UTC", "America/New_York", "Africa/Casablanca"]) {
      for (const after of [0, Date.UTC(2026, 0, 1), Date.UTC(2199, 11, 31), -8.64e15, 8.64e15]) {
        survives(text, Result.getOrThrow(Zone.make(name)), after)
      }
    }
  })
})
