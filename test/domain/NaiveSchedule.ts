/**
 * An independent opinion of when an expression fires: sets of numbers, and a walk over every minute (or second) of the
 * wall clock as `Intl` shows it. Written from the documents of the two languages, not from the evaluator; slow and
 * obvious on purpose. Takes valid expressions only.
 */

/** What an expression says: does a wall time match, what becomes of it in gaps and overlaps, how fine is its grid. */
export interface NaiveSchedule {
  readonly matches: (wall: number) => boolean
  readonly habit: "once" | "real" | "skipping"
  readonly zone: string
  /** Seconds between the times that can match: 60 if all are on the minute. */
  readonly step: number
}

/** The seconds in (from, to] at which any of the schedules fires. */
export const occurrences = (
  schedules: ReadonlyArray<NaiveSchedule>,
  from: number,
  to: number,
): ReadonlyArray<number> => {
  const all = new Set(schedules.flatMap((schedule) => occurrencesOf(schedule, from, to)))
  return [...all].toSorted((a, b) => a - b)
}

/** Of each line on its own. */
export const cron = (expression: string, zone: string): ReadonlyArray<NaiveSchedule> =>
  expression
    .trim()
    .split(/\s*\n\s*/)
    .map((line) => cronLine(line, zone))

/** Days are counted one by one from the date. */
export const interval = (text: string, zone: string): ReadonlyArray<NaiveSchedule> => {
  const words = text.trim().toLowerCase().split(/\s+/)
  const [, number, unit] = /^\d/.test(words[1]!) ? words : ["", "1", words[1]!]
  const days = Number(number) * (unit!.startsWith("week") ? 7 : 1)
  const [, date, time = "00:00"] = words.slice(words.indexOf("from"))
  const start = Date.parse(`${date}T00:00:00Z`) / 86_400_000
  const matches = (wall: number): boolean => {
    const today = Math.floor(wall / 86_400)
    const clock = new Date(wall * 1000).toISOString().slice(11, 19)
    return clock === `${time}:00` && today >= start && (today - start) % days === 0
  }
  return [{ matches, habit: "once", zone, step: 60 }]
}

function cronLine(expression: string, zone: string): NaiveSchedule {
  const words = expression.toUpperCase().trim().split(/\s+/)
  const six = words.length === 6
  const [minute, hour, day, month, weekday] = words.slice(-5) as [string, string, string, string, string]
  const seconds = six ? cronSet(words[0]!, 0, 59, "") : new Set([0])
  const minutes = cronSet(minute, 0, 59, "")
  const hours = cronSet(hour, 0, 23, "")
  const months = cronSet(month, 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC")
  const both = day.startsWith("*") || weekday.startsWith("*")
  const matches = (wall: number): boolean => {
    const date = new Date(wall * 1000)
    const dayMatches = matchesDay(day, date)
    const weekdayMatches = matchesWeekday(weekday, date)
    return (
      seconds.has(date.getUTCSeconds()) &&
      minutes.has(date.getUTCMinutes()) &&
      hours.has(date.getUTCHours()) &&
      months.has(date.getUTCMonth() + 1) &&
      (both ? dayMatches && weekdayMatches : dayMatches || weekdayMatches)
    )
  }
  const fixed = !six && !minute.startsWith("*") && !hour.startsWith("*")
  return { matches, habit: fixed ? "once" : "real", zone, step: six ? 1 : 60 }
}

export const onCalendar = (expression: string, zone: string): ReadonlyArray<NaiveSchedule> =>
  expression
    .trim()
    .split("\n")
    .map((line) => onCalendarLine(line.trim(), zone))

function occurrencesOf(
  { matches, habit, zone, step }: NaiveSchedule,
  from: number,
  to: number,
): ReadonlyArray<number> {
  const found: Array<number> = []
  let highest = -Infinity
  const first = Math.floor(from / 60) * 60 - 27 * 3600
  for (let at = first; at <= from; at += 60)
    highest = Math.max(highest, wallAt(zone, at) + Math.min(59, from - at))
  let before = wallAt(zone, Math.floor(from / step) * step)
  for (let at = Math.floor(from / step) * step + step; at <= to; at += step) {
    const wall = wallAt(zone, at)
    const isFirst = wall > highest
    let due = matches(wall) && (habit === "real" || isFirst)
    if (habit === "once") {
      for (let skipped = before + step; skipped < wall; skipped += step) {
        due ||= skipped > highest && matches(skipped)
      }
    }
    if (due) found.push(at)
    highest = Math.max(highest, wall)
    before = wall
  }
  return found
}

function cronSet(text: string, first: number, last: number, names: string): Set<number> {
  const value = (word: string): number => {
    const index = names.split(" ").indexOf(word)
    return index >= 0 && names !== "" ? first + index : Number(word)
  }
  const members = new Set<number>()
  for (const term of text.split(",")) {
    const [base, step] = term.split("/") as [string, string?]
    const [low, high] = base.split("-") as [string, string?]
    const lowest = base === "*" ? first : value(low)
    let highest = base === "*" ? last : value(high ?? low)
    if (step !== undefined && lowest === highest) highest = last
    for (let number = lowest; number <= highest; number += Number(step ?? 1)) members.add(number)
  }
  return members
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
}

function matchesDay(text: string, date: Date): boolean {
  const length = daysInMonth(date)
  const day = date.getUTCDate()
  return text.split(",").some((term) => {
    const [base] = term.split("/") as [string]
    if (base === "L") return day === length
    if (base === "LW") {
      const workday = (other: number): boolean => {
        const weekday = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), other)).getUTCDay()
        return weekday >= 1 && weekday <= 5
      }
      if (!workday(day)) return false
      for (let later = day + 1; later <= length; later++) if (workday(later)) return false
      return true
    }
    return cronSet(term, 1, 31, "").has(day)
  })
}

function matchesWeekday(text: string, date: Date): boolean {
  const weekday = date.getUTCDay()
  const is = (number: number): boolean => number % 7 === weekday
  const names = "SUN MON TUE WED THU FRI SAT"
  return text.split(",").some((term) => {
    if (term.endsWith("L")) return is(Number(term.slice(0, -1))) && date.getUTCDate() + 7 > daysInMonth(date)
    const [base, nth] = term.split("#") as [string, string?]
    const members = cronSet(base, 0, 7, names)
    if (![...members].some(is)) return false
    return nth === undefined || Math.ceil(date.getUTCDate() / 7) === Number(nth)
  })
}

const shorthands: Readonly<Record<string, string>> = {
  minutely: "*-*-* *:*:00",
  hourly: "*-*-* *:00:00",
  daily: "*-*-* 00:00:00",
  weekly: "Mon *-*-* 00:00:00",
  monthly: "*-*-01 00:00:00",
  quarterly: "*-01,04,07,10-01 00:00:00",
  semiannually: "*-01,07-01 00:00:00",
  yearly: "*-01-01 00:00:00",
  annually: "*-01-01 00:00:00",
}

function onCalendarLine(line: string, zone: string): NaiveSchedule {
  const words = line.split(/\s+/)
  const suffix = words.length > 1 && /^(UTC|[A-Z][A-Za-z]+\/\S+)$/.test(words.at(-1)!) ? words.pop()! : zone
  const whole = shorthands[words.join(" ").toLowerCase()]
  const rest = whole === undefined ? words : whole.split(" ")
  const time = rest.at(-1)?.includes(":") === true ? rest.pop()!.split(":") : ["0", "0"]
  const date = /^[0-9*]/.test(rest.at(-1) ?? "") ? rest.pop()!.replace("~", "-~").split("-") : ["*", "*"]
  if (date.length === 2) date.unshift("*")
  const [year, month, day] = date as [string, string, string]
  const years = calendarSet(year, 1970, 2199)
  const months = calendarSet(month, 1, 12)
  const hours = calendarSet(time[0]!, 0, 23)
  const minutes = calendarSet(time[1]!, 0, 59)
  const seconds = calendarSet(time[2] ?? "0", 0, 59)
  const weekdays = rest[0] === undefined ? undefined : calendarWeekdays(rest[0])
  const matches = (wall: number): boolean => {
    const at = new Date(wall * 1000)
    return (
      years.has(at.getUTCFullYear()) &&
      months.has(at.getUTCMonth() + 1) &&
      hours.has(at.getUTCHours()) &&
      minutes.has(at.getUTCMinutes()) &&
      seconds.has(at.getUTCSeconds()) &&
      (weekdays === undefined || weekdays.has((at.getUTCDay() + 6) % 7)) &&
      (day.startsWith("~")
        ? fromEnd(day.slice(1)).has(daysInMonth(at) + 1 - at.getUTCDate())
        : calendarSet(day, 1, 31).has(at.getUTCDate()))
    )
  }
  const onTheMinute = seconds.size === 1 && seconds.has(0)
  return { matches, habit: "skipping", zone: suffix, step: onTheMinute ? 60 : 1 }
}

function calendarSet(text: string, first: number, last: number): Set<number> {
  const members = new Set<number>()
  const value = (word: string): number => {
    const number = Number(word)
    return first < 1970 || number >= 100 ? number : number < 70 ? 2000 + number : 1900 + number
  }
  for (const term of text.split(",")) {
    const [base, step] = term.split("/") as [string, string?]
    const [low, high] = base.split("..") as [string, string?]
    const lowest = base === "*" ? first : value(low)
    let highest = base === "*" ? last : value(high ?? low)
    if (step !== undefined && lowest === highest) highest = last
    for (let number = lowest; number <= highest; number += Number(step ?? 1)) members.add(number)
  }
  return members
}

/** Steps go down from the larger number, to the smaller one or to the last day of the month. */
function fromEnd(text: string): Set<number> {
  const members = new Set<number>()
  if (text === "*") return calendarSet("*", 1, 31)
  for (const term of text.split(",")) {
    const [base, step] = term.split("/") as [string, string?]
    const [low, high] = base.split("..") as [string, string?]
    const largest = Number(high ?? low)
    const smallest = step !== undefined && largest === Number(low) ? 1 : Number(low)
    for (let number = largest; number >= smallest; number -= Number(step ?? 1)) members.add(number)
  }
  return members
}

function calendarWeekdays(text: string): Set<number> {
  const names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
  const value = (word: string): number => names.indexOf(word.slice(0, 3).toLowerCase())
  const members = new Set<number>()
  for (const term of text.replace(/,+$/, "").replaceAll("-", "..").split(",")) {
    const [low, high] = term.split("..") as [string, string?]
    for (let number = value(low); number <= value(high ?? low); number++) members.add(number)
  }
  return members
}

const formats = new Map<string, Intl.DateTimeFormat>()
const walls = new Map<string, Map<number, number>>()

/** What a clock in the zone shows, in seconds as if it were UTC. */
export const wallAt = (zone: string, second: number): number => {
  let known = walls.get(zone)
  if (known === undefined) walls.set(zone, (known = new Map()))
  const minute = Math.floor(second / 60) * 60
  let wall = known.get(minute)
  if (wall === undefined) {
    known.set(minute, (wall = read(zone, minute)))
    // Enough for neighbouring cases to share; a long run must not keep every minute that it has seen.
    if (known.size > 20_000) known.clear()
  }
  return wall + (second - minute)
}

function read(zone: string, second: number): number {
  let format = formats.get(zone)
  if (format === undefined) {
    const numeric = "numeric"
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    })
    formats.set(zone, format)
  }
  const [month, day, year, hour, minute, rest] = format
    .format(second * 1000)
    .match(/\d+/g)!
    .map(Number) as [number, number, number, number, number, number]
  return Date.UTC(year, month - 1, day, hour, minute, rest) / 1000
}
