/**
 * Every so many days or weeks on the wall clock of a zone, counted from a date: "every 2 weeks from 2026-01-05 09:00".
 *
 * A time that a clock change skips is due when the change is over; one that the clock shows twice is due the first
 * time: as cron does it with fixed times of the day (Debian cron(8)).
 */
import * as Result from "effect/Result"
import * as Limits from "../Limits.ts"
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Civil from "./Civil.ts"
import type { Remark } from "./Remark.ts"
import { ScheduleError, tooLong } from "./ScheduleError.ts"
import * as Sentence from "./Sentence.ts"
import * as TextInZone from "./TextInZone.ts"
import * as Warning from "./Warning.ts"

/** An interval that was read, in a time zone. */
export interface Interval {
  readonly kind: "interval"
  /** The text as it was typed. */
  readonly expression: string
  readonly zone: Zone.Zone
  /** The wall time of the first slot, in seconds. */
  readonly first: number
  /** Days from one slot to the next. */
  readonly days: number
}

/** The form of the text, for messages. */
export const form = "every N days from YYYY-MM-DD HH:MM, or every N weeks from …"

/** Whether a text begins as an interval does; `parse` says whether it is one. */
export const isBegun = (text: string): boolean =>
  text.length <= Limits.expressionLength && /^\s*every\s[^]*\sfrom\s/i.test(text)

const grammar =
  /^\s*every\s+(?:(\d{1,9})\s+)?(day|week)s?\s+from\s+((\d{4})-(\d\d)-(\d\d))(?:(?:\s+|T)((\d\d):(\d\d)(?::(\d\d))?))?\s*$/i

/** Returns the schedule of a text. The error names what is wrong: the form, the number, the date, or the time. */
export const parse = (text: string, zone: Zone.Zone): Result.Result<Interval, ScheduleError> => {
  if (text.length > Limits.expressionLength) return Result.fail(tooLong(text))
  const found = grammar.exec(text)
  if (found === null) return fail(text, "expression", text, form)
  const [, count = "1", unit, date, year, month, day, time, hour, minute, second = "0"] = found
  const isWeeks = unit!.toLowerCase() === "week"
  const most = isWeeks ? Limits.intervalWeeks : Limits.intervalDays
  if (Number(count) < 1 || Number(count) > most) {
    return fail(text, "interval", count, `1 to ${most} ${isWeeks ? "weeks" : "days"}`)
  }
  const midnight = dayOf(Number(year), Number(month), Number(day))
  if (midnight === undefined) {
    return fail(text, "date", date!, "a date that the calendar has, from 1970-01-01 to 2199-12-31")
  }
  if (time !== undefined && (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)) {
    return fail(text, "time", time, "a time from 00:00 to 23:59")
  }
  return Result.succeed({
    kind: "interval",
    expression: text,
    zone,
    first:
      midnight * Civil.secondsInDay + Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second),
    days: Number(count) * (isWeeks ? 7 : 1),
  })
}

/** Returns the first slot after an instant (exclusive). The very first is at the date itself; none comes before. */
export const next = (self: Interval, after: Instant): Instant | undefined => {
  const second = Math.floor(after / 1000)
  if (!(Math.abs(second) <= Zone.farthest)) return undefined
  const wall = search(self)(Zone.latestWall(self.zone, second) + 1)
  const found = Zone.firstAt(self.zone, second + 1, wall)
  return found <= Zone.farthest ? found * 1000 : undefined
}

/** Returns how many slots a day has: a part of one. */
export const perDay = (self: Interval): number => 1 / self.days

/** Returns the canonical text, in weeks where they fit: "every 2 weeks from 2026-01-05 09:00". */
export const print = (self: Interval): string => `${every(self)} from ${Civil.format(self.first)}`

/** Returns the schedule in English: "every 2 weeks on Monday at 09:00, Europe/Berlin, from 2026-01-05; …". */
export const explain = (self: Interval): string => {
  const [date, time] = Civil.format(self.first).split(" ") as [string, string] // safe because a time follows the date
  const weekday = Sentence.weekday(Civil.weekdayOf(Civil.dayAt(self.first)))
  const on = self.days % 7 === 0 ? ` on ${weekday}` : ""
  const sentence = `${every(self)}${on} at ${time}, ${self.zone.name}, from ${date}`
  return Zone.changes(self.zone)
    ? `${sentence}; when the clock jumps over it, due as soon as the jump is over`
    : sentence
}

/** Returns what the clock changes within a year after an instant do to the schedule. */
export const warnings = (self: Interval, after: Instant): readonly Warning.Warning[] =>
  Warning.of(search(self), self.zone, "once", after)

/** Returns no remarks: an interval is what it says. */
export const remarks = (): readonly Remark[] => []

/** A schedule as plain data. */
export type Encoded = TextInZone.Encoded<"interval">

/** Returns the schedule as plain data, for a row or a message. */
export const encode: (self: Interval) => Encoded = TextInZone.encode

/** Returns the schedule of plain data. Fails when the zone or the text is wrong. */
export const decode = TextInZone.decoder(parse)

/** Returns a function that finds the first wall time of a slot from `wall` (inclusive) on. */
const search =
  ({ first, days }: Interval) =>
  (wall: number): number => {
    const step = days * Civil.secondsInDay
    return first + Math.max(0, Math.ceil((wall - first) / step)) * step
  }

/** "every week", "every 10 days": in weeks where they fit and are not too many. */
const every = ({ days }: Interval): string => {
  const isWeeks = days % 7 === 0 && days / 7 <= Limits.intervalWeeks
  const [count, unit] = isWeeks ? [days / 7, "week"] : [days, "day"]
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`
}

/** Returns the day number of a date; `undefined` when the calendar has no such date, or it is out of bounds. */
const dayOf = (year: number, month: number, day: number): number | undefined => {
  if (year < 1970 || year > 2199 || month < 1 || month > 12) return undefined
  if (day < 1 || day > Civil.daysInMonth(year, month)) return undefined
  return Civil.firstOfMonth(year, month) + day - 1
}

const fail = (
  text: string,
  field: string,
  part: string,
  expected: string,
): Result.Result<never, ScheduleError> =>
  Result.fail(new ScheduleError({ field, part, expected, offset: Math.max(0, text.indexOf(part)) }))
