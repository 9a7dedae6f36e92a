/** Queries for how long the targets of probes took to answer. */
import * as Calendar from "@overdue/core/Calendar"
import type { Check } from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Sample from "@overdue/core/Sample"
import * as Bucket from "@overdue/core/sample/Bucket"
import type { Units } from "@overdue/core/Statistics"
import { day, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Samples from "./Samples.ts"

/** How long the rounds of a probe took, from the beginning to the end, in milliseconds. */
export interface ResponseTimes {
  /** Rounds. */
  readonly count: number
  /** Rounds that failed. */
  readonly failed: number
  readonly average: Span
  /** Within 4 %, as the ninety-fifth percentile is. */
  readonly p50: Span
  readonly p95: Span
  readonly longest: Span
}

/** A window that is at most this long is put together of minutes, as long as those are kept, and others of hours. */
const ofMinutes: Span = 2 * day

/** More hours than are kept. */
const most = 20_000

/**
 * Returns the response times of a window, and those of each unit of the calendar if one is given; `undefined` where there
 * was no round. What lies in the first and the last minute of a window counts as a whole, or hour of a longer one.
 */
export const over = Effect.fnUntraced(function* (check: Check, window: Interval, calendar?: Units) {
  const { probe } = check.policy
  // Of a threshold nobody asks.
  if (probe === undefined || Threshold.is(probe)) return undefined
  const { from, to } = window
  const query = { series: Sample.responseTime, from, to, limit: most } as const
  const isShort = to - from <= ofMinutes
  const minutes = isShort ? yield* Samples.buckets(check, { ...query, width: "minute" }) : []
  const buckets = minutes.length > 0 ? minutes : yield* Samples.buckets(check, { ...query, width: "hour" })
  const units: (ResponseTimes | undefined)[] = []
  if (calendar !== undefined) {
    // Both are in order, so each bucket is looked at once.
    let next = 0
    for (const part of Calendar.cut(window, calendar.unit, calendar.zone)) {
      const begin = next
      while (next < buckets.length && buckets[next]!.at < part.to) next += 1
      units.push(timesOf(buckets.slice(begin, next)))
    }
  }
  return { whole: timesOf(buckets), units }
})

const timesOf = (buckets: readonly Bucket.Bucket[]): ResponseTimes | undefined => {
  const all = Bucket.sum(buckets)
  if (all === undefined) return undefined
  return {
    count: all.count,
    failed: all.failures,
    average: Bucket.mean(all),
    p50: Bucket.quantile(all, 0.5) ?? all.max,
    p95: Bucket.quantile(all, 0.95) ?? all.max,
    longest: all.max,
  }
}
