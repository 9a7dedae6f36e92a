/** Lengths of time as people write them: `45s`, `1h 30m`, `90 seconds`, `1.5 hours`. */
import * as Time from "@overdue/core/Time"
import type { Span } from "@overdue/core/Time"

/** The names of each unit, and its length in milliseconds. */
const units: readonly (readonly [names: RegExp, length: Span])[] = [
  [/^(milliseconds?|millis?|ms)$/, 1],
  [/^(seconds?|secs?|s)$/, Time.second],
  [/^(minutes?|mins?|m)$/, Time.minute],
  [/^(hours?|hrs?|h)$/, Time.hour],
  [/^(days?|d)$/, Time.day],
  [/^(weeks?|wks?|w)$/, Time.week],
]

/** Returns the length in milliseconds, rounded; `undefined` for a text that is none. A number needs a unit. */
export const parse = (text: string): Span | undefined => {
  const trimmed = text.trim()
  if (!/^(\d{1,10}(\.\d{1,3})?\s*[a-z]+[\s,]*)+$/.test(trimmed)) return undefined
  let total = 0
  for (const [, count, name] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const length = units.find(([names]) => names.test(name!))?.[1]
    if (length === undefined) return undefined
    total += Number(count) * length
  }
  return Math.round(total)
}
