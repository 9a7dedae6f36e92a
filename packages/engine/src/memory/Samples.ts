/** Samples in a memory store, by check and series: as they came, and what they were thinned to. */
import * as Limits from "@overdue/core/Limits"
import * as Bucket from "@overdue/core/sample/Bucket"
import type * as Sample from "@overdue/core/Sample"
import type { Expiry } from "@overdue/core/Expiry"
import type { Instant } from "@overdue/core/Time"

/** The samples of a series, by their instants, each in one of three forms. */
interface Series {
  readonly raw: Map<Instant, Sample.Sample>
  readonly minutes: Map<Instant, Bucket.Bucket>
  readonly hours: Map<Instant, Bucket.Bucket>
}

/** All samples of a check, by the names of series. */
export type Samples = Map<string, Series>

/** Adds samples to those of a check. */
export const add = (all: Samples, samples: readonly Sample.Sample[]): void => {
  for (const { isFailure, value, ...sample } of samples) {
    let series = all.get(sample.series)
    if (series === undefined) {
      if (all.size >= Limits.series) continue
      series = { raw: new Map(), minutes: new Map(), hours: new Map() }
      all.set(sample.series, series)
    }
    if (!series.raw.has(sample.at))
      series.raw.set(sample.at, {
        ...sample,
        // Databases know no negative zero.
        value: value + 0,
        ...(isFailure === true && { isFailure }),
      })
  }
}

/** Returns the newest samples of a series in a range, oldest first. */
export const newest = (all: Samples | undefined, { series, from, to, limit }: Sample.Query) =>
  [...(all?.get(series)?.raw.values() ?? [])]
    .filter(({ at }) => from <= at && at < to)
    .sort((a, b) => a.at - b.at)
    .slice(-limit)

/** Returns the newest buckets of a series that begin in a range, oldest first. */
export const buckets = (
  all: Samples | undefined,
  { series, from, to, limit, width }: Bucket.Query,
): readonly Bucket.Bucket[] => {
  const found = all?.get(series)
  if (found === undefined) return []
  const { raw, minutes, hours } = found
  const narrow = [...raw.values()].map((sample) => Bucket.ofSample("minute", sample))
  const whole = [...(width === "hour" ? hours.values() : []), ...minutes.values(), ...narrow]
  return Bucket.widen(width, whole)
    .filter(({ at }) => from <= at && at < to)
    .slice(-limit)
}

/** Thins samples, and returns how many hours of them are gone. */
export const thin = (all: Samples, { raw, minute, hour }: Expiry["samples"]): number => {
  let gone = 0
  for (const [name, series] of all) {
    const rawFrom = Bucket.startOf("minute", raw)
    for (const [at, sample] of series.raw)
      if (at < rawFrom) {
        series.raw.delete(at)
        put(series.minutes, Bucket.ofSample("minute", sample))
      }
    const minutesFrom = Bucket.startOf("hour", minute)
    for (const [at, bucket] of series.minutes)
      if (at < minutesFrom) {
        series.minutes.delete(at)
        put(series.hours, { ...bucket, at: Bucket.startOf("hour", at) })
      }
    const hoursFrom = Bucket.startOf("hour", hour)
    for (const at of series.hours.keys()) if (at < hoursFrom && series.hours.delete(at)) gone += 1
    if (series.raw.size + series.minutes.size + series.hours.size === 0) all.delete(name)
  }
  return gone
}

const put = (buckets: Map<Instant, Bucket.Bucket>, bucket: Bucket.Bucket): void => {
  const before = buckets.get(bucket.at)
  buckets.set(bucket.at, before === undefined ? bucket : Bucket.sum([before, bucket])!)
}
