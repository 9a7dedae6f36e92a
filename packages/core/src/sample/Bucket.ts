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
  ...(Sample.hasHistogram(series) && { histogram: Histogram.of([value]) }),
})

/** Returns the bucket of what is in two, which begins as the first does. */
export const merge = (a: Bucket, b: Bucket): Bucket => ({
  at: a.at,
  count: a.count + b.count,
  failures: a.failures + b.failures,
  sum: a.sum + b.sum,
  min: Math.min(a.min, b.min),
  max: Math.max(a.max, b.max),
  ...((a.histogram ?? b.histogram) !== undefined && {
    histogram: Histogram.merge(a.histogram ?? Histogram.none, b.histogram ?? Histogram.none),
  }),
})

/** Returns buckets of a width, in order, of narrower ones in any. */
export const widen = (width: Width, buckets: Iterable<Bucket>): readonly Bucket[] => {
  const wide = new Map<Instant, Bucket>()
  for (const bucket of buckets) {
    const at = startOf(width, bucket.at)
    const before = wide.get(at)
    wide.set(at, before === undefined ? { ...bucket, at } : merge(before, bucket))
  }
  return [...wide.values()].sort((a, b) => a.at - b.at)
}

/** Returns the mean of what is in a bucket. */
export const mean = ({ sum, count }: Bucket): number => sum / count

/** Returns the value below or at which a share of what is in a bucket lies, 0 to 1; `undefined` without a histogram. */
export const quantile = ({ histogram, min, max }: Bucket, share: number): number | undefined => {
  const found = histogram && Histogram.quantile(histogram, share)
  return found === undefined ? undefined : Math.min(max, Math.max(min, found))
}
