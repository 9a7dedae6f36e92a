/** Samples: numbers that were measured of a check, each at an instant, and each in a series of its own. */
import * as Limits from "./Limits.ts"
import type { Instant } from "./Time.ts"

/** A number that was measured. Of a series and an instant there is one at most: what comes again counts once. */
export interface Sample {
  /** What was measured, and of what: `cpu-total-usage`, `disk-usage-unified /home percent`. */
  readonly series: string
  readonly at: Instant
  readonly value: number
  /** Whether it was measured of something that failed. */
  readonly isFailure?: boolean | undefined
}

/** Samples of a check that are to be kept. */
export interface Report {
  /** Id of the check. */
  readonly check: string
  readonly samples: readonly Sample[]
}

/** Which samples of a check to read: the newest of a series, at or after `from` and before `to`. */
export interface Query {
  readonly series: string
  readonly from: Instant
  readonly to: Instant
  readonly limit: number
}

/** The series of the rounds of a probe: milliseconds from the beginning to the end of the result that tells. */
export const responseTime = "response-time"

/** Whether percentiles are kept of a series when its samples are thinned. */
export const hasHistogram = (series: string): boolean => series === responseTime

/** Whether a text can name a series. */
export const isSeries = (text: string): boolean =>
  text.length > 0 &&
  text.length <= Limits.seriesLength &&
  text.isWellFormed() &&
  !/[\u0000-\u001f\u007f]/.test(text)

/** Whether a number can be the value of a sample: so many of them have a sum that is finite. */
export const isValue = (value: number): boolean => Math.abs(value) <= Limits.sampleValue

/** Returns why a sample cannot be kept, as a sentence without its beginning; `undefined` when it can. */
export const objection = ({ series, at, value }: Sample): string | undefined => {
  if (!isSeries(series)) return "has no valid name"
  if (!Number.isSafeInteger(at) || at < 0 || at > Limits.lastSample) return "is at no valid instant"
  return isValue(value) ? undefined : "has a value that is no number within bounds"
}
