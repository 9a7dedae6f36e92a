/**
 * A calendar expression in compiled form: sets of months, days and times of day, as bits.
 *
 * Cron and OnCalendar compile to the same pattern. It is about dates and wall-clock times, and knows no zone.
 */
import * as Bits from "./Bits.ts"
import * as Civil from "./Civil.ts"

/** The dates and times of day that match. */
export interface Pattern {
  /** Seconds 0–29 and, in the other set, 30–59; so are the minutes. */
  readonly secondsLow: number
  readonly secondsHigh: number
  readonly minutesLow: number
  readonly minutesHigh: number
  readonly hours: number
  /** Days of the month; bit 0 is the first. */
  readonly days: number
  /** Days counted from the end of the month; bit 0 is the last day. */
  readonly daysFromEnd: number
  /** Bits 1–12. */
  readonly months: number
  /** Bit 0 is Sunday. */
  readonly weekdays: number
  /** Whether a day matches when its date *or* its weekday does; otherwise both must. */
  readonly either: boolean
  readonly rare: Rare | undefined
  /** The earliest matching second of a day, at which most searches end. */
  readonly firstTime: number
}

/** What few expressions use, kept apart so that the patterns of the others stay small. */
export interface Rare {
  /** Whether the last day of the month that is neither Saturday nor Sunday matches. */
  readonly lastWorkday: boolean
  /** Weekdays whose last occurrence in the month matches. */
  readonly lastWeekdays: number
  /** `nthWeekdays[k]`: weekdays whose occurrence number k + 1 in the month matches. */
  readonly nthWeekdays: readonly number[]
  /** Ascending; `undefined` for every year. */
  readonly years: readonly number[] | undefined
}

/** Returns the pattern of the sets. Its properties always have one order, which keeps searches fast. */
export const make = (sets: Omit<Pattern, "firstTime">): Pattern => ({
  secondsLow: sets.secondsLow,
  secondsHigh: sets.secondsHigh,
  minutesLow: sets.minutesLow,
  minutesHigh: sets.minutesHigh,
  hours: sets.hours,
  days: sets.days,
  daysFromEnd: sets.daysFromEnd,
  months: sets.months,
  weekdays: sets.weekdays,
  either: sets.either,
  rare: sets.rare,
  firstTime:
    Bits.next(sets.hours, 0) * 3600 +
    Bits.nextOfSixty(sets.minutesLow, sets.minutesHigh, 0) * 60 +
    Bits.nextOfSixty(sets.secondsLow, sets.secondsHigh, 0),
})

/** Later than any wall time. */
export const never = Infinity

/** All days of a month. */
export const everyDay = 0x7fffffff

/** All months. */
export const everyMonth = Bits.range(1, 12)

/** All weekdays. */
export const everyWeekday = 0x7f

/** All hours of a day. */
export const everyHour = Bits.range(0, 23)

/** All minutes of half an hour, or seconds of half a minute. */
export const everySixtieth = Bits.range(0, 29)

/**
 * Returns the earliest matching wall time, in seconds, that is not before `wall`; `never` if there is none in the
 * months that begin by `latest`. A search takes at most twelve steps a year, each of a few nanoseconds.
 */
export const next = (self: Pattern, wall: number, latest: number): number => {
  const today = Civil.dayAt(wall)
  const date = Civil.fromDay(today)
  const year = Civil.yearOf(date)
  const month = Civil.monthOf(date)
  const day = Civil.dayOf(date)
  if (wall > latest) return never
  if (self.rare?.years !== undefined && !self.rare.years.includes(year))
    return nextFrom(self, year, 12, latest)
  if (Bits.has(self.months, month)) {
    const first = today - day + 1
    const days = daysIn(self, first, Civil.daysInMonth(year, month))
    if (Bits.has(days, day - 1)) {
      const time = nextTime(self, wall - today * Civil.secondsInDay)
      if (time >= 0) return today * Civil.secondsInDay + time
    }
    const later = Bits.next(days, day)
    if (later >= 0) return (first + later) * Civil.secondsInDay + self.firstTime
  }
  return nextFrom(self, year, month, latest)
}

/** Returns `next` of one pattern, for what looks for wall times without knowing what they come from. */
export const search =
  (self: Pattern) =>
  (wall: number, latest: number): number =>
    next(self, wall, latest)

/** Returns the matching days of a month that begins on day number `first`; bit 0 is the first of the month. */
export const daysIn = (self: Pattern, first: number, length: number): number => {
  const within = length === 31 ? everyDay : (1 << length) - 1
  const weekday = Civil.weekdayOf(first)
  let dates = self.days
  if (self.daysFromEnd !== 0) dates |= Bits.reverse(self.daysFromEnd, length)
  let weekdays = everyWeek(self.weekdays, weekday)
  const rare = self.rare
  if (rare !== undefined) {
    if (rare.lastWorkday) dates |= lastWorkday(weekday, length)
    weekdays |= everyWeek(rare.lastWeekdays, weekday) & ~((1 << (length - 7)) - 1)
    for (let k = 0; k < rare.nthWeekdays.length; k++) {
      weekdays |= everyWeek(rare.nthWeekdays[k]!, weekday) & (0x7f << (7 * k))
    }
  }
  return (self.either ? dates | weekdays : dates & weekdays) & within
}

/** Returns how many times of a day match. */
export const perDay = (self: Pattern): number =>
  Bits.count(self.hours) *
  (Bits.count(self.minutesLow) + Bits.count(self.minutesHigh)) *
  (Bits.count(self.secondsLow) + Bits.count(self.secondsHigh))

/** Returns the earliest matching second of a day that is not before `second`, or −1. */
export const nextTime = (self: Pattern, second: number): number => {
  const hour = (second / 3600) | 0
  if (Bits.has(self.hours, hour)) {
    const minute = ((second - hour * 3600) / 60) | 0
    const same = Bits.nextOfSixty(self.minutesLow, self.minutesHigh, minute)
    if (same === minute) {
      const rest = Bits.nextOfSixty(self.secondsLow, self.secondsHigh, second % 60)
      if (rest >= 0) return hour * 3600 + minute * 60 + rest
    }
    const later = same === minute ? Bits.nextOfSixty(self.minutesLow, self.minutesHigh, minute + 1) : same
    if (later >= 0) return hour * 3600 + later * 60 + firstSecond(self)
  }
  const later = Bits.next(self.hours, hour + 1)
  if (later < 0) return -1
  return later * 3600 + Bits.nextOfSixty(self.minutesLow, self.minutesHigh, 0) * 60 + firstSecond(self)
}

const firstSecond = (self: Pattern): number => Bits.nextOfSixty(self.secondsLow, self.secondsHigh, 0)

/** Returns the first match after a month. */
const nextFrom = (self: Pattern, fromYear: number, fromMonth: number, latest: number): number => {
  let year = fromYear
  let month = fromMonth
  for (;;) {
    month = Bits.next(self.months, month + 1)
    if (month < 0) {
      year = nextYear(self.rare, year + 1)
      if (year === never) return never
      month = Bits.next(self.months, 0)
    }
    const first = Civil.firstOfMonth(year, month)
    if (first * Civil.secondsInDay > latest) return never
    const days = daysIn(self, first, Civil.daysInMonth(year, month))
    if (days !== 0) return (first + Bits.next(days, 0)) * Civil.secondsInDay + self.firstTime
  }
}

const nextYear = (rare: Rare | undefined, year: number): number =>
  rare?.years === undefined ? year : (rare.years.find((selected) => selected >= year) ?? never)

/** Returns the days of a month with one of the weekdays; the first of the month is a `weekday`. */
const everyWeek = (weekdays: number, weekday: number): number => {
  const week = ((weekdays >>> weekday) | (weekdays << (7 - weekday))) & 0x7f
  return week | (week << 7) | (week << 14) | (week << 21) | (week << 28)
}

const lastWorkday = (weekdayOfFirst: number, length: number): number => {
  const weekday = (weekdayOfFirst + length - 1) % 7
  const back = weekday === 0 ? 2 : weekday === 6 ? 1 : 0
  return 1 << (length - 1 - back)
}
