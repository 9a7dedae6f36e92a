/** Lengths of time and plain English in place of a schedule: "5 minutes", "@every 5m", "PT5M", "every day at 3am". */
import { day, hour, minute, second, week, type Span } from "../../Time.ts"
import * as Civil from "../Civil.ts"
import * as Nickname from "../Nickname.ts"
import { quote, type Finding, type Pasted } from "./Finding.ts"

/** Recognises a period or a time in English; returns `undefined` for the rest. */
export const recognise = (pasted: Pasted): Finding | undefined => {
  const { text } = pasted
  const inside = /^@every\s+([^]+)$|^rate\s*\(([^]*)\)$|^every\s+([^]+)$|^([^]+)$/i.exec(text)
  const span = spanOf((inside?.slice(1).find((group) => group !== undefined) ?? "").trim())
  if (span !== undefined) return finding(span)
  if (/^@every\b|^rate\s*\(/i.test(text)) {
    const remedy = `set it as ${place})`
    return { what: "this is a period, which is no schedule", remedy, isCron: false }
  }
  return twelveHours(pasted) ?? english(pasted) ?? nickname(pasted)
}

/** Where a period of a check goes, in a remedy; what reads other things puts their place instead of it. */
export const place = "the period of the check (`timeout`"

/** Returns what is said of a period in place of a schedule. */
export const finding = (span: Span): Finding => {
  if (span === 0) {
    return {
      what: "a period of no length is no schedule",
      remedy: "say how often a signal is expected (`timeout`), at least every second",
      isCron: false,
    }
  }
  const seconds = span % second === 0 ? `, ${span / second} seconds` : ""
  return {
    what: "this is a period, which is no schedule",
    remedy: `set it as ${place}${seconds}) instead of a schedule`,
    isCron: false,
  }
}

const units: readonly (readonly [pattern: RegExp, length: Span])[] = [
  [/^(?:ms|milliseconds?)$/i, 1],
  [/^(?:s|secs?|seconds?)$/i, second],
  [/^(?:m|mins?|minutes?)$/i, minute],
  [/^(?:h|hrs?|hours?)$/i, hour],
  [/^(?:d|days?)$/i, day],
  [/^(?:w|wks?|weeks?)$/i, week],
]

/** Returns the length of "5m", "1h30m", "5 minutes", "hour", "PT5M" and "P1D"; `undefined` for the rest. */
export const spanOf = (text: string): Span | undefined => {
  if (text.length > 40) return undefined
  const iso = /^P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/i.exec(
    text,
  )
  if (iso !== null && /\d/.test(text)) {
    const lengths = [week, day, hour, minute, second]
    return lengths.reduce((sum, length, index) => sum + Number(iso[index + 1] ?? 0) * length, 0)
  }
  const bare = /^(?:an?\s+|one\s+)?([a-z]{3,})$/i.exec(text)
  if (bare !== null) return units.find(([pattern]) => pattern.test(bare[1]!))?.[1]
  if (!/^(?:\d{1,7}\s*[a-z]+\s*)+$/i.test(text)) return undefined
  let sum = 0
  for (const [, count, name] of text.matchAll(/(\d{1,7})\s*([a-z]+)/gi)) {
    const unit = units.find(([pattern]) => pattern.test(name!))
    if (unit === undefined) return undefined
    sum += Number(count) * unit[1]
  }
  return sum
}

const days: readonly (readonly [pattern: RegExp, weekday: string])[] = [
  [/^(?:day|daily)$/i, "*"],
  [/^weekdays?$/i, "1-5"],
  [/^weekends?$/i, "0,6"],
  [/^sun(?:day)?s?$/i, "0"],
  [/^mon(?:day)?s?$/i, "1"],
  [/^tue(?:sday)?s?$/i, "2"],
  [/^wed(?:nesday)?s?$/i, "3"],
  [/^thu(?:rsday)?s?$/i, "4"],
  [/^fri(?:day)?s?$/i, "5"],
  [/^sat(?:urday)?s?$/i, "6"],
]

/** "Mon..Fri 10:00 PM". */
const twelveHours = ({ text, reads }: Pasted): Finding | undefined => {
  const found = /^([^]*?)\b(1[0-2]|0?[1-9]):([0-5]\d)\s*([ap])\.?m\.?$/i.exec(text)
  if (found === null) return undefined
  const [, before, clock, minutes, half] = found
  const at = (Number(clock) % 12) + (half!.toLowerCase() === "p" ? 12 : 0)
  const line = `${before}${String(at).padStart(2, "0")}:${minutes}`
  return reads(line) ? { what: "hours go from 0 to 23", rewritten: line, isCron: false } : undefined
}

/** "every day at 3am", "weekdays at 9:30". */
const english = ({ text, reads }: Pasted): Finding | undefined => {
  const found =
    /^(?:every\s+|on\s+)?([a-z]{3,10})\s+(?:at\s+)?(?:(\d{1,2})(?:[:.](\d\d))?\s*([ap])?\.?(?:m\.?)?|(noon|midnight))$/i.exec(
      text,
    )
  // "Tues 10:00" is meant for OnCalendar, which says what is wrong with it.
  if (/^[a-z]+ \d+:\d+$/i.test(text)) return undefined
  const weekday = days.find(([pattern]) => found !== null && pattern.test(found[1]!))?.[1]
  if (found === null || weekday === undefined) return undefined
  const [, , clock, minutes = "0", half, word] = found
  // 12 am is midnight, and 12 pm noon.
  const named = word?.toLowerCase() === "noon" ? 12 : 0
  const late = half?.toLowerCase() === "p" ? 12 : 0
  const at = clock === undefined ? named : half === undefined ? Number(clock) : (Number(clock) % 12) + late
  const line = `${Number(minutes)} ${at} * * ${weekday}`
  if (!reads(line) || (half !== undefined && Number(clock) > 12)) return undefined
  return { what: "this is plain English", rewritten: line, isCron: false }
}

/** `@fortnightly`. */
const nickname = ({ text, reads }: Pasted): Finding | undefined => {
  const epoch = /^@(\d{1,11})$/.exec(text)
  if (epoch !== null) {
    const line = `${Civil.formatExactly(Number(epoch[1]))} UTC`
    return { what: "this is one instant", rewritten: reads(line) ? line : undefined, isCron: false }
  }
  if (/^@reboot\b/i.test(text)) {
    return {
      what: "@reboot is an event and no time",
      remedy: "write when a signal is expected",
      isCron: true,
    }
  }
  if (!/^@[a-z]+$/i.test(text) || Nickname.lineOf(text) !== undefined) return undefined
  return {
    what: `${text.slice(0, 20)} is no nickname of cron`,
    remedy: `those are ${Nickname.names.join(", ")}; ${quote("0 0 * * 0")} is weekly`,
    isCron: true,
  }
}
