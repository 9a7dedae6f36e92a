/** Dates as HTTP has them. Loads nothing. */
import type { Instant } from "./Time.ts"

/**
 * Returns the instant of a date in the preferred form of HTTP (RFC 9110 §5.6.7); `undefined` when the text is none.
 * `Date.parse` alone would read "1" as a month.
 */
export const parse = (text: string): Instant | undefined => {
  if (!/^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}
