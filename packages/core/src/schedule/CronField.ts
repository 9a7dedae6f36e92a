/** The six fields of a cron line: what may stand in each, and how its canonical text is written. */
import * as Bits from "./Bits.ts"
import * as Canonical from "./Canonical.ts"

/** A field, with the numbers and names that it takes. */
export interface CronField {
  readonly name: "second" | "minute" | "hour" | "day-of-month" | "month" | "day-of-week"
  readonly first: number
  readonly last: number
  /** All numbers of the field as bits: 0–29, and from 30. */
  readonly low: number
  readonly high: number
  /** Names of three letters each in one text, the first of which means `first`; empty when the field has none. */
  readonly names: string
  /** For error messages. */
  readonly allowed: string
}

const field = (
  name: CronField["name"],
  first: number,
  last: number,
  names: string,
  allowed: string,
): CronField => {
  const low = Bits.range(first, Math.min(last, 29))
  const high = last < 30 ? 0 : Bits.range(0, last - 30)
  return { name, first, last, low, high, names, allowed }
}

const usual = "lists (1,2), ranges (1-5) and steps (*/2, 1-5/2)"

/** The first of six fields; lines of five run at second 0. */
export const second: CronField = field("second", 0, 59, "", `*, 0-59, ${usual}`)

/** The minute of the hour. */
export const minute: CronField = field("minute", 0, 59, "", `*, 0-59, ${usual}`)

/** The hour of the day. */
export const hour: CronField = field("hour", 0, 23, "", `*, 0-23, ${usual}`)

/** The day of the month; `L` is the last one, `LW` the last from Monday to Friday. */
export const dayOfMonth: CronField = field(
  "day-of-month",
  1,
  31,
  "",
  `*, 1-31, ${usual}, L (last day) or LW (last Monday to Friday)`,
)

/** The month, by number or name. */
export const month: CronField = field(
  "month",
  1,
  12,
  "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC",
  `*, 1-12 or JAN-DEC, ${usual}`,
)

/** The weekday, by number or name; 0 and 7 are Sunday. */
export const dayOfWeek: CronField = field(
  "day-of-week",
  0,
  7,
  "SUNMONTUEWEDTHUFRISAT",
  `*, 0-7 or SUN-SAT (0 and 7 are Sunday), ${usual}, 5L (last Friday) or 5#2 (second Friday)`,
)

/** Returns the canonical text of a field: its ascending values, then the specials. `star` keeps a leading `*`. */
export const print = (
  of: CronField,
  values: readonly number[],
  star: boolean,
  specials: readonly string[] = [],
): string => {
  const notation = notationOf(of)
  if (values.length === 0) return specials.join(",")
  return [(star ? Canonical.starred : Canonical.list)(values, notation), ...specials].join(",")
}

/** Returns the canonical text of a field where a leading `*` has no further meaning. */
export const printPlain = (of: CronField, values: readonly number[]): string => {
  const notation = notationOf(of)
  const star = Canonical.isAll(values, notation) || Canonical.isEven(values, notation)
  return (star ? Canonical.starred : Canonical.list)(values, notation)
}

/** Returns the number that a part of a text means, by digits or by name; −1 when the field has no such number. */
export const value = (of: CronField, text: string, from: number, to: number): number => {
  let found = number(text, from, to)
  if (found < 0 && to - from === 3 && of.names !== "") {
    const at = of.names.indexOf(text.slice(from, to))
    if (at >= 0 && at % 3 === 0) found = of.first + at / 3
  }
  return found >= of.first && found <= of.last ? found : -1
}

/** Returns the number in a part of a text; −1 unless it is one or more ASCII digits. */
export const number = (text: string, from: number, to: number): number => {
  if (from >= to) return -1
  let found = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 0x30
    if (digit < 0 || digit > 9) return -1
    found = found < largest ? found * 10 + digit : largest
  }
  return found
}

/** Returns what was expected in place of a range from `first` back to `last`. */
export const forwards = (of: CronField, first: number, last: number): string => {
  const end = of.last === 7 ? 6 : of.last
  const upper = first === end ? show(of, first) : `${show(of, first)}-${show(of, end)}`
  const lower = last === of.first ? show(of, last) : `${show(of, of.first)}-${show(of, last)}`
  return `a range that goes forwards (a range does not wrap around; ${upper},${lower} does what was probably meant)`
}

/** Larger than any field, so that any larger step means the same. */
const largest = 1_000_000

/** Weekdays are written with Sunday as 0, so 6 is the last. */
const notationOf = (of: CronField): Canonical.Notation => ({
  first: of.first,
  last: of === dayOfWeek ? 6 : of.last,
  to: "-",
  show: String,
  openSteps: false,
})

const show = (of: CronField, value: number): string => {
  if (of.names === "") return String(value)
  const at = ((value - of.first) * 3) % of.names.length
  return of.names.slice(at, at + 3)
}
