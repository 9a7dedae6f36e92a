/** Instants as 66uptime writes them, in UTC: `2026-01-31 12:00:00`. */
import { second, type Instant } from "@overdue/core/Time"

/** Returns an instant as text, rounded down to the second. */
export const of = (at: Instant): string =>
  new Date(Math.floor(at / second) * second)
    .toISOString()
    .slice(0, "2026-01-31T12:00:00".length)
    .replace("T", " ")

/** Returns the instant of a text; `undefined` when it is none, such as the 30th of February. */
export const read = (text: string): Instant | undefined => {
  if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined
  const at = Date.parse(`${text.replace(" ", "T")}Z`)
  return Number.isNaN(at) || of(at) !== text ? undefined : at
}
