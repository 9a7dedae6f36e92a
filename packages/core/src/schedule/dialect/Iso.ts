/** Dates and rules of other standards: an instant, ISO 8601 repetition, iCalendar's RRULE; and beyond Healthchecks' reading. */
import * as Result from "effect/Result"
import * as LocalTime from "../../LocalTime.ts"
import { day, second } from "../../Time.ts"
import * as Zone from "../../Zone.ts"
import * as Civil from "../Civil.ts"
import * as Interval from "../Interval.ts"
import * as Never from "../Never.ts"
import { quote, type Finding, type Pasted } from "./Finding.ts"
import * as Period from "./Period.ts"

const form = /^(\d{4}-\d\d-\d\d)(?:[T\s](\d\d:\d\d)(:\d\d)?(?:[.,]\d+)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i

/** Recognises what other standards write; returns `undefined` for the rest. */
export const recognise = (pasted: Pasted): Finding | undefined =>
  rule(pasted) ?? repetition(pasted) ?? once(pasted) ?? instant(pasted) ?? own(pasted)

const example = "every 2 weeks from 2026-01-05 09:00"

/** `RRULE:FREQ=DAILY`. */
const rule = ({ text, reads }: Pasted): Finding | undefined => {
  if (!/^(?:RRULE\s*:|DTSTART|(?:[A-Z]+=[^;\s]+;)*FREQ=)/i.test(text)) return undefined
  const frequency = /FREQ=([A-Z]+)/i.exec(text)?.[1]?.toUpperCase() ?? ""
  const [line, meaning] = rules.get(frequency) ?? weekly
  const other = line === weekly[0] && reads(example) ? `, and ${quote(example)} every other one` : ""
  const remedy = `in cron, ${quote(line)} is ${meaning}${other}`
  return { what: "this is a rule of iCalendar (RFC 5545)", remedy, isCron: false }
}

type Example = readonly [line: string, meaning: string]

const weekly: Example = ["0 9 * * 1", "Mondays at 09:00"]

/** What is nearest to a rule by its frequency; which time it is of may stand elsewhere, so nothing is rewritten. */
const rules: ReadonlyMap<string, Example> = new Map([
  ["HOURLY", ["0 * * * *", "every hour"]],
  ["DAILY", ["0 9 * * *", "every day at 09:00"]],
  ["WEEKLY", weekly],
  ["MONTHLY", ["0 9 1 * *", "the 1st of each month at 09:00"]],
  ["YEARLY", ["0 9 1 1 *", "January 1 at 09:00"]],
])

/** `R/2024-01-01T00:00:00Z/P1D`. */
const repetition = ({ text, reads }: Pasted): Finding | undefined => {
  const found = /^R(\d*)\/([^/]+)\/(.+)$/i.exec(text)
  if (found === null) return undefined
  const what = "this is an ISO 8601 repeating interval"
  const remedy = reads(example) ? `days and weeks are written as ${quote(example)}` : "write it in cron"
  const [, count, start, length] = found
  const span = Period.spanOf(length!)
  if (span !== undefined && span % day !== 0) return { ...Period.finding(span), what }
  const monthly = /^P1M$/i.test(length!) ? monthlyFrom(start!) : undefined
  if (monthly !== undefined)
    return { what, remedy: `in cron, each month is ${quote(monthly)}`, isCron: false }
  const unit = /^P(\d{1,4})([DW])$/i.exec(length!)
  const from = utcOf(start!)
  if (count !== "" || unit === null || from === undefined) return { what, remedy, isCron: false }
  const name = unit[2]!.toUpperCase() === "W" ? "week" : "day"
  const line = `every ${unit[1] === "1" ? name : `${unit[1]} ${name}s`} from ${from}`
  return reads(line) ? { what, rewritten: line, zone: "UTC", isCron: false } : { what, remedy, isCron: false }
}

/** Returns the cron line of a day of the month and a time, as they are written; `undefined` for a text that has none. */
const monthlyFrom = (text: string): string | undefined => {
  const [, date, clock] = form.exec(text) ?? []
  if (date === undefined || clock === undefined) return undefined
  const [hour, minute] = clock.split(":").map(Number)
  return `${minute} ${hour} ${Number(date.slice(8))} * *`
}

/** `at(2026-12-01T00:00:00)`: EventBridge reads it in the zone of the schedule. */
const once = ({ text, reads }: Pasted): Finding | undefined => {
  const [, date, clock] = /^at\s*\(\s*(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\s*\)$/i.exec(text) ?? []
  if (date === undefined) return undefined
  const what = "this is one instant in EventBridge's words, which an OnCalendar expression can say"
  const line = `${date} ${clock}`
  if (reads(line)) return { what, rewritten: line, isCron: false }
  return { what, remedy: "it would have to be a time of the years 2000 to 2199 that there is", isCron: false }
}

/** `2026-11-27T03:00:00Z`. */
const instant = ({ text, reads }: Pasted): Finding | undefined => {
  const found = form.exec(text)
  if (found === null) return undefined
  const [, date, clock, seconds = ":00", offset] = found
  // A date, or a date and a time with a space between them, is OnCalendar, which says what is wrong with it.
  if (clock === undefined || (offset === undefined && !/T/i.test(text))) return undefined
  const utc = offset === undefined ? undefined : utcOf(text)
  const line = offset === undefined ? `${date} ${clock}${seconds}` : `${utc} UTC`
  const what = "this is one instant, which an OnCalendar expression can say"
  if (reads(line)) return { what, rewritten: line, isCron: false }
  return { what, remedy: "it would have to be a time of the years 2000 to 2199 that there is", isCron: false }
}

/** Returns the date and time of an instant in UTC; `undefined` when the text is none, or has no offset. */
const utcOf = (text: string): string | undefined => {
  const found = form.exec(text)
  if (found === null) return undefined
  const [, date, clock, seconds = ":00", offset] = found
  if (clock === undefined || offset === undefined) return undefined
  const at = LocalTime.read(`${date}T${clock}${seconds}${offset}`, Zone.utc)
  return Result.isFailure(at) ? undefined : Civil.formatExactly(Math.floor(at.success / second))
}

const spellings: ReadonlyMap<string, string> = new Map([
  ["anually", "yearly"],
  ["biannually", "semiannually"],
  ["bi-annually", "semiannually"],
  ["semi-annually", "semiannually"],
])

/** What Healthchecks has not, and spellings of systemd that it does not take. */
const own = ({ text, reads }: Pasted): Finding | undefined => {
  const spelling = spellings.get(text.toLowerCase())
  if (spelling !== undefined && reads(spelling)) {
    return { what: "this is a spelling of systemd alone", rewritten: spelling, isCron: false }
  }
  if (Never.isWritten(text)) {
    return { what: '"never" is not accepted here', remedy: "leave the schedule out", isCron: false }
  }
  if (!/^every\s/i.test(text)) return undefined
  if (!reads(example)) {
    const remedy = "cron has days of the week and of the month"
    return { what: "an interval is not accepted here", remedy, isCron: false }
  }
  // What is wrong in an interval, its own reader has said.
  if (Interval.isBegun(text)) return undefined
  return { what: "this is no schedule", remedy: `an interval is written as ${Interval.form}`, isCron: false }
}
