/**
 * OnCalendar expressions, as Healthchecks reads them (oncalendar 1.1, which follows systemd.time(7)).
 *
 * One expression a line, each with a zone of its own if it ends with one; the schedule is their union. A time that a
 * clock change skips does not happen; a time that the clock shows twice happens once.
 */
import * as Result from "effect/Result"
import * as Limits from "../Limits.ts"
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Bits from "./Bits.ts"
import * as Field from "./OnCalendarField.ts"
import * as Pattern from "./Pattern.ts"
import * as Regime from "./Regime.ts"
import * as Remark from "./Remark.ts"
import { ScheduleError, tooLong } from "./ScheduleError.ts"
import * as Sentence from "./Sentence.ts"
import * as TextInZone from "./TextInZone.ts"
import * as Warning from "./Warning.ts"
import * as Whitespace from "./Whitespace.ts"

/** An OnCalendar expression that was read. */
export interface OnCalendar {
  readonly kind: "onCalendar"
  /** The text as it was typed. */
  readonly expression: string
  /** The zone of the lines that name none. */
  readonly zone: Zone.Zone
  readonly lines: readonly Line[]
}

/** One line of an expression; `zone` is `undefined` when it names none. */
export interface Line {
  readonly pattern: Pattern.Pattern
  readonly zone: Zone.Zone | undefined
}

type Piece = Whitespace.Piece

/** Words that may stand for a whole line, in any case (systemd.time(7), without its rarer spellings). */
const shorthands: ReadonlyMap<string, string> = new Map([
  ["minutely", "*-*-* *:*:00"],
  ["hourly", "*-*-* *:00:00"],
  ["daily", "*-*-* 00:00:00"],
  ["weekly", "Mon *-*-* 00:00:00"],
  ["monthly", "*-*-01 00:00:00"],
  ["quarterly", "*-01,04,07,10-01 00:00:00"],
  ["semiannually", "*-01,07-01 00:00:00"],
  ["yearly", "*-01-01 00:00:00"],
  ["annually", "*-01-01 00:00:00"],
])

const order =
  "[weekdays] [year-]month-day hour:minute[:second] [zone], or minutely, hourly, daily, weekly, monthly, quarterly, " +
  "semiannually, yearly"

/** Returns the schedule of an expression. The error names the first wrong field of the first wrong line. */
export const parse = (expression: string, zone: Zone.Zone): Result.Result<OnCalendar, ScheduleError> => {
  if (expression.length > Limits.expressionLength) return Result.fail(tooLong(expression))
  const lines: Line[] = []
  for (const piece of Field.cut(Whitespace.strip({ text: expression, offset: 0 }), "\n")) {
    const line = readLine(Whitespace.strip(piece))
    if (line instanceof ScheduleError) return Result.fail(line)
    lines.push(line)
  }
  return Result.succeed({ kind: "onCalendar", expression, zone, lines })
}

/** Returns the first occurrence after an instant (exclusive); `undefined` if there is none before the year 2200. */
export const next = (self: OnCalendar, after: Instant): Instant | undefined => {
  const second = Math.floor(after / 1000)
  if (!(Math.abs(second) <= Zone.farthest)) return undefined
  let found = Pattern.never
  for (const line of self.lines) {
    found = Math.min(found, Regime.skipping(line.pattern, line.zone ?? self.zone, second, found))
  }
  return found === Pattern.never ? undefined : found * 1000
}

/** Returns how many slots a day has at most, clock changes aside. */
export const perDay = (self: OnCalendar): number =>
  self.lines.reduce((sum, { pattern }) => sum + Pattern.perDay(pattern), 0)

/** Returns the canonical text, much as systemd prints it. Reading it back gives the same schedule. */
export const print = (self: OnCalendar): string => self.lines.map(printLine).join("\n")

/** Returns the schedule in English: "at 05:15 on weekdays, Europe/Riga; skipped when the clock jumps over it". */
export const explain = (self: OnCalendar): string => {
  const lines = self.lines.map(({ pattern, zone }) => `${Sentence.of(pattern)}, ${(zone ?? self.zone).name}`)
  const jumps = self.lines.some(({ zone }) => Zone.changes(zone ?? self.zone))
  return `${lines.join("; and ")}${jumps ? "; skipped when the clock jumps over it" : ""}`
}

/** Returns what the clock changes within a year after an instant do to each line. */
export const warnings = (self: OnCalendar, after: Instant): readonly Warning.Warning[] =>
  self.lines
    .flatMap(({ pattern, zone }) => Warning.of(Pattern.search(pattern), zone ?? self.zone, "skipping", after))
    .toSorted((a, b) => a.at - b.at)

/** Whether a line names a time that its zone's clock has not shown by an instant, though it may jump over it. */
export const isNaming = (self: OnCalendar, after: Instant): boolean =>
  self.lines.some(({ pattern, zone }) =>
    Regime.isNaming(pattern, zone ?? self.zone, Math.floor(after / 1000)),
  )

/** Returns what is strange about each line. */
export const remarks = ({ expression, lines }: OnCalendar): readonly Remark.Remark[] => {
  const texts = Whitespace.lines(Whitespace.strip({ text: expression, offset: 0 }))
  return lines.flatMap(({ pattern }, index) => {
    const words = Whitespace.split(texts[index]!).map((word) => word.text)
    return Remark.inLine(Remark.ofCalendar(words, pattern), index, lines.length)
  })
}

/** A schedule as plain data. */
export type Encoded = TextInZone.Encoded<"onCalendar">

/** Returns the schedule as plain data, for a row or a message. */
export const encode: (self: OnCalendar) => Encoded = TextInZone.encode

/** Returns the schedule of plain data. Fails when the zone or the text is wrong. */
export const decode = TextInZone.decoder(parse)

const readLine = (line: Piece): Line | ScheduleError => {
  const [rest, zone] = splitZone(line)
  const shorthand = shorthands.get(rest.text.toLowerCase())
  const pattern = readPattern(shorthand === undefined ? rest : { text: shorthand, offset: rest.offset })
  return pattern instanceof ScheduleError ? pattern : { pattern, zone }
}

/** Splits off the last word if it names a zone. A space must stand somewhere before it. */
const splitZone = (line: Piece): readonly [rest: Piece, zone: Zone.Zone | undefined] => {
  const last = line.text.includes(" ") ? Whitespace.split(line).at(-1) : undefined
  if (last === undefined || /^[0-9*]/.test(last.text)) return [line, undefined]
  const zone = Zone.find(last.text)
  if (zone === undefined) return [line, undefined]
  const before = { text: line.text.slice(0, last.offset - line.offset), offset: line.offset }
  return [Whitespace.strip(before), zone]
}

const readPattern = (line: Piece): Pattern.Pattern | ScheduleError => {
  const words = Whitespace.split(line)
  if (words.length === 0) return Field.fail("expression", line, `a line that is not empty: ${order}`)
  const time = words.at(-1)!.text.includes(":") ? words.pop() : undefined
  const last = words.at(-1)?.text ?? ""
  const date = /^[0-9*].*[-~]/s.test(last) ? words.pop() : undefined
  if (words.length > 1) return tooMany(words, line)
  const early = words[0]?.text.includes(":") === true ? words[0] : undefined
  if (early !== undefined) return Field.fail("time", early, `one time, after the date: ${order}`)
  const times = readTime(time)
  if (times instanceof ScheduleError) return times
  const dates = readDate(date)
  if (dates instanceof ScheduleError) return dates
  const weekdays = words[0] === undefined ? undefined : readWeekdays(words[0])
  if (weekdays instanceof ScheduleError) return weekdays
  return Pattern.make({ ...times, ...dates, weekdays: weekdays ?? Pattern.everyWeekday, either: false })
}

const tooMany = (words: readonly Piece[], line: Piece): ScheduleError => {
  const last = words.at(-1)!
  if (/^[A-Za-z]+\/|^[A-Z]{3,}$|^\+/.test(last.text)) {
    return Zone.find(last.text) !== undefined
      ? Field.fail("zone", last, "a space before the zone, not a tab")
      : Zone.unknown(last.text, last.offset)
  }
  return Field.fail("expression", line, `${order}; a list has no spaces`)
}

const printLine = ({ pattern, zone }: Line): string => {
  const { daysFromEnd, rare, hours, weekdays } = pattern
  // Ranges of weekdays begin with Monday.
  const weekday = Bits.list(((weekdays >>> 1) | (weekdays << 6)) & Pattern.everyWeekday)
  const year = rare?.years === undefined ? "*" : Field.print(Field.year, rare.years)
  const month = Field.print(Field.month, Bits.list(pattern.months))
  const day =
    daysFromEnd === 0
      ? `-${Field.print(Field.day, Bits.list(pattern.days, 1))}`
      : `~${Field.printFromEnd(Bits.list(daysFromEnd, 1))}`
  const time = [
    Field.print(Field.hour, Bits.list(hours)),
    Field.print(Field.minute, Bits.listOfSixty(pattern.minutesLow, pattern.minutesHigh)),
    Field.print(Field.second, Bits.listOfSixty(pattern.secondsLow, pattern.secondsHigh)),
  ].join(":")
  const words = [`${year}-${month}${day}`, time]
  if (weekdays !== Pattern.everyWeekday) words.unshift(Field.print(Field.weekday, weekday))
  if (zone !== undefined) words.push(zone.name)
  return words.join(" ")
}

type Times = Pick<Pattern.Pattern, "secondsLow" | "secondsHigh" | "minutesLow" | "minutesHigh" | "hours">

const readTime = (word: Piece | undefined): Times | ScheduleError => {
  if (word === undefined) return { secondsLow: 1, secondsHigh: 0, minutesLow: 1, minutesHigh: 0, hours: 1 }
  const [hour, minute, second, ...more] = Field.cut(word, ":")
  if (more.length > 0) return Field.fail("time", word, "hour:minute or hour:minute:second")
  const hours = Field.read(hour!, Field.hour)
  if (hours instanceof ScheduleError) return hours
  const minutes = Field.read(minute!, Field.minute)
  if (minutes instanceof ScheduleError) return minutes
  const seconds = second === undefined ? [0] : Field.read(second, Field.second)
  if (seconds instanceof ScheduleError) return seconds
  return {
    secondsLow: bits(seconds, 0, 29),
    secondsHigh: bits(seconds, 30, 59),
    minutesLow: bits(minutes, 0, 29),
    minutesHigh: bits(minutes, 30, 59),
    hours: bits(hours, 0, 23),
  }
}

type Dates = Pick<Pattern.Pattern, "days" | "daysFromEnd" | "months" | "rare">

const readDate = (word: Piece | undefined): Dates | ScheduleError => {
  if (word === undefined) {
    return { days: Pattern.everyDay, daysFromEnd: 0, months: Pattern.everyMonth, rare: undefined }
  }
  const tilde = word.text.indexOf("~")
  const front = tilde < 0 ? word : { text: word.text.slice(0, tilde), offset: word.offset }
  const parts = [...Field.cut(front, "-")]
  if (tilde >= 0) parts.push({ text: word.text.slice(tilde + 1), offset: word.offset + tilde + 1 })
  if (parts.length !== 2 && parts.length !== 3) {
    return Field.fail(
      "date",
      word,
      "month-day or year-month-day, with ~ instead of the last - to count from the end",
    )
  }
  const year = parts.length === 3 ? parts[0]! : { text: "*", offset: word.offset }
  const years = Field.read(year, Field.year)
  if (years instanceof ScheduleError) return years
  const months = Field.read(parts.at(-2)!, Field.month)
  if (months instanceof ScheduleError) return months
  const day = parts.at(-1)!
  const fromEnd = tilde >= 0 && day.text !== "*"
  const days = fromEnd ? Field.readFromEnd(day) : Field.read(day, Field.day)
  if (days instanceof ScheduleError) return days
  return {
    days: fromEnd ? 0 : bits(days, 1, 31),
    daysFromEnd: fromEnd ? bits(days, 1, 31) : 0,
    months: bits(months, 1, 12) << 1,
    rare: rareOf(years),
  }
}

/** Returns the weekdays as bits in the order of a pattern, which begins with Sunday. */
const readWeekdays = (word: Piece): number | ScheduleError => {
  const weekdays = Field.readWeekdays(word)
  if (weekdays instanceof ScheduleError) return weekdays
  return bits(
    weekdays.map((weekday) => (weekday + 1) % 7),
    0,
    6,
  )
}

const rareOf = (years: readonly number[]): Pattern.Rare | undefined => {
  if (years.length > Field.year.last - Field.year.first) return undefined
  const sorted = years.toSorted((a, b) => a - b)
  return { lastWorkday: false, lastWeekdays: 0, nthWeekdays: [], years: sorted }
}

/** Returns numbers as bits, bit 0 for `first`. Numbers outside `first` … `last` are left out. */
const bits = (numbers: readonly number[], first: number, last: number): number => {
  let found = 0
  for (const number of numbers) if (number >= first && number <= last) found |= 1 << (number - first)
  return found
}
