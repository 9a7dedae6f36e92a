/**
 * Cron expressions, as Healthchecks reads them (cronsim 2.7, which follows Debian's crontab(5)).
 *
 * Five fields, or six with seconds first. Differs from cronsim where cronsim contradicts itself around changes of the
 * clock: here every result is later than `after`, and nothing is missed or invented.
 */
import * as Result from "effect/Result"
import * as Limits from "../Limits.ts"
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Bits from "./Bits.ts"
import * as Civil from "./Civil.ts"
import * as CronField from "./CronField.ts"
import * as Pattern from "./Pattern.ts"
import * as Regime from "./Regime.ts"
import { ScheduleError } from "./ScheduleError.ts"
import * as Whitespace from "./Whitespace.ts"

export interface Cron {
  readonly kind: "cron"
  /** As it was typed. */
  readonly expression: string
  readonly zone: Zone.Zone
  readonly pattern: Pattern.Pattern
  /**
   * Fixed times of the day, which a jump of the clock neither loses nor repeats: five fields, neither minute nor hour
   * beginning with `*`. The others follow elapsed time.
   */
  readonly fixed: boolean
}

/** Reads an expression; the error names the first bad field from the left. */
export const parse = (expression: string, zone: Zone.Zone): Result.Result<Cron, ScheduleError> => {
  if (expression.length > Limits.expressionLength) return Result.fail(tooLong(expression))
  const draft = CronField.draft(expression)
  const count = draft.count
  if (count !== 5 && count !== 6) return Result.fail(wrongCount(expression, count))
  const first = count - 5
  let secondsLow = 1
  let secondsHigh = 0
  if (count === 6) {
    if (!CronField.read(draft, 0, CronField.second)) return Result.fail(explainProblem(expression, draft))
    secondsLow = draft.low
    secondsHigh = draft.high
  }
  if (!CronField.read(draft, first, CronField.minute)) return Result.fail(explainProblem(expression, draft))
  const minutesLow = draft.low
  const minutesHigh = draft.high
  const minuteStar = startsWithStar(draft)
  if (!CronField.read(draft, first + 1, CronField.hour)) return Result.fail(explainProblem(expression, draft))
  const hours = draft.low
  const hourStar = startsWithStar(draft)
  if (!CronField.read(draft, first + 2, CronField.dayOfMonth))
    return Result.fail(explainProblem(expression, draft))
  const days = (draft.low >>> 1) | (draft.high << 29)
  const dayStar = startsWithStar(draft)
  const dayFrom = draft.from
  const dayTo = draft.to
  if (!CronField.read(draft, first + 3, CronField.month))
    return Result.fail(explainProblem(expression, draft))
  const months = draft.low
  const monthFrom = draft.from
  const monthTo = draft.to
  if (!CronField.read(draft, first + 4, CronField.dayOfWeek))
    return Result.fail(explainProblem(expression, draft))
  const weekdays = (draft.low | (draft.low >>> 7)) & 0x7f
  if (!draft.lastDay && !draft.lastWorkday && neverComes(days, months)) {
    const expected = `a day that ${draft.text.slice(monthFrom, monthTo)} (the month field) has, or L for its last day`
    draft.problem = { field: CronField.dayOfMonth.name, from: dayFrom, to: dayTo, expected }
    return Result.fail(explainProblem(expression, draft))
  }
  const pattern = Pattern.make({
    secondsLow,
    secondsHigh,
    minutesLow,
    minutesHigh,
    hours,
    days,
    daysFromEnd: draft.lastDay ? 1 : 0,
    months,
    weekdays,
    either: !dayStar && !startsWithStar(draft),
    rare: rareOf(draft),
  })
  return Result.succeed({
    kind: "cron",
    expression,
    zone,
    pattern,
    fixed: count === 5 && !minuteStar && !hourStar,
  })
}

/** The first occurrence after an instant; `undefined` if there is none within about fifty years. */
export const next = (self: Cron, after: Instant): Instant | undefined => {
  const second = Math.floor(after / 1000)
  if (!(Math.abs(second) <= Zone.farthest)) return undefined
  const found = self.fixed
    ? Regime.once(self.pattern, self.zone, second)
    : Regime.real(self.pattern, self.zone, second)
  return found <= Zone.farthest ? found * 1000 : undefined
}

export interface Encoded {
  readonly kind: "cron"
  readonly expression: string
  readonly zone: string
}

/** Plain data, for a row or a message; `decode` reads it back. */
export const encode = (self: Cron): Encoded => ({
  kind: "cron",
  expression: self.expression,
  zone: self.zone.name,
})

export const decode = (encoded: Encoded): Result.Result<Cron, ScheduleError> => {
  const zone = Zone.make(encoded.zone)
  return Result.isFailure(zone) ? Result.fail(zone.failure) : parse(encoded.expression, zone.success)
}

function startsWithStar(draft: CronField.Draft): boolean {
  return draft.text.charCodeAt(draft.from) === 0x2a
}

/** No month that is asked for is as long as the first day that is asked for; February counts as 29. */
function neverComes(days: number, months: number): boolean {
  const first = Bits.next(days, 0) + 1
  if (first <= 29) return false
  for (let month = Bits.next(months, 1); month > 0; month = Bits.next(months, month + 1)) {
    if (first <= Civil.daysInMonth(2000, month)) return false
  }
  return true
}

function rareOf(draft: CronField.Draft): Pattern.Rare | undefined {
  if (!draft.lastWorkday && draft.lastWeekdays === 0 && draft.nthWeekdays === undefined) return undefined
  const fold = (weekdays: number): number => (weekdays | (weekdays >>> 7)) & 0x7f
  return {
    lastWorkday: draft.lastWorkday,
    lastWeekdays: fold(draft.lastWeekdays),
    nthWeekdays: draft.nthWeekdays?.map(fold) ?? [],
    years: undefined,
  }
}

function tooLong(expression: string): ScheduleError {
  return new ScheduleError({
    field: "expression",
    part: `${expression.slice(0, 20)}…`,
    expected: `at most ${Limits.expressionLength} characters, not ${expression.length}`,
    offset: Limits.expressionLength,
  })
}

function wrongCount(expression: string, count: number): ScheduleError {
  const expected =
    "five fields (minute hour day-of-month month day-of-week), or six with seconds first, " +
    `separated by spaces, not ${count}`
  return new ScheduleError({ field: "expression", part: expression, expected, offset: 0 })
}

function explainProblem(expression: string, draft: CronField.Draft): ScheduleError {
  const { field, from, to, expected } = draft.problem! // safe because it is called when a read has failed
  if (draft.text.length === expression.length) {
    return new ScheduleError({ field, part: expression.slice(from, to), expected, offset: from })
  }
  // A few letters grow in upper case (ß → SS): point at the whole word, for words stay in their order.
  const index =
    draft.bounds.findLastIndex((bound, at) => at % 2 === 0 && bound <= from && bound < draft.to) / 2
  const word = Whitespace.split({ text: expression, offset: 0 })[index]!
  return new ScheduleError({ field, part: word.text, expected, offset: word.offset })
}
