/** The header Retry-After: how long a target asks to be left alone. */
import type { Instant, Span } from "@overdue/core/Time"
import * as Limits from "../Limits.ts"

/**
 * Returns the time of a `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), in milliseconds; `undefined`
 * when the header is absent or invalid. At most a day, so that a target cannot put off its alerts for good.
 */
export const parse = (text: string | undefined, now: Instant): Span | undefined => {
  const written = text?.trim() ?? ""
  if (/^\d+$/.test(written)) return Math.min(Number(written) * 1000, Limits.longestRetryAfter)
  // Only the preferred form of a date, because Date.parse alone would read "1" as a month.
  if (!/^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(written)) return undefined
  const at = Date.parse(written)
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), Limits.longestRetryAfter)
}
