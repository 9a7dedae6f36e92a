/** The seven fields of an OnCalendar line: what may stand in each, and the numbers that it means. */
import * as Canonical from "./Canonical.ts"
import { ScheduleError } from "./ScheduleError.ts"
import type { Piece } from "./Whitespace.ts"

/** A field, with the numbers that it takes. */
export interface OnCalendarField {
  readonly name: "day-of-week" | "year" | "month" | "day-of-month" | "hour" | "minute" | "second"
  readonly first: number
  readonly last: number
  /** For error messages. */
  readonly allowed: string
}

const field = (
  name: OnCalendarField["name"],
  first: number,
  last: number,
  allowed: string,
): OnCalendarField => ({ name, first, last, allowed })

const usual = "lists (1,2), ranges (1..5) and steps (0/15, 1..9/2)"

/** The year; two digits mean 1970 to 2069. */
export const year = field("year", 1970, 2199, `* alone, 1970-2199 (or two digits: 70-99, 00-69), ${usual}`)

/** The month, by number. */
export const month = field("month", 1, 12, `* alone, 1-12, ${usual}`)

/** The day of the month, from its beginning or, after a `~`, from its end. */
export const day = field("day-of-month", 1, 31, `* alone, 1-31, ${usual}`)

/** The hour of the day. */
export const hour = field("hour", 0, 23, `* alone, 0-23, ${usual}`)

/** The minute of the hour. */
export const minute = field("minute", 0, 59, `* alone, 0-59, ${usual}`)

/** The second of the minute. */
export const second = field("second", 0, 59, `* alone, whole seconds 0-59, ${usual}`)

/** The weekday; 0 is Monday. A range may not go past the end of the week, which is Sunday. */
export const weekday = field(
  "day-of-week",
  0,
  6,
  "Mon to Sun or full English names, lists (Mon,Wed), ranges (Mon..Fri)",
)

/** The names of weekdays in the canonical text, Monday first. */
export const weekdayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const

const longNames = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]

/** A single day may be counted from the end of the month up to here, a range further (systemd.time(7)). */
const lastFromEnd = 28

/** Returns the numbers that a field means, in any order and possibly repeated. */
export const read = (piece: Piece, of: OnCalendarField): readonly number[] | ScheduleError => {
  if (piece.text === "*" && of !== weekday) return range(of.first, of.last, 1)
  return readList(piece, of, false)
}

/** Returns days counted from the end of the month, 1 for the last. `piece` is what follows the `~`. */
export const readFromEnd = (piece: Piece): readonly number[] | ScheduleError => readList(piece, day, true)

/** Returns weekdays, 0 for Monday. Trailing commas are ignored, and `-` means the same as `..`. */
export const readWeekdays = (piece: Piece): readonly number[] | ScheduleError => {
  const text = piece.text.replace(/,+$/, "")
  return readList({ text, offset: piece.offset }, weekday, false)
}

/** Returns the canonical text of a field; `values` ascend. */
export const print = (of: OnCalendarField, values: readonly number[]): string => {
  const notation = notationOf(of)
  if (of === weekday) return weekdayRanges(values, notation)
  return Canonical.isAll(values, notation) ? "*" : Canonical.list(values, notation)
}

/** Returns the canonical text of days counted from the end of the month. It has no steps, which would count down. */
export const printFromEnd = (values: readonly number[]): string => {
  const { show, to } = notationOf(day)
  return Canonical.runs(values)
    .map(([first, last]) =>
      first === last && last <= lastFromEnd ? show(first) : `${show(first)}${to}${show(last)}`,
    )
    .join(",")
}

/** Returns the error for a wrong piece of a field. */
export const fail = (field: string, piece: Piece, expected: string): ScheduleError =>
  new ScheduleError({ field, part: piece.text, expected, offset: piece.offset })

/** Returns the parts of a piece between separators. */
export const cut = (piece: Piece, separator: string): readonly Piece[] => {
  let offset = piece.offset
  return piece.text.split(separator).map((text) => {
    const part = { text, offset }
    offset += text.length + separator.length
    return part
  })
}

const notationOf = (of: OnCalendarField): Canonical.Notation => {
  const show =
    of === weekday
      ? (value: number) => weekdayNames[value]!
      : (value: number) => String(value).padStart(2, "0")
  return { first: of.first, last: of.last, to: "..", show, openSteps: true }
}

/** Weekdays have no steps, only ranges. */
const weekdayRanges = (values: readonly number[], notation: Canonical.Notation): string =>
  Canonical.runs(values)
    .map(([first, last]) => Canonical.list(range(first, last, 1), notation))
    .join(",")

const readList = (piece: Piece, of: OnCalendarField, fromEnd: boolean): readonly number[] | ScheduleError => {
  const all = new Set<number>()
  for (const term of cut(piece, ",")) {
    const numbers = readTerm(term, of, fromEnd)
    if (numbers instanceof ScheduleError) return numbers
    for (const number of numbers) all.add(number)
  }
  return [...all]
}

const readTerm = (term: Piece, of: OnCalendarField, fromEnd: boolean): readonly number[] | ScheduleError => {
  const slash = of === weekday ? -1 : term.text.indexOf("/")
  const base = slash < 0 ? term : { text: term.text.slice(0, slash), offset: term.offset }
  const bounds = readBounds(base, of, fromEnd)
  if (bounds instanceof ScheduleError) return bounds
  const [first, last] = bounds
  if (slash < 0) return range(first, last, 1)
  const stepPiece = { text: term.text.slice(slash + 1), offset: term.offset + slash + 1 }
  const step = number(stepPiece.text)
  if (!(step >= 1)) return fail(of.name, stepPiece, "a step of 1 or more after the slash")
  // From the end, oncalendar counts down: ~7/1 is the last seven days, and ~1..4/2 begins with the 4th from the end.
  if (fromEnd) return range(first === last ? 1 : first, last, 1).filter((day) => (last - day) % step === 0)
  return range(first, first === last ? of.last : last, step)
}

const readBounds = (
  base: Piece,
  of: OnCalendarField,
  fromEnd: boolean,
): readonly [first: number, last: number] | ScheduleError => {
  const separator = of === weekday && !base.text.includes("..") ? "-" : ".."
  const at = base.text.indexOf(separator)
  if (at < 0) {
    const single = value(base.text, of)
    if (Number.isNaN(single)) return fail(of.name, base, of.allowed)
    if (fromEnd && single > lastFromEnd) {
      return fail(
        of.name,
        base,
        `1-${lastFromEnd} after the ~ (a range such as ${single}..31 may go further)`,
      )
    }
    return [single, single]
  }
  const low = { text: base.text.slice(0, at), offset: base.offset }
  const high = { text: base.text.slice(at + separator.length), offset: base.offset + at + separator.length }
  const first = value(low.text, of)
  if (Number.isNaN(first)) return fail(of.name, low.text === "" ? base : low, of.allowed)
  const last = value(high.text, of)
  if (Number.isNaN(last)) return fail(of.name, high.text === "" ? base : high, of.allowed)
  if (last < first) return fail(of.name, base, forwards(of, low.text, high.text))
  return [first, last]
}

const forwards = (of: OnCalendarField, low: string, high: string): string => {
  if (of === year) return `a range that goes forwards: ${high} is before ${low}`
  const wrapped =
    of === weekday
      ? `${low === weekdayNames[6] ? low : `${low}..Sun`},${high === weekdayNames[0] ? high : `Mon..${high}`}`
      : `${low}..${of.last},${of.first}..${high}`
  const why = of === weekday ? "the week begins on Monday" : "a range does not wrap around"
  return `a range that goes forwards (${why}; ${wrapped} does what was probably meant)`
}

const value = (text: string, of: OnCalendarField): number => {
  if (of === weekday) {
    const name = text.toUpperCase()
    const index = longNames.findIndex((long) => name === long || name === long.slice(0, 3))
    return index < 0 ? NaN : index
  }
  let found = number(text)
  if (of === year && found < 100) found += found < 70 ? 2000 : 1900
  return found >= of.first && found <= of.last ? found : NaN
}

/** Returns the number in a text; NaN unless it is one or more ASCII digits. */
const number = (text: string): number => (/^[0-9]+$/.test(text) ? Number(text) : NaN)

const range = (first: number, last: number, step: number): readonly number[] => {
  const numbers: number[] = []
  for (let number = first; number <= last; number += step) numbers.push(number)
  return numbers
}
