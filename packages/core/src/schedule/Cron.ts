/**
 * Cron expressions, as Healthchecks reads them (cronsim 2.7, which follows Debian's crontab(5)).
 *
 * Five fields, or six with seconds first. It differs from cronsim where that contradicts itself around clock changes:
 * here every result is later than `after`, and no occurrence is missed or invented.
 */
import * as Result from "effect/Result"
import * as Limits from "../Limits.ts"
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Bits from "./Bits.ts"
import * as Civil from "./Civil.ts"
import * as CronReader from "./CronReader.ts"
import * as CronField from "./CronField.ts"
import * as Pattern from "./Pattern.ts"
import * as Regime from "./Regime.ts"
import { ScheduleError } from "./ScheduleError.ts"
import * as Sentence from "./Sentence.ts"
import * as Warning from "./Warning.ts"
import * as Whitespace from "./Whitespace.ts"

/** A cron expression that was read, in a time zone. */
export interface Cron {
  readonly kind: "cron"
  /** The text as it was typed. */
  readonly expression: string
  readonly zone: Zone.Zone
  readonly pattern: Pattern.Pattern
  /**
   * Whether it names fixed times of the day, which a clock change neither loses nor repeats: it has five fields, and
   * neither minute nor hour begins with `*`. All others follow elapsed time.
   */
  readonly fixed: boolean
}

/** Returns the schedule of an expression. The error names the first wrong field from the left. */
export const parse = (expression: string, zone: Zone.Zone): Result.Result<Cron, ScheduleError> => {
  if (expression.length > Limits.expressionLength) return Result.fail(tooLong(expression))
  const reader = CronReader.of(expression)
  const count = reader.count
  if (count !== 5 && count !== 6) return Result.fail(wrongCount(expression, count))
  const first = count - 5
  let secondsLow = 1
  let secondsHigh = 0
  if (count === 6) {
    if (!CronReader.read(reader, 0, CronField.second)) return Result.fail(explainProblem(expression, reader))
    secondsLow = reader.low
    secondsHigh = reader.high
  }
  if (!CronReader.read(reader, first, CronField.minute))
    return Result.fail(explainProblem(expression, reader))
  const minutesLow = reader.low
  const minutesHigh = reader.high
  const minuteStar = startsWithStar(reader)
  if (!CronReader.read(reader, first + 1, CronField.hour))
    return Result.fail(explainProblem(expression, reader))
  const hours = reader.low
  const hourStar = startsWithStar(reader)
  if (!CronReader.read(reader, first + 2, CronField.dayOfMonth))
    return Result.fail(explainProblem(expression, reader))
  const days = (reader.low >>> 1) | (reader.high << 29)
  const dayStar = startsWithStar(reader)
  const dayFrom = reader.from
  const dayTo = reader.to
  if (!CronReader.read(reader, first + 3, CronField.month))
    return Result.fail(explainProblem(expression, reader))
  const months = reader.low
  const monthFrom = reader.from
  const monthTo = reader.to
  if (!CronReader.read(reader, first + 4, CronField.dayOfWeek))
    return Result.fail(explainProblem(expression, reader))
  const weekdays = (reader.low | (reader.low >>> 7)) & 0x7f
  if (!reader.lastDay && !reader.lastWorkday && neverComes(days, months)) {
    const month = reader.text.slice(monthFrom, monthTo)
    const expected = `a day that the months (${month}) have, ${longest(months)} at most, or L for the last day`
    reader.problem = {
      index: first + 2,
      field: CronField.dayOfMonth.name,
      from: dayFrom,
      to: dayTo,
      expected,
    }
    return Result.fail(explainProblem(expression, reader))
  }
  const pattern = Pattern.make({
    secondsLow,
    secondsHigh,
    minutesLow,
    minutesHigh,
    hours,
    days,
    daysFromEnd: reader.lastDay ? 1 : 0,
    months,
    weekdays,
    either: !dayStar && !startsWithStar(reader),
    rare: rareOf(reader),
  })
  return Result.succeed({
    kind: "cron",
    expression,
    zone,
    pattern,
    fixed: count === 5 && !minuteStar && !hourStar,
  })
}

/** Returns the first occurrence after an instant (exclusive); `undefined` if there is none within about fifty years. */
export const next = (self: Cron, after: Instant): Instant | undefined => {
  const second = Math.floor(after / 1000)
  if (!(Math.abs(second) <= Zone.farthest)) return undefined
  const found = self.fixed
    ? Regime.once(self.pattern, self.zone, second)
    : Regime.real(self.pattern, self.zone, second)
  return found <= Zone.farthest ? found * 1000 : undefined
}

/**
 * Returns the canonical text: one spelling for every set, with a leading `*` where that decides how the fields work
 * together. Reading it back gives the same schedule.
 */
export const print = (self: Cron): string => {
  const { pattern } = self
  const words = Whitespace.split({ text: self.expression, offset: 0 })
  const stars = words.slice(-5).map((word) => word.text.startsWith("*"))
  const seconds = Bits.listOfSixty(pattern.secondsLow, pattern.secondsHigh)
  const minutes = Bits.listOfSixty(pattern.minutesLow, pattern.minutesHigh)
  return [
    ...(words.length === 6 ? [CronField.printPlain(CronField.second, seconds)] : []),
    CronField.print(CronField.minute, minutes, stars[0]!),
    CronField.print(CronField.hour, Bits.list(pattern.hours), stars[1]!),
    CronField.print(CronField.dayOfMonth, Bits.list(pattern.days, 1), stars[2]!, lastDays(pattern)),
    CronField.printPlain(CronField.month, Bits.list(pattern.months)),
    CronField.print(CronField.dayOfWeek, Bits.list(pattern.weekdays), stars[4]!, weekdaysOfMonth(pattern)),
  ].join(" ")
}

/** Returns the schedule in English: "at 05:15 on weekdays, Europe/Riga; …". */
export const explain = (self: Cron): string => {
  const sentence = `${Sentence.of(self.pattern)}, ${self.zone.name}`
  if (!Zone.changes(self.zone)) return sentence
  return self.fixed
    ? `${sentence}; when the clock jumps over it, due as soon as the jump is over`
    : `${sentence}; follows elapsed time when the clock changes`
}

/** Returns what the clock changes within a year after an instant do to the schedule. */
export const warnings = (self: Cron, after: Instant): readonly Warning.Warning[] =>
  Warning.of(self.pattern, self.zone, self.fixed ? "once" : "real", after)

/** A schedule as plain data. */
export interface Encoded {
  readonly kind: "cron"
  readonly expression: string
  readonly zone: string
}

/** Returns the schedule as plain data, for a row or a message. */
export const encode = (self: Cron): Encoded => ({
  kind: "cron",
  expression: self.expression,
  zone: self.zone.name,
})

/** Returns the schedule of plain data. Fails when the zone or the expression is wrong. */
export const decode = (encoded: Encoded): Result.Result<Cron, ScheduleError> => {
  const zone = Zone.make(encoded.zone)
  return Result.isFailure(zone) ? Result.fail(zone.failure) : parse(encoded.expression, zone.success)
}

const lastDays = ({ daysFromEnd, rare }: Pattern.Pattern): readonly string[] => [
  ...(daysFromEnd === 0 ? [] : ["L"]),
  ...(rare?.lastWorkday === true ? ["LW"] : []),
]

const weekdaysOfMonth = ({ rare }: Pattern.Pattern): readonly string[] => {
  const nth = (rare?.nthWeekdays ?? []).flatMap((days, index) =>
    Bits.list(days).map((day) => `${day}#${index + 1}`),
  )
  return [...nth, ...Bits.list(rare?.lastWeekdays ?? 0).map((day) => `${day}L`)]
}

const startsWithStar = (reader: CronReader.CronReader): boolean =>
  reader.text.charCodeAt(reader.from) === 0x2a

/** Whether none of the months has the first of the days. February counts as 29 days long. */
const neverComes = (days: number, months: number): boolean => {
  const first = Bits.next(days, 0) + 1
  return first > 29 && first > longest(months)
}

/** Returns the days of the longest of the months, in a leap year. */
const longest = (months: number): number =>
  Math.max(...Bits.list(months).map((month) => Civil.daysInMonth(2000, month)))

const rareOf = (reader: CronReader.CronReader): Pattern.Rare | undefined => {
  if (!reader.lastWorkday && reader.lastWeekdays === 0 && reader.nthWeekdays === undefined) return undefined
  const fold = (weekdays: number): number => (weekdays | (weekdays >>> 7)) & 0x7f
  return {
    lastWorkday: reader.lastWorkday,
    lastWeekdays: fold(reader.lastWeekdays),
    nthWeekdays: reader.nthWeekdays?.map(fold) ?? [],
    years: undefined,
  }
}

const tooLong = (expression: string): ScheduleError =>
  new ScheduleError({
    field: "expression",
    part: `${expression.slice(0, 20)}…`,
    expected: `at most ${Limits.expressionLength} characters, not ${expression.length}`,
    offset: Limits.expressionLength,
  })

const wrongCount = (expression: string, count: number): ScheduleError => {
  const expected =
    "five fields (minute hour day-of-month month day-of-week), or six with seconds first, " +
    `separated by spaces, not ${count}`
  return new ScheduleError({ field: "expression", part: expression, expected, offset: 0 })
}

const explainProblem = (expression: string, reader: CronReader.CronReader): ScheduleError => {
  const { index, field, from, to, expected } = reader.problem! // safe because a read has failed
  if (reader.text.length === expression.length) {
    return new ScheduleError({ field, part: expression.slice(from, to), expected, offset: from })
  }
  // A few letters grow in upper case (ß → SS), so offsets differ: the whole word is marked instead.
  const word = Whitespace.split({ text: expression, offset: 0 })[index]!
  return new ScheduleError({ field, part: word.text, expected, offset: word.offset })
}
