/**
 * What a calendar expression comes down to: sets of months, days and times of day, as bits.
 *
 * Cron and OnCalendar compile to the same pattern. It knows dates and wall-clock times, but no zone.
 */
import * as Bits from "./Bits.ts"
import * as Civil from "./Civil.ts"

export interface Pattern {
  readonly secondsLow: number
  readonly secondsHigh: number
  readonly minutesLow: number
  readonly minutesHigh: number
  readonly hours: number
  /** Bit 0 is the first of the month. */
  readonly days: number
  /** Days counted from the month's end: bit 0 is the last day. */
  readonly daysFromEnd: number
  /** Bits 1–12. */
  readonly months: number
  /** Bit 0 is Sunday. */
  readonly weekdays: number
  /** A day matches when its date *or* its weekday does; otherwise both must. */
  readonly either: boolean
  readonly rare: Rare | undefined
  /** The earliest matching second of the day: most searches end there. */
  readonly firstTime: number
}

/** What few expressions use, kept apart so that the others stay small. */
export interface Rare {
  /** The last day of the month that is neither Saturday nor Sunday. */
  readonly lastWorkday: boolean
  /** Weekdays whose last occurrence in the month matches. */
  readonly lastWeekdays: number
  /** `nthWeekdays[k]`: weekdays whose occurrence number k + 1 in the month matches. */
  readonly nthWeekdays: readonly number[]
  /** Ascending; `undefined` for every year. */
  readonly years: readonly number[] | undefined
}

/** Completes the sets of a pattern. */
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

export const everyDay = 0x7fffffff
export const everyMonth = Bits.range(1, 12)
export const everyWeekday = 0x7f
export const everyHour = Bits.range(0, 23)
export const everySixtieth = Bits.range(0, 29)

/**
 * The earliest matching wall time, in seconds, that is not before `wall`; `never` if there is none in the months that
 * begin by `latest`. Takes at most twelve steps a year, each of a few nanoseconds.
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

/** The matching days of a month that begins on day number `first`: bit 0 is the first of the month. */
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

/** The earliest matching second of the day that is not before `second`, or −1. */
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

/** The first match after a month. */
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

/** Weekdays laid over a month whose first day is `weekday`. */
const everyWeek = (weekdays: number, weekday: number): number => {
  const week = ((weekdays >>> weekday) | (weekdays << (7 - weekday))) & 0x7f
  return week | (week << 7) | (week << 14) | (week << 21) | (week << 28)
}

const lastWorkday = (weekdayOfFirst: number, length: number): number => {
  const weekday = (weekdayOfFirst + length - 1) % 7
  const back = weekday === 0 ? 2 : weekday === 6 ? 1 : 0
  return 1 << (length - 1 - back)
}
