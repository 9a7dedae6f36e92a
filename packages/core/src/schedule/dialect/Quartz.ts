/** Fields as Quartz and Amazon EventBridge write them: `?`, weekdays from 1 (Sunday) to 7, and steps from 0. */
import * as Weekday from "./Weekday.ts"

/** The five fields that both cron and Quartz have. */
export type Five = readonly [minute: string, hour: string, day: string, month: string, weekday: string]

/** Returns the cron line of five fields of Quartz; `undefined` when cron cannot say it. */
export const cronLine = ([minute, hour, day, month, weekday]: Five): string | undefined => {
  // Quartz demands a ? in one of both; what other programs do with two restrictions differs.
  if (!isOpen(day) && !isOpen(weekday)) return undefined
  const weekdays = isOpen(weekday) ? "*" : shifted(weekday)
  if (weekdays === undefined) return undefined
  return [steps(minute), steps(hour), isOpen(day) ? "*" : day, month, weekdays].join(" ")
}

/** Whether a field restricts nothing. */
export const isOpen = (field: string): boolean => field === "?" || field === "*"

/** `0/5` means the same as `*\/5` where the field begins with 0, and only the latter follows elapsed time. */
const steps = (field: string): string => field.replace(/^0\//, "*/")

/** Returns a field of weekdays with 0 for Sunday in place of 1; `undefined` when it is none of Quartz. */
const shifted = (field: string): string | undefined => {
  const terms = field.split(",").map(shiftedTerm)
  return terms.includes(undefined) ? undefined : terms.join(",")
}

const shiftedTerm = (term: string): string | undefined => {
  const upper = term.toUpperCase()
  if (upper === "L") return "6"
  const special = /^(\w{3}|[1-7])(L|#[1-5])$/.exec(upper)
  if (special !== null) {
    const weekday = numberOf(special[1]!)
    return weekday === undefined ? undefined : `${weekday}${special[2]!}`
  }
  const range = /^(\w{3}|[1-7])(?:-(\w{3}|[1-7]))?(?:\/(\d{1,2}))?$/.exec(upper)
  if (range === null) return undefined
  const [, low, high, step] = range
  const first = numberOf(low!)
  const last = high === undefined ? first : numberOf(high)
  if (first === undefined || last === undefined) return undefined
  if (step === undefined && first <= last) {
    return /\d/.test(upper) && first !== last ? `${first}-${last}` : upper.replace(/^\d$/, String(first))
  }
  // The week of Quartz ends on Saturday, and a range may pass that.
  const end = high === undefined && step !== undefined ? 6 : last < first ? last + 7 : last
  const days: number[] = []
  for (let day = first; day <= end; day += Math.max(1, Number(step ?? 1))) days.push(day % 7)
  return days.join(",")
}

/** Returns a weekday of Quartz with 0 for Sunday; `undefined` when it is none. */
const numberOf = (text: string): number | undefined => {
  if (/^[1-7]$/.test(text)) return Number(text) - 1
  const index = Weekday.names.indexOf(text)
  return index < 0 ? undefined : index
}
