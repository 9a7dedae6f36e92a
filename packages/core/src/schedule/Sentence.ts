/** A pattern in English: "at 05:15 on weekdays", "every 15 minutes from 09:00 to 16:45". */
import * as Bits from "./Bits.ts"
import * as Canonical from "./Canonical.ts"
import * as Civil from "./Civil.ts"
import * as Pattern from "./Pattern.ts"

/** Returns the times of day, then the days. */
export const of = (self: Pattern.Pattern): string => {
  const times = timesOf(self)
  const days = daysOf(self, times.everyHour)
  return days === "" ? times.text : `${times.text} ${days}`
}

/** Returns a list in English: "a", "a and b", "a, b and c". */
export const and = (items: readonly string[], word = "and"): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} ${word} ${items.at(-1)!}`

/** Returns the name of a weekday: 0 is Sunday, 6 is Saturday. */
export const weekday = (number: number): string => weekdays[number]!

/** Returns the name of a month, 1–12. */
export const month = (number: number): string => months[number - 1]!

/** The most times of day that are listed one by one; more are hard to read. */
const listed = 6

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
]

const nth = ["first", "second", "third", "fourth", "fifth"]

const timesOf = (self: Pattern.Pattern): { readonly text: string; readonly everyHour: boolean } => {
  const hours = Bits.list(self.hours)
  const minutes = Bits.listOfSixty(self.minutesLow, self.minutesHigh)
  const seconds = Bits.listOfSixty(self.secondsLow, self.secondsHigh)
  if (hours.length * minutes.length * seconds.length <= listed) {
    const times = hours.flatMap((hour) =>
      minutes.flatMap((minute) => seconds.map((second) => hour * 3600 + minute * 60 + second)),
    )
    return { text: `at ${and(times.map(Civil.formatTime))}`, everyHour: false }
  }
  const everyHour = regular(hours, 24) !== undefined
  const onTheMinute = seconds.length === 1 && seconds[0] === 0
  return { text: onTheMinute ? minutesOf(hours, minutes) : secondsOf(hours, minutes, seconds), everyHour }
}

const minutesOf = (hours: readonly number[], minutes: readonly number[]): string => {
  if (minutes.length === 1) return hoursAt(hours, minutes[0]!)
  const every = regular(minutes, 60)
  const last = every === undefined ? 59 : minutes.at(-1)!
  return `${every === undefined ? irregular(minutes) : `every ${unit(every, "minute")}`}${during(hours, last)}`
}

/** Minutes that are the same in each hour, but not spread evenly over it. */
const irregular = (minutes: readonly number[]): string => {
  const step = Canonical.spacing(minutes)
  return step > 1 && minutes.length > 3
    ? `every ${unit(step, "minute")} from ${minutes[0]!} to ${minutes.at(-1)!} past the hour`
    : `at ${counted(minutes, "minute")} past the hour`
}

/** One minute, in each of several hours. */
const hoursAt = (hours: readonly number[], minute: number): string => {
  const past = minute === 0 ? "on the hour" : `${unit(minute, "minute", true)} past the hour`
  const every = regular(hours, 24)
  if (every !== undefined) return `every ${unit(every, "hour")}, ${past}`
  const [run, ...more] = Canonical.runs(hours)
  if (more.length === 0) {
    const [first, last] = run!.map((hour) => Civil.formatTime(hour * 3600 + minute * 60))
    return `every hour from ${first} to ${last}`
  }
  return `${past}${during(hours, 59)}`
}

const secondsOf = (
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
): string => {
  const every = regular(seconds, 60)
  const frequency =
    every === undefined ? `at ${counted(seconds, "second")}` : `every ${unit(every, "second")}`
  const hour = during(hours, 59)
  if (minutes.length === 60)
    return every === undefined ? `${frequency} past every minute${hour}` : `${frequency}${hour}`
  const step = regular(minutes, 60)
  const minute = step === undefined ? counted(minutes, "minute", true) : `every ${ordinal(step)} minute`
  return `${frequency} ${every === undefined ? "past" : "of"} ${minute}${hour === "" ? " of every hour" : hour}`
}

/** " from 09:00 to 17:59", " in the hours 9, 12 and 15", or nothing for the whole day. */
const during = (hours: readonly number[], lastMinute: number): string => {
  if (hours.length === 24) return ""
  const [run, ...more] = Canonical.runs(hours)
  if (more.length === 0) {
    const [first, last] = run!
    return ` from ${Civil.formatTime(first * 3600)} to ${Civil.formatTime(last * 3600 + lastMinute * 60)}`
  }
  const every = regular(hours, 24)
  return every === undefined ? ` in the hours ${ranges(hours, String)}` : ` of every ${ordinal(every)} hour`
}

const daysOf = (self: Pattern.Pattern, everyHour: boolean): string => {
  const inMonths =
    self.months === Pattern.everyMonth ? undefined : ranges(Bits.list(self.months >>> 1), monthName)
  const dates = datesOf(self)
  const days = weekdaysOf(self)
  const year = self.rare?.years === undefined ? "" : yearsOf(self.rare.years)
  const ofMonth = ` of ${inMonths ?? "the month"}`
  const inMonth = inMonths === undefined ? "" : ` in ${inMonths}`
  if (self.either ? dates === undefined || days === undefined : dates === undefined && days === undefined) {
    const day = everyHour ? "" : "every day"
    return `${day}${inMonth}${year}`.trimStart()
  }
  if (dates === undefined) return `on ${days!.plural}${days!.inMonth ? ofMonth : inMonth}${year}`
  if (days === undefined) return `on ${dates}${ofMonth}${year}`
  return self.either
    ? `on ${dates}${ofMonth} and on ${days.plural}${inMonth}${year}`
    : `on ${dates}${ofMonth}${year} if it is ${days.single}`
}

const yearsOf = (years: readonly number[]): string => {
  const step = Canonical.spacing(years)
  return step > 1 && years.length > 3
    ? ` every ${ordinal(step)} year from ${years[0]!} to ${years.at(-1)!}`
    : ` in ${ranges(years, String)}`
}

/** "the 1st and the 15th", "the last day"; `undefined` when every date matches. */
const datesOf = (self: Pattern.Pattern): string | undefined => {
  if (self.days === Pattern.everyDay) return undefined
  const days = Bits.list(self.days, 1)
  const step = Canonical.spacing(days)
  const parts =
    step > 1 && days.length > 3
      ? [`every ${ordinal(step)} day from the ${ordinal(days[0]!)} to the ${ordinal(days.at(-1)!)}`]
      : spans(days, (day) => `the ${ordinal(day)}`)
  parts.push(...Canonical.runs(Bits.list(self.daysFromEnd, 1)).map(([first, last]) => fromEnd(first, last)))
  if (self.rare?.lastWorkday === true) parts.push("the last day from Monday to Friday")
  return and(parts)
}

/** "the last day", "the 3rd last day", "the last 7 days". */
const fromEnd = (first: number, last: number): string => {
  if (first === last) return first === 1 ? "the last day" : `the ${ordinal(first)} last day`
  return first === 1 ? `the last ${last} days` : `the ${ordinal(last)} to the ${ordinal(first)} last day`
}

interface Weekdays {
  /** "Mondays and Fridays", "weekdays", "the last Friday". */
  readonly plural: string
  /** "a Monday or a Friday". */
  readonly single: string
  /** Whether some are counted within the month. */
  readonly inMonth: boolean
}

const weekdaysOf = (self: Pattern.Pattern): Weekdays | undefined => {
  if (self.weekdays === Pattern.everyWeekday) return undefined
  const counted = [
    ...(self.rare?.nthWeekdays ?? []).flatMap((days, index) =>
      Bits.list(days).map((day) => `the ${nth[index]} ${weekdays[day]}`),
    ),
    ...Bits.list(self.rare?.lastWeekdays ?? 0).map((day) => `the last ${weekdays[day]}`),
  ]
  const inMonth = counted.length > 0
  if (self.weekdays === workdays) return named("weekdays", "a weekday", counted)
  if (self.weekdays === weekend) return named("weekends", "a Saturday or Sunday", counted)
  // The sentence lists Monday first and Sunday last.
  const days = Bits.list(((self.weekdays >>> 1) | (self.weekdays << 6)) & 0x7f, 1).map((day) => day % 7)
  const ordered = Canonical.runs(days.map((day) => (day === 0 ? 7 : day))).flatMap(([first, last]) =>
    last - first >= 2
      ? [`${weekdays[first]!} to ${weekdays[last % 7]!}`]
      : Array.from({ length: last - first + 1 }, (_, index) => `${weekdays[(first + index) % 7]!}s`),
  )
  return {
    plural: and([...ordered, ...counted]),
    single: and([...days.map((day) => `a ${weekdays[day]!}`), ...counted], "or"),
    inMonth,
  }
}

const workdays = 0b0111110
const weekend = 0b1000001

const named = (plural: string, single: string, counted: readonly string[]): Weekdays => ({
  plural: and([plural, ...counted]),
  single: and([single, ...counted], "or"),
  inMonth: counted.length > 0,
})

/**
 * The step of a set that begins at 0 and is spread evenly over `round`: 15 for 0, 15, 30, 45. `undefined` otherwise.
 */
const regular = (values: readonly number[], round: number): number | undefined => {
  const step = round / values.length
  return Number.isInteger(step) && values.every((value, index) => value === index * step) ? step : undefined
}

const spans = (values: readonly number[], show: (value: number) => string): string[] =>
  Canonical.runs(values).flatMap(([first, last]) =>
    last - first >= 2
      ? [`${show(first)} to ${show(last)}`]
      : Array.from({ length: last - first + 1 }, (_, index) => show(first + index)),
  )

const ranges = (values: readonly number[], show: (value: number) => string): string =>
  and(spans(values, show))

const monthName = (month: number): string => months[month]!

/** "5 and 20 minutes"; with the noun first, "minutes 5 and 20". */
const counted = (values: readonly number[], noun: string, nounFirst = false): string => {
  const single = values.length === 1 && (nounFirst || values[0] === 1)
  const plural = single ? noun : `${noun}s`
  return nounFirst ? `${plural} ${ranges(values, String)}` : `${ranges(values, String)} ${plural}`
}

/** "minute", "5 minutes"; with `always`, "1 minute". */
const unit = (count: number, noun: string, always = false): string => {
  if (count === 1) return always ? `1 ${noun}` : noun
  return `${count} ${noun}s`
}

const ordinal = (value: number): string => {
  const ten = Math.floor(value / 10) % 10
  const suffix = ten === 1 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th")
  return `${value}${suffix}`
}
