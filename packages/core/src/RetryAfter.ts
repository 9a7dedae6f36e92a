/** The header field Retry-After: how long whoever answers asks to be left alone. */
import * as HttpDate from "./HttpDate.ts"
import type { Instant, Span } from "./Time.ts"

/**
 * Returns the time of a `Retry-After` in seconds or as an HTTP date (RFC 9110 §10.2.3), in milliseconds; `undefined`
 * when the field is absent or invalid. At most `longest`, so that nobody can put off what is to be sent for good.
 */
export const parse = (text: string | undefined, now: Instant, longest: Span): Span | undefined => {
  const written = text?.trim() ?? ""
  if (/^\d+$/.test(written)) return Math.min(Number(written) * 1000, longest)
  const at = HttpDate.parse(written)
  return at === undefined ? undefined : Math.min(Math.max(at - now, 0), longest)
}
