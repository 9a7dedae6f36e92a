/** The header field Retry-After: how long whoever answers asks to be left alone. Loads nothing. */
import type { Instant, Span } from "./Time.ts"

/**
 * Returns the time of a `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), in milliseconds; `undefined`
 * when the field is absent or invalid. At most `longest`, so that nobody can put off what is to be sent for good.
 */
export const parse = (text: string | undefined, now: Instant, longest: Span): Span | undefined => {
  const written = text?.trim() ?? ""
  if (/^\d+$/.test(written)) return Math.min(Number(written) * 1000, longest)
  // Only the preferred form of a date, because Date.parse alone would read "1" as a month.
  if (!/^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(written)) return undefined
  const at = Date.parse(written)
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), longest)
}
