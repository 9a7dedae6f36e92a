/** Cron lines of five words, of which one is written as another program writes it. */
import * as Calendar from "./Calendar.ts"
import { cron, quote, type Finding, type Pasted } from "./Finding.ts"
import * as FieldCount from "./FieldCount.ts"
import type * as Quartz from "./Quartz.ts"
import * as Weekday from "./Weekday.ts"
import * as WrappedRange from "./WrappedRange.ts"

interface Habit {
  /** The fields, 0–4, in which it is looked for; all when absent. */
  readonly fields?: readonly number[]
  readonly pattern: RegExp
  readonly what: (word: string) => string
  /** What to write in place of each match; absent when that cannot be known. */
  readonly plain?: (match: string, ...groups: readonly string[]) => string
  readonly remedy?: string
}

const longWeekday = /\b(?:sunday|monday|tuesday|tues|wednesday|thursday|thurs|thur|friday|saturday)s?\b/gi
const longMonth =
  /\b(?:january|february|march|april|june|july|august|september|sept|october|november|december)\b/gi

const habits: readonly Habit[] = [
  {
    pattern: /^\?$/,
    what: () => "? is syntax of Quartz and Amazon EventBridge",
    plain: () => "*",
  },
  {
    pattern: /^H(?:$|[/(])/,
    what: () => "H is syntax of Jenkins, which spreads its jobs by a hash",
    remedy: "write a fixed number in its place, and */15 for H/15",
  },
  {
    pattern: /~/,
    what: () => "~ is syntax of OpenBSD, which picks a number at random",
    remedy: "write a fixed number in its place",
  },
  { pattern: /\+(?=\d)/g, what: () => "a number has no sign", plain: () => "" },
  {
    pattern: longWeekday,
    fields: [4],
    what: () => "a weekday has three letters",
    plain: (name) => Weekday.names[Weekday.number(name)]!,
  },
  {
    pattern: longMonth,
    fields: [3],
    what: () => "a month has three letters",
    plain: (name) => name.slice(0, 3).toUpperCase(),
  },
  {
    pattern: /\b(sun|mon|tue|wed|thu|fri|sat)L\b/gi,
    fields: [4],
    what: () => "before an L stands a number",
    plain: (_, name) => `${Weekday.number(name)}L`,
  },
  {
    pattern: /\b([0-7])#L\b/gi,
    fields: [4],
    what: () => "the last weekday of a month is written without #",
    plain: (_, weekday) => `${weekday}L`,
  },
  {
    pattern: /^L$/i,
    fields: [4],
    what: () => "the L of a weekday needs a number",
    remedy: 'write 6 for Saturdays (the L of Quartz), or "6L" for the last Saturday of a month',
  },
  { pattern: /^\d+W$/i, fields: [2], what: (word) => FieldCount.nearestWorkday(word.toUpperCase()) },
  {
    pattern: /^\d*C$/,
    fields: [2, 4],
    what: () => "C is syntax of Quartz, whose calendars are not known here",
    remedy: "write the days themselves",
  },
  {
    pattern: /^60$/,
    fields: [0],
    what: () => "minutes go from 0 to 59",
    remedy: 'write 0 for the full hour ("0 * * * *" is every hour)',
  },
]

/** Recognises what keeps five words from being cron; returns `undefined` when nothing is recognised. */
export const recognise = (pasted: Pasted): Finding | undefined => {
  const { words } = pasted
  if (words.length !== 5) return undefined
  const clock = clockHour(pasted) ?? midnight(pasted) ?? beforeLast(pasted)
  if (clock !== undefined) return clock
  const plain = [...words]
  const found: Habit[] = []
  const whats: string[] = []
  for (const habit of habits) {
    for (const field of habit.fields ?? [0, 1, 2, 3, 4]) {
      const word = plain[field]!
      if (word.search(habit.pattern) < 0) continue
      plain[field] = habit.plain === undefined ? word : word.replace(habit.pattern, habit.plain)
      found.push(habit)
      whats.push(habit.what(word))
    }
  }
  if (found.length === 0) return wrapped(pasted)
  const isQuartz = words.includes("?")
  // Weekdays that are numbers may be those of Quartz, where 1 is Sunday, when a ? is beside them.
  const isDoubtful = found.some(({ plain }) => plain === undefined) || (isQuartz && /\d/.test(plain[4]!))
  const remedy = found.find(({ remedy }) => remedy !== undefined)?.remedy
  const weekday = isQuartz && /\d/.test(plain[4]!) ? "write * in its place, and check the weekday" : undefined
  const line = isDoubtful ? undefined : plain.join(" ")
  return cron(pasted, [...new Set(whats)].join("; "), line, remedy ?? weekday)
}

/** `0 9:30 * * *`, `0 9.5 * * *`: the minutes of an hour stand in the first field. */
const clockHour = (pasted: Pasted): Finding | undefined => {
  const [minute, hour, ...days] = pasted.words as unknown as Quartz.Five // safe because there are five words
  const clock = /^(\d{1,2}):(\d\d)$/.exec(hour)
  const half = /^(\d{1,2})\.5$/.exec(hour)
  if (clock === null && half === null) return undefined
  const [h, m] = clock === null ? [half![1]!, "30"] : [clock[1]!, clock[2]!]
  const line = /^0+$/.test(minute) ? [Number(m), Number(h), ...days].join(" ") : undefined
  return cron(
    pasted,
    "the minutes of an hour stand in the first field",
    line,
    "write the hour as a number, 0-23",
  )
}

/** Hour 24 is hour 0 of the next day, so it can be rewritten only when days do not matter. */
const midnight = (pasted: Pasted): Finding | undefined => {
  const [minute, hour, ...days] = pasted.words as unknown as Quartz.Five // safe because there are five words
  if (hour !== "24") return undefined
  const line = days.every((day) => day === "*") ? [minute, "0", ...days].join(" ") : undefined
  return cron(pasted, "hours go from 0 to 23, and midnight is 0", line, "write 0, the midnight before a day")
}

/** `L-3`: three days before the last one of the month. */
const beforeLast = (pasted: Pasted): Finding | undefined => {
  const five = pasted.words as unknown as Quartz.Five // safe because there are five words
  if (!/^L-\d{1,2}$/i.test(five[2])) return undefined
  const line = Calendar.line("0", five, "*")
  const isRead = line !== undefined && pasted.reads(line)
  const remedy = isRead
    ? `in OnCalendar it is ${quote(line)}`
    : 'OnCalendar has them: "*-*~04" is three days before'
  return cron(pasted, "cron here has no days before the last one", undefined, remedy)
}

/** A range that goes past the end of its field: `22-2`, `FRI-MON`. */
const wrapped = (pasted: Pasted): Finding | undefined => {
  const words = WrappedRange.split(pasted.words)
  return words === undefined
    ? undefined
    : cron(pasted, "a range does not wrap around", words.join(" "), "write the range as two")
}
