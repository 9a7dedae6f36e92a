/** Calendar dates as numbers: the proleptic Gregorian calendar in integer arithmetic, for any year of a `Date`. */

/** Seconds in a day; wall clocks know no leap seconds. */
export const secondsInDay = 86_400

/** An era is 400 years; day numbers are moved 700 eras up, so that no division has a negative number. */
const daysInEra = 146_097
const era0 = 700
const shift = 719_468 + era0 * daysInEra

/** Up to this day number, 2100-02-28, every fourth year since 1970 is a leap year, and a shorter formula is enough. */
const plainDays = 47_540

/** Days from 1968-03-01 to 1970-01-01. */
const plainShift = 671

/** Returns the day number of a wall time. Integer division is used where it fits, because it is much faster. */
export const dayAt = (wall: number): number => {
  if (wall >= 0 && wall < 2 ** 31) return ((wall | 0) / secondsInDay) | 0
  return Math.floor(wall / secondsInDay)
}

/**
 * Returns year, month and day of a day number (0 is 1970-01-01) in one integer: `year << 9 | month << 5 | day`.
 *
 * An integer rather than an object, because every `next` comes here. (H. Hinnant's `civil_from_days`.)
 */
export const fromDay = (day: number): number => {
  if (day >= 0 && day < plainDays) {
    const moved = (day + plainShift) | 0
    const years = ((4 * moved + 3) / 1461) | 0
    return pack(1968 + years, moved - ((1461 * years) >> 2))
  }
  const moved = (day + shift) | 0
  const era = (moved / daysInEra) | 0
  const dayOfEra = moved - era * daysInEra
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0))
  return pack(yearOfEra + (era - era0) * 400, dayOfYear)
}

/** Returns the year of a packed date. */
export const yearOf = (packed: number): number => packed >> 9

/** Returns the month of a packed date, 1–12. */
export const monthOf = (packed: number): number => (packed >> 5) & 15

/** Returns the day of the month of a packed date, 1–31. */
export const dayOf = (packed: number): number => packed & 31

/** Returns the day number of the first of a month (1–12). */
export const firstOfMonth = (year: number, month: number): number => {
  const marchYear = (month <= 2 ? year - 1 : year) + era0 * 400
  const era = (marchYear / 400) | 0
  const yearOfEra = marchYear - era * 400
  const dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0
  return era * daysInEra + yearOfEra * 365 + (yearOfEra >> 2) - ((yearOfEra / 100) | 0) + dayOfYear - shift
}

/** Whether a year has a February 29. */
export const isLeap = (year: number): boolean => (year & 3) === 0 && (year % 100 !== 0 || year % 400 === 0)

/** Returns the days in a month (1–12). Apart from February, odd months up to July and even ones from August have 31. */
export const daysInMonth = (year: number, month: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : 30 + ((month + (month >> 3)) & 1)

/** Returns the weekday of a day number: 0 is Sunday, 6 is Saturday. */
export const weekdayOf = (day: number): number => {
  const rest = (day + 4) % 7
  return rest < 0 ? rest + 7 : rest | 0
}

/** Returns a wall time as text: "2021-03-28 03:30", with seconds unless they are 0. */
export const format = (wall: number): string => {
  const day = Math.floor(wall / secondsInDay)
  const packed = fromDay(day)
  const date = [String(yearOf(packed)).padStart(4, "0"), two(monthOf(packed)), two(dayOf(packed))].join("-")
  return `${date} ${formatTime(wall - day * secondsInDay)}`
}

/** Returns a wall time as text, with seconds in any case: "2021-03-28 03:30:00". */
export const formatExactly = (wall: number): string => {
  const text = format(wall)
  return wall % 60 === 0 ? `${text}:00` : text
}

/** Returns a second of the day as text: "03:30", with seconds unless they are 0. */
export const formatTime = (second: number): string => {
  const shown = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}`
  return second % 60 === 0 ? shown : `${shown}:${two(second % 60)}`
}

/** Packs a date that is given by a year from March to February, and a day in it: 0 is March 1. */
const pack = (marchYear: number, dayOfYear: number): number => {
  const marchMonth = ((5 * dayOfYear + 2) / 153) | 0
  const day = dayOfYear - (((153 * marchMonth + 2) / 5) | 0) + 1
  return marchMonth < 10
    ? (marchYear << 9) | ((marchMonth + 3) << 5) | day
    : ((marchYear + 1) << 9) | ((marchMonth - 9) << 5) | day
}

const two = (value: number): string => String(value).padStart(2, "0")
