/**
 * Cron expressions, as Healthchecks reads them (cronsim 2.7, which follows Debian's crontab(5)).
 *
 * Five fields, or six with seconds first; the schedule of several lines is their union. It differs from cronsim where
 * that contradicts itself around clock changes: here every result is later than `after`, and no occurrence is missed or
 * invented.
 */
import * as Result from "effect/Result"
import * as Limits from "../Limits.ts"
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Bits from "./Bits.ts"
import * as Civil from "./Civil.ts"
import * as CronReader from "./CronReader.ts"
import * as CronField from "./CronField.ts"
import * as CronText from "./CronText.ts"
import * as Pattern from "./Pattern.ts"
import * as Regime from "./Regime.ts"
import * as Remark from "./Remark.ts"
import * as ScheduleErrors from "./ScheduleError.ts"
import { ScheduleError } from "./ScheduleError.ts"
import * as Sentence from "./Sentence.ts"
import * as TextInZone from "./TextInZone.ts"
import * as Warning from "./Warning.ts"
import * as Whitespace from "./Whitespace.ts"

/** One line of an expression. */
export interface Line {
  readonly pattern: Pattern.Pattern
  /**
   * Whether it names fixed times of the day, which a clock change neither loses nor repeats: it has five fields, and
   * neither minute nor hour begins with `*`. All others follow elapsed time.
   */
  readonly fixed: boolean
}

/** A cron expression that was read, in a time zone. It is its own first line, because hardly any has a second. */
export interface Cron extends Line {
  readonly kind: "cron"
  /** The text as it was typed, with line feeds between its lines. */
  readonly expression: string
  readonly zone: Zone.Zone
  /** The lines after the first. */
  readonly more: readonly Line[]
}

const none: readonly Line[] = []

/**
 * Returns the schedule of an expression: of the union of its lines, where it has several. The error names the first
 * wrong field of the first wrong line.
 */
export const parse = (expression: string, zone: Zone.Zone): Result.Result<Cron, ScheduleError> => {
  if (expression.length > Limits.expressionLength) return Result.fail(ScheduleErrors.tooLong(expression))
  const reader = CronReader.of(expression)
  const count = reader.count
  if (count !== 5 && count !== 6) return parseLines(expression, zone, count)
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
    more: none,
  })
}

/** Each line is judged alone; blank ones are ignored. An expression of one line has a wrong count of words. */
const parseLines = (
  expression: string,
  zone: Zone.Zone,
  count: number,
): Result.Result<Cron, ScheduleError> => {
  const lines = linesOf(expression)
  if (lines.length < 2) return Result.fail(wrongCount(expression, count))
  const read: Cron[] = []
  for (const { text, offset } of lines) {
    const line = parse(text, zone)
    if (Result.isFailure(line)) return Result.fail(ScheduleErrors.moved(line.failure, offset))
    read.push(line.success)
  }
  const [{ pattern, fixed }, ...more] = read as [Cron, ...Cron[]] // safe because there are two lines or more
  return Result.succeed({
    kind: "cron",
    expression,
    zone,
    pattern,
    fixed,
    more: more.map(({ pattern, fixed }) => ({ pattern, fixed })),
  })
}

/** Returns the first occurrence after an instant (exclusive); `undefined` if there is none within about fifty years. */
export const next = (self: Cron, after: Instant): Instant | undefined => {
  const second = Math.floor(after / 1000)
  if (!(Math.abs(second) <= Zone.farthest)) return undefined
  let found = nextOf(self, self.zone, second)
  for (const line of self.more) found = Math.min(found, nextOf(line, self.zone, second))
  return found <= Zone.farthest ? found * 1000 : undefined
}

/** Returns how many slots a day has at most, clock changes aside. */
export const perDay = (self: Cron): number =>
  self.more.reduce((sum, { pattern }) => sum + Pattern.perDay(pattern), Pattern.perDay(self.pattern))

/**
 * Returns the canonical text: one spelling for every set, with a leading `*` where that decides how the fields work
 * together. Reading it back gives the same schedule.
 */
export const print = (self: Cron): string =>
  textsOf(self)
    .map((text, index) => CronText.print(text, linesIn(self)[index]!.pattern))
    .join("\n")

/** Returns the schedule in English: "at 05:15 on weekdays, Europe/Riga; …". */
export const explain = (self: Cron): string => {
  const { zone } = self
  const lines = linesIn(self)
  const habits = lines.map(({ fixed }) => habitOf(fixed))
  const sentences = lines.map(({ pattern }) => `${Sentence.of(pattern)}, ${zone.name}`)
  if (!Zone.changes(zone)) return sentences.join("; and ")
  if (new Set(habits).size === 1) return `${sentences.join("; and ")}; ${habits[0]!}`
  return sentences.map((sentence, index) => `${sentence} (${habits[index]!})`).join("; and ")
}

/** Returns what the clock changes within a year after an instant do to each line. */
export const warnings = (self: Cron, after: Instant): readonly Warning.Warning[] =>
  linesIn(self)
    .flatMap(({ pattern, fixed }) =>
      Warning.of(Pattern.search(pattern), self.zone, fixed ? "once" : "real", after),
    )
    .toSorted((a, b) => a.at - b.at)

/** Returns what is strange about each line. */
export const remarks = (self: Cron): readonly Remark.Remark[] => {
  const texts = textsOf(self)
  return linesIn(self).flatMap(({ pattern }, index) => {
    const words = Whitespace.split({ text: texts[index]!, offset: 0 }).map((word) => word.text)
    return Remark.inLine(Remark.ofCron(words, pattern), index, texts.length)
  })
}

/** A schedule as plain data. */
export type Encoded = TextInZone.Encoded<"cron">

/** Returns the schedule as plain data, for a row or a message. */
export const encode: (self: Cron) => Encoded = TextInZone.encode

/** Returns the schedule of plain data. Fails when the zone or the text is wrong. */
export const decode = TextInZone.decoder(parse)

const nextOf = ({ pattern, fixed }: Line, zone: Zone.Zone, second: number): number =>
  fixed ? Regime.once(pattern, zone, second) : Regime.real(pattern, zone, second)

/** Returns the lines of a text that are not blank. */
const linesOf = (text: string): readonly Whitespace.Piece[] =>
  Whitespace.lines({ text, offset: 0 }).filter((line) => line.text !== "")

const linesIn = (self: Cron): readonly Line[] => [self, ...self.more]

/** Returns the text of each line. */
const textsOf = ({ expression, more }: Cron): readonly string[] =>
  more.length === 0 ? [expression] : linesOf(expression).map(({ text }) => text)

const habitOf = (fixed: boolean): string =>
  fixed
    ? "when the clock jumps over it, due as soon as the jump is over"
    : "follows elapsed time when the clock changes"

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
