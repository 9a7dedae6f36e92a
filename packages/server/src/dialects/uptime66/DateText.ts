/** Instants as 66uptime writes them, in UTC: `2026-01-31 12:00:00`. */
import * as Schema from "effect/Schema"
import { second, type Instant } from "@overdue/core/Time"

/** The schema of such a text. */
export const schema = Schema.String.annotate({ description: "In UTC.", examples: ["2026-01-31 12:00:00"] })

/** Returns an instant as text, rounded down to the second. */
export const of = (at: Instant): string =>
  new Date(Math.floor(at / second) * second)
    .toISOString()
    .slice(0, "2026-01-31T12:00:00".length)
    .replace("T", " ")

/** Returns the instant of a text; `undefined` when it is none, such as the 30th of February. */
export const read = (text: string): Instant | undefined => {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text)
  if (parts === null) return undefined
  const [year = 0, month = 1, ...rest] = parts.slice(1).map(Number)
  const at = Date.UTC(year, month - 1, ...rest)
  return of(at) === text ? at : undefined
}
