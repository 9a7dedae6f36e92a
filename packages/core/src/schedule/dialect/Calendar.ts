/** OnCalendar for what cron has no field for: seconds, years, and days before the last of a month. */
import type { Five } from "./Quartz.ts"
import { isOpen } from "./Quartz.ts"

/** Returns the OnCalendar line of cron fields with seconds and a year; `undefined` when they are not plain enough. */
export const line = (second: string, five: Five, year: string): string | undefined => {
  const [minute, hour, day, month, weekday] = five
  const weekdays = isOpen(weekday) ? "" : named(weekday)
  const time = [hour, minute, second].map((field) => numeric(field, 0))
  const fromEnd = /^L-(\d{1,2})$/i.exec(day)
  const days = fromEnd === null ? numeric(isOpen(day) ? "*" : day, 1) : two(Number(fromEnd[1]) + 1)
  const date = [isOpen(year) ? "*" : numeric(year, 1970), numeric(isOpen(month) ? "*" : month, 1), days]
  if ([...time, ...date, weekdays].includes(undefined)) return undefined
  return `${weekdays}${date[0]}-${date[1]}${fromEnd === null ? "-" : "~"}${date[2]} ${time.join(":")}`
}

/** Returns a field of numbers as OnCalendar writes it; `undefined` when it holds something else. */
const numeric = (field: string, first: number): string | undefined => {
  if (!/^(?:\*|\d+)(?:[-/,]\d+)*$/.test(field)) return undefined
  return field
    .replace(/^\*\//, `${first}/`)
    .replaceAll("-", "..")
    .replace(/^\d$/, (digit) => two(Number(digit)))
}

/** Returns weekdays that are written by name, before a date; `undefined` for numbers, whose meaning differs. */
const named = (field: string): string | undefined =>
  /^[a-z]{3}(?:[-,][a-z]{3})*$/i.test(field)
    ? `${field.replaceAll("-", "..").replace(/[a-z]{3}/gi, (name) => name[0]!.toUpperCase() + name.slice(1).toLowerCase())} `
    : undefined

const two = (value: number): string => String(value).padStart(2, "0")
