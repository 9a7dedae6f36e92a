/** What is strange about a schedule that is valid: it may not mean what its author meant. */
import { counted } from "../Counted.ts"
import * as Bits from "./Bits.ts"
import * as Civil from "./Civil.ts"
import * as Pattern from "./Pattern.ts"
import * as Sentence from "./Sentence.ts"

/** The code of a remark on a schedule, for programs: it does not change between releases. */
export type Code =
  | "ended"
  | "never-due"
  | "uneven-step"
  | "every-minute"
  | "either-day"
  | "skips-months"
  | "leap-years"

/** Something that a schedule probably does not mean, or that surprises many. */
export interface Remark {
  readonly code: Code
  /** A sentence: what the schedule does, and what to write for what was probably meant. */
  readonly text: string
}

/** A field of a line, as typed. */
interface Field {
  readonly text: string
  readonly name: "minute" | "hour" | "month" | "day"
  readonly first: number
  /** How many values the field has. */
  readonly size: number
  /** What the field starts anew with. */
  readonly round: string
}

/** Returns the remarks on the fields of a cron line. */
export const ofCron = (words: readonly string[], pattern: Pattern.Pattern): readonly Remark[] => {
  const [minute, hour, day, month] = words.slice(-5) as [string, string, string, string] // safe because a line has five
  return [
    ...steps({ text: minute, name: "minute", first: 0, size: 60, round: "hour" }),
    ...steps({ text: hour, name: "hour", first: 0, size: 24, round: "day" }),
    ...steps({ text: day, name: "day", first: 1, size: 31, round: "month" }),
    ...steps({ text: month, name: "month", first: 1, size: 12, round: "year" }),
    ...everyMinute(hour, pattern),
    ...eitherDay(pattern),
    ...rareDays(pattern, "L"),
  ]
}

/** Returns the remarks on an OnCalendar line. */
export const ofCalendar = (words: readonly string[], pattern: Pattern.Pattern): readonly Remark[] => {
  const [hour = "", minute = ""] = words.find((word) => word.includes(":"))?.split(":") ?? []
  return [
    ...steps({ text: minute, name: "minute", first: 0, size: 60, round: "hour" }),
    ...steps({ text: hour, name: "hour", first: 0, size: 24, round: "day" }),
    ...rareDays(pattern, "*-*~01"),
  ]
}

/**
 * Returns the remark on a schedule that has no more slots. `wasDue`: it has had some. `isJumped`: it names times, to
 * come or, of one that was never due, at all; and the clock jumps over each of them.
 */
export const ofEnd = (wasDue: boolean, isJumped: boolean): Remark => {
  if (wasDue) {
    const jumped = isJumped ? ", or the clock jumps over it" : ""
    return { code: "ended", text: `It will never be due again: every time that it names is past${jumped}.` }
  }
  const text = isJumped
    ? "It is never due: the clock jumps over every time that it names."
    : "It is never due: the calendar has no such day."
  return { code: "never-due", text }
}

/** Returns the remarks on line number `index` + 1 of `count`, which name it when there are several. */
export const inLine = (remarks: readonly Remark[], index: number, count: number): readonly Remark[] =>
  count === 1 ? remarks : remarks.map(({ code, text }) => ({ code, text: `Line ${index + 1}: ${text}` }))

/** A step from the first value of a field that does not divide it: the last gap is shorter than the others. */
const steps = ({ text: typed, name, first, size, round }: Field): readonly Remark[] => {
  const found = /^(?:\*|0{0,2}[01])\/(\d{1,9})$/.exec(typed)
  const begins = typed.startsWith("*") || Number.parseInt(typed, 10) === first
  const step = Number(found?.[1] ?? 1)
  if (found === null || !begins || step <= 1) return []
  const code = "uneven-step"
  const each = name === "minute" ? "an hour" : `a ${round}`
  if (step >= size) {
    const only = first === 0 ? `${name} 0` : `the first ${name}`
    return [
      {
        code,
        text: `No second step of ${step} fits in ${each}, so only ${only} matches. ${even(name, step)}`,
      },
    ]
  }
  // Months end at 28 to 31 days, so that no step of days is even.
  if (size % step === 0 && name !== "day") return []
  const rest = size - Math.floor((size - 1) / step) * step
  const gap =
    name === "day"
      ? `not ${step} days (after day ${size - rest + 1} comes day 1)`
      : `${counted(rest, name)}, not ${step}`
  const text = `Every ${counted(step, name)} begins anew with each ${round}, and the gap at the end of ${each} is ${gap}.`
  return [{ code, text: `${text} ${even(name, step)}` }]
}

/** Returns what to write for an even distance. */
const even = (name: Field["name"], step: number): string => {
  if (name === "day") return `An even distance is an interval: "every ${step} days from 2026-01-05".`
  return name === "month"
    ? "A list of months says which are meant."
    : "An even distance is a period, not a schedule."
}

/** `* 9 * * *`: sixty times an hour, where the hours are named one by one. */
const everyMinute = (hour: string, { minutesLow, minutesHigh }: Pattern.Pattern): readonly Remark[] => {
  const isEvery = minutesLow === Pattern.everySixtieth && minutesHigh === Pattern.everySixtieth
  if (!isEvery || !/^\d{1,2}(?:,\d{1,2})*$/.test(hour)) return []
  const text = `It is due 60 times in hour ${hour}, in every minute. On the hour alone it is "0 ${hour} …".`
  return [{ code: "every-minute", text }]
}

const eitherDay = ({ either }: Pattern.Pattern): readonly Remark[] =>
  either
    ? [
        {
          code: "either-day",
          text:
            "A day matches when its date or its weekday does, because neither field begins with *. " +
            'Where both must match, OnCalendar says it: "Fri *-*-13".',
        },
      ]
    : []

/** Dates that some months, or most years, have not. */
const rareDays = (pattern: Pattern.Pattern, lastDay: string): readonly Remark[] => {
  const { days, daysFromEnd, either, rare } = pattern
  const [first] = Bits.list(days, 1)
  if (first === undefined || first <= 28 || daysFromEnd !== 0 || either || rare?.lastWorkday === true)
    return []
  const months = Bits.list(pattern.months)
  if (months.every((month) => month === 2)) {
    // That it has no later day is said of the schedule, which is never due.
    return first > 29 ? [] : [{ code: "leap-years", text: "February 29 comes in leap years only." }]
  }
  const short = months.filter((month) => Civil.daysInMonth(2001, month) < first)
  if (short.length === 0) return []
  const which = short.length > 2 ? `${short.length} months` : Sentence.and(short.map(Sentence.month))
  const except = first === 29 ? ", except in leap years" : ""
  const text =
    `It skips ${which}, which ${short.length === 1 ? "has" : "have"} no day ${first}${except}. ` +
    `The last day of each month is written ${lastDay}.`
  return [{ code: "skips-months", text }]
}
