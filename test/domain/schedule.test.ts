/** The laws of schedules: each clause of law 10, for each language, in every zone, around changes of the clock. */
import * as Schedule from "@overdue/core/Schedule"
import * as Cron from "@overdue/core/schedule/Cron"
import * as Interval from "@overdue/core/schedule/Interval"
import * as OnCalendar from "@overdue/core/schedule/OnCalendar"
import type { ScheduleError } from "@overdue/core/schedule/ScheduleError"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect } from "vitest"
import { bestOf } from "../kit/BestOf.ts"
import { shown } from "./spec/Law.ts"
import * as Naive from "./NaiveSchedule.ts"
import * as ArbitrarySchedule from "./ArbitrarySchedule.ts"
import { underSeeds } from "./Seeds.ts"

type Written = Schedule.Timetable

const hour = 3600

const languages = { cron: Cron, onCalendar: OnCalendar, interval: Interval }

const parse = ({ kind, zone }: Written, text: string): Written =>
  Result.getOrThrow<Written, ScheduleError>(languages[kind].parse(text, zone))

const opinions = { cron: Naive.cron, onCalendar: Naive.onCalendar, interval: Naive.interval }

const naive = ({ kind, expression, zone }: Written): ReadonlyArray<Naive.NaiveSchedule> =>
  opinions[kind](expression, zone.name)

/** What a schedule means: everything but how it was typed. */
const meaning = (schedule: Written): unknown => ({ ...schedule, expression: undefined })

/** Compares with the walk from `after` on, for as long as the walk is worth it. */
const agrees = (schedule: Written, after: number, hours: number): void => {
  const opinion = naive(schedule)
  const second = Math.floor(after / 1000)
  const length = opinion.some(({ step }) => step === 1) ? Math.min(hours, 2) * hour : hours * hour
  const walked = Naive.occurrences(opinion, second, second + length)
  const found: Array<number> = []
  let at = Schedule.next(schedule, after)
  while (at !== undefined && at <= (second + length) * 1000 && found.length <= walked.length) {
    found.push(at / 1000)
    at = Schedule.next(schedule, at)
  }
  expect(found).toEqual(walked)
}

describe("a schedule", () => {
  shown(10, "next(schedule, t) > t", () =>
    underSeeds(
      fc.property(ArbitrarySchedule.moment(), ({ schedule, after }) => {
        const next = Schedule.next(schedule, after)
        expect(next === undefined || (Number.isInteger(next) && next > after)).toBe(true)
      }),
      4000,
    ),
  )

  shown(10, "nothing that matches lies between t and next(schedule, t)", () =>
    underSeeds(
      fc.property(
        ArbitrarySchedule.written().chain((schedule) =>
          fc.tuple(fc.constant(schedule), ArbitrarySchedule.secondNear(schedule.zone)),
        ),
        ([schedule, second]) => agrees(schedule, second * 1000, 30),
      ),
      150,
    ),
  )

  shown(10, "nothing that matches lies between, a few hours before and after slots of intervals", () =>
    underSeeds(
      fc.property(
        ArbitrarySchedule.zone(),
        ArbitrarySchedule.intervalText(),
        fc.nat(200),
        fc.integer({ min: -20 * hour, max: 10 * hour }),
        (zone, text, count, aside) => {
          const interval = Result.getOrThrow(Interval.parse(text, zone))
          const slot = interval.first + count * interval.days * 24 * hour
          agrees(interval, (slot + aside) * 1000, 30)
        },
      ),
      40,
    ),
  )

  shown(10, "nothing that matches lies between, at the next change of the clock of every zone", () => {
    const expressions = [
      "*/30 * * * *",
      "15,45 0-4,22,23 * * *",
      "*:0/30",
      "30 0-4,22,23 * * *\n*/20 * * * *",
      "every day from 2025-12-31 02:30",
    ]
    let cases = 0
    for (const zone of ArbitrarySchedule.allZones) {
      const start = Date.UTC(2026, 0, 1) / 1000
      const change = Zone.nextTransition(zone, start, start + 400 * 24 * hour)?.second ?? start
      for (const expression of expressions) {
        // safe because all of them are texts in a zone
        const schedule = Result.getOrThrow(Schedule.readExact(expression, zone)) as Written
        agrees(schedule, (change - 2 * hour) * 1000, 5)
        cases++
      }
    }
    return cases
  })

  shown(10, "parse ∘ print is identity", () =>
    underSeeds(
      fc.property(ArbitrarySchedule.written(), (schedule) => {
        const printed = Schedule.print(schedule)
        const again = parse(schedule, printed)
        expect(meaning(again)).toEqual(meaning(schedule))
        expect(Schedule.print(again)).toBe(printed)
      }),
      2000,
    ),
  )

  shown(10, "a schedule that never fires says so in bounded time", () => {
    const expressions = [
      "0 0 */31 2 1#5",
      "1 1 */100 * MON#4",
      "* * */20 * 1L",
      "*-02-30",
      "*-02~30..30 *:*:*",
      "Mon 2023-05-02",
      "2000-01-01",
      "Sun 2024-03-31 3:30",
    ]
    const after = Date.UTC(2030, 0, 1)
    for (const expression of expressions) {
      for (const name of ["UTC", "Europe/Riga", "Pacific/Chatham"]) {
        const schedule = Result.getOrThrow(Schedule.parse(expression, Result.getOrThrow(Zone.make(name))))
        expect([expression, Schedule.next(schedule, after)]).toEqual([expression, undefined])
        expect(bestOf(5, () => Schedule.next(schedule, after))).toBeLessThan(5)
      }
    }
    return expressions.length * 3
  })

  shown(10, "its occurrences ascend, and each is the next one of every instant since the one before", () =>
    underSeeds(
      fc.property(
        ArbitrarySchedule.moment(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ schedule, after }, share) => {
          const [first, second] = Schedule.upcoming(schedule, after, 2)
          if (first === undefined || second === undefined) return
          expect(second).toBeGreaterThan(first)
          const between = first + Math.floor((second - 1 - first) * share)
          expect(Schedule.next(schedule, between)).toBe(second)
        },
      ),
      1500,
    ),
  )

  shown(10, "decode ∘ encode is identity", () =>
    underSeeds(
      fc.property(ArbitrarySchedule.written(), (schedule) => {
        const encoded: unknown = JSON.parse(JSON.stringify(Schedule.encode(schedule)))
        expect(Schedule.decode(encoded as Schedule.Encoded)).toEqual(Result.succeed(schedule))
      }),
      500,
    ),
  )
})

describe("a zone", () => {
  shown(undefined, "shows what Intl shows, at each change of its clock and far from any", () => {
    let cases = 0
    for (const zone of ArbitrarySchedule.allZones) {
      const seconds: Array<number> = []
      for (let at = Date.UTC(1990, 0, 1) / 1000; at < Date.UTC(2101, 0, 1) / 1000; at += 977 * 24 * hour)
        seconds.push(at)
      for (const from of [
        Date.UTC(1999, 6, 1) / 1000,
        Date.UTC(2025, 0, 1) / 1000,
        Date.UTC(2099, 0, 1) / 1000,
      ]) {
        const change = Zone.nextTransition(zone, from, from + 366 * 24 * hour)?.second
        if (change !== undefined) seconds.push(change - 60, change, change + 60)
      }
      for (const second of seconds) {
        expect([zone.name, second, second + Zone.offsetAt(zone, second)]).toEqual([
          zone.name,
          second,
          Naive.wallAt(zone.name, second),
        ])
      }
      cases += seconds.length
    }
    return cases
  })
})
