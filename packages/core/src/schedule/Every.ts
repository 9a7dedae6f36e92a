/** The schedule that fires a fixed span after the last signal: "every 5 minutes". */
import type { Instant, Span } from "../Time.ts"

export interface Every {
  readonly kind: "every"
  /** At least 1 ms. */
  readonly period: Span
}

export const make = (period: Span): Every => ({ kind: "every", period })

/** The instant one period after `after`. */
export const next = (self: Every, after: Instant): Instant => after + self.period
