/** The header Retry-After: how long a target wants to be left alone. */
import type { Instant, Span } from "@overdue/core/Time"
import * as Limits from "../Limits.ts"

/**
 * Reads seconds or an HTTP date (RFC 9110 §10.2.3). `undefined` when the header is absent or says nothing; never
 * more than a day, so that a target cannot silence itself for good.
 */
export const parse = (text: string | undefined, now: Instant): Span | undefined => {
  const written = text?.trim() ?? ""
  if (/^\d+$/.test(written)) return Math.min(Number(written) * 1000, Limits.longestRetryAfter)
  // Only the preferred form of a date; Date.parse alone would take "1" for a month.
  if (!/^[A-Za-z]{3}, \d{2} [A-Za-z]{3} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(written)) return undefined
  const at = Date.parse(written)
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), Limits.longestRetryAfter)
}
