/** Buckets: what is left of the samples of a series when they are thinned, and what is shown of many. */
import { day, hour, minute, week, type Instant, type Span } from "../Time.ts"
import * as Sample from "../Sample.ts"
import * as Histogram from "./Histogram.ts"

/** The samples of a series from an instant on, for as long as the bucket is wide. */
export interface Bucket {
  readonly at: Instant
  readonly count: number
  /** How many of them were failures. */
  readonly failures: number
  readonly sum: number
  readonly min: number
  readonly max: number
  /** Only of series that have one. */
  readonly histogram?: Histogram.Histogram | undefined
}

/** Widths of buckets. They begin at multiples of it since 1970 in UTC; weeks on Mondays, and months on the first day. */
export type Width = "minute" | "hour" | "day" | "week" | "month"

/** Which buckets of a check to read: the newest that begin in a range. */
export interface Query extends Sample.Query {
  readonly width: "minute" | "hour"
}

/** How long buckets are, but for months. */
export const spans: Readonly<Record<Exclude<Width, "month">, Span>> = { minute, hour, day, week }

/** 1970 began on a Thursday. */
const firstMonday: Instant = 4 * day

/** Returns when the bucket begins in which an instant lies. */
export const startOf = (width: Width, at: Instant): Instant => {
  if (width === "month") {
    const date = new Date(at)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth())
  }
  const offset = width === "week" ? firstMonday : 0
  return Math.floor((at - offset) / spans[width]) * spans[width] + offset
}

/** Returns the bucket of one sample, which begins as one of a width does. */
export const ofSample = (width: Width, { series, at, value, isFailure }: Sample.Sample): Bucket => ({
  at: startOf(width, at),
  count: 1,
  failures: isFailure === true ? 1 : 0,
  sum: value,
  min: value,
  max: value,
  ...(Sample.hasHistogram(series) && { histogram: Histogram.of(value) }),
})

/** Returns the bucket of what is in some, which begins as the first does; `undefined` of none. */
export const sum = (buckets: readonly Bucket[]): Bucket | undefined => {
  const [first] = buckets
  if (first === undefined || buckets.length === 1) return first
  const all = { at: first.at, count: 0, failures: 0, sum: 0, min: Infinity, max: -Infinity }
  for (const { count, failures, sum, min, max } of buckets) {
    all.count += count
    all.failures += failures
    all.sum += sum
    if (min < all.min) all.min = min
    if (max > all.max) all.max = max
  }
  const histograms = buckets.flatMap(({ histogram }) => (histogram === undefined ? [] : [histogram]))
  return histograms.length === 0 ? all : { ...all, histogram: Histogram.sum(histograms) }
}

/**
 * Returns buckets of a width, in order, of narrower ones in any. Those of one wide bucket are added up together: one after
 * the other, each would have a histogram made, and a day of rounds has thousands.
 */
export const widen = (width: Width, buckets: Iterable<Bucket>): readonly Bucket[] =>
  [...Map.groupBy(buckets, ({ at }) => startOf(width, at))]
    .map(([at, some]) => ({ ...sum(some)!, at }))
    .sort((a, b) => a.at - b.at)

/** Returns the mean of what is in a bucket. */
export const mean = ({ sum, count }: Bucket): number => sum / count

/** Returns the value below or at which a share of what is in a bucket lies, 0 to 1; `undefined` without a histogram. */
export const quantile = ({ histogram, min, max }: Bucket, share: number): number | undefined => {
  const found = histogram && Histogram.quantile(histogram, share)
  return found === undefined ? undefined : Math.min(max, Math.max(min, found))
}
