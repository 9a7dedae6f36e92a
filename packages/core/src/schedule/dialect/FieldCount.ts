/** Cron lines of four, six and seven fields: with seconds, with a year, or with one field too few. */
import * as Calendar from "./Calendar.ts"
import { cron, quote, type Finding, type Pasted } from "./Finding.ts"
import * as Quartz from "./Quartz.ts"
import * as WrappedRange from "./WrappedRange.ts"

type Six = readonly [string, ...Quartz.Five]

/** Whether a word can be a field of cron in some dialect: numbers, signs, and names of months and weekdays. */
export const isField = (word: string): boolean =>
  /[\da-z*?~]/i.test(word) &&
  /^(?:[\d*?,/\-#LWCH~+.:]|sun|mon|tue|wed|thu|fri|sat|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)+$/i.test(
    word,
  )

/** Recognises what has not five fields; returns `undefined` for the rest. */
export const recognise = (pasted: Pasted): Finding | undefined => {
  const { words } = pasted
  if (!words.every(isField)) return undefined
  if (words.length === 4) return four(pasted)
  if (words.length === 7) return seven(pasted)
  return words.length === 6 ? six(pasted, words as unknown as Six) : undefined // safe because of the count
}

const four = (pasted: Pasted): Finding | undefined => {
  if (pasted.words.some((word) => word.includes(":"))) return undefined
  const filled = `${pasted.text} *`
  const hint = pasted.reads(filled) ? `; with any weekday it is ${quote(filled)}` : ""
  return cron(pasted, "this has four fields", undefined, `add the one that is missing${hint}`)
}

const seven = (pasted: Pasted): Finding => {
  const [second, ...rest] = pasted.words as readonly [string, ...Quartz.Five, string]
  const five = rest.slice(0, 5) as unknown as Quartz.Five // safe because six words follow the first
  return timed(pasted, "this is a Quartz expression of seven fields, with seconds and a year", {
    second,
    five,
    year: rest[5],
  })
}

const six = (pasted: Pasted, words: Six): Finding => {
  const [first, ...others] = words
  const five = words.slice(0, 5) as unknown as Quartz.Five // safe because there are six words
  const last = words[5]
  const isAmazon = (words[2] === "?" || words[4] === "?") && words[3] !== "?" && last !== "?"
  if (isAmazon) {
    return timed(
      pasted,
      "this is an expression of Amazon EventBridge, with a year at the end (whose rules run in UTC)",
      {
        second: "0",
        five,
        year: last,
      },
    )
  }
  if (words.some((word) => word.includes("?"))) {
    return timed(pasted, "this is a Quartz expression, with seconds in front", {
      second: first,
      five: others,
      year: "*",
    })
  }
  if (/^\d{4}([-,/]\d+)*$/.test(last)) {
    const remedy = withCalendar(pasted, Calendar.line("0", five, last), "cron has no year")
    return cron(pasted, "this has a year at the end", undefined, remedy)
  }
  return undecided(pasted, words)
}

/** Six fields without a sign of Quartz: seconds in front, or one field too many. */
const undecided = (pasted: Pasted, words: Six): Finding => {
  const [second, ...others] = words
  const withoutFirst = others.join(" ")
  const withoutLast = words.slice(0, 5).join(" ")
  const isRestrictedTwice = others[2] !== "*" && others[4] !== "*"
  if (words[5] === "*" && pasted.reads(withoutLast)) {
    const calendar = Calendar.line(second, others, "*")
    const first = isZero(second)
      ? `with seconds in front it is ${quote(withoutFirst)}`
      : calendar !== undefined && pasted.reads(calendar)
        ? `with seconds in front it is ${quote(calendar)} in OnCalendar`
        : "cron here has no seconds"
    const remedy = `${first}; with a year at the end it is ${quote(withoutLast)}`
    return cron(pasted, "this has six fields", undefined, remedy)
  }
  const what = "this is cron with seconds in front (six fields)"
  if (!isZero(second)) {
    const remedy = withCalendar(pasted, Calendar.line(second, others, "*"), "cron here has no seconds")
    return cron(pasted, what, undefined, remedy)
  }
  // With both days restricted, some programs mean either of them and some mean both.
  const remedy = "leave out the first field"
  const either = `${remedy}; mind that here a day matches when its date or its weekday does`
  return cron(pasted, what, isRestrictedTwice ? undefined : withoutFirst, isRestrictedTwice ? either : remedy)
}

interface Timed {
  readonly second: string
  readonly five: Quartz.Five
  readonly year: string
}

/** A dialect whose weekdays are those of Quartz. */
const timed = (pasted: Pasted, what: string, { second, five, year }: Timed): Finding => {
  const nearest = five[2].toUpperCase()
  if (/\d+W/.test(nearest)) return cron(pasted, `${what}, and ${nearestWorkday(nearest)}`, undefined)
  const whole = isZero(second) && Quartz.isOpen(year) ? Quartz.cronLine(five) : undefined
  const line = whole === undefined ? undefined : (WrappedRange.split(whole.split(" "))?.join(" ") ?? whole)
  const lacks = !Quartz.isOpen(year)
    ? "cron has no year"
    : isZero(second)
      ? "cron here cannot say this"
      : "cron here has no seconds"
  return cron(pasted, what, line, withCalendar(pasted, Calendar.line(second, five, year), lacks))
}

/** Returns what to say of a day such as `15W`: the Monday to Friday that is nearest to a date. */
export const nearestWorkday = (day: string): string =>
  day === "1W"
    ? 'there is no W: the first Monday to Friday of a month is two lines of OnCalendar, "Mon..Fri *-*-01" and ' +
      '"Mon *-*-02..03"'
    : `there is no ${day}, the Monday to Friday nearest to a date: LW is the last one of the month`

/** Returns a remedy that names an OnCalendar line, if that is read, after what cron lacks. */
const withCalendar = ({ reads }: Pasted, line: string | undefined, lacks: string): string =>
  line !== undefined && reads(line)
    ? `${lacks}; in OnCalendar it is ${quote(line)}`
    : `${lacks}; OnCalendar has seconds and years: "2026-01-05 09:59:30"`

const isZero = (second: string): boolean => /^0+$/.test(second)
