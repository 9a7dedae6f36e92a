/** Queries for samples, and for buckets of any width. */
import type { Check } from "@overdue/core/Check"
import * as Bucket from "@overdue/core/sample/Bucket"
import type * as Sample from "@overdue/core/Sample"
import * as Store from "@overdue/core/Store"
import { day, hour } from "@overdue/core/Time"
import * as Effect from "effect/Effect"

/** Returns the newest samples of a series of a check in a range, oldest first, as they came. */
export const raw = (check: Pick<Check, "id">, query: Sample.Query) =>
  Effect.flatMap(Store.Store, (store) => store.samples(check.id, query))

/** Hours that are in a bucket at most. */
const hours: Readonly<Record<Exclude<Bucket.Width, "minute">, number>> = {
  hour: 1,
  day: 24,
  week: 7 * 24,
  month: 31 * 24,
}

/**
 * Returns the newest buckets of a series of a check that overlap a range, oldest first: the first and the last are whole,
 * though the range may begin or end within them.
 */
export const buckets = Effect.fnUntraced(function* (
  check: Pick<Check, "id">,
  { width, from, to, limit, series }: Sample.Query & { readonly width: Bucket.Width },
) {
  const store = yield* Store.Store
  const begin = Bucket.startOf(width, from)
  const end = endOf(width, to)
  if (width === "minute")
    return yield* store.buckets(check.id, { series, from: begin, to: end, limit, width })
  const query = { series, from: begin, to: end, limit: limit * hours[width], width: "hour" } as const
  const found = yield* store.buckets(check.id, query)
  return width === "hour" ? found : Bucket.widen(width, found).slice(-limit)
})

/** Returns the end of the bucket in which the last instant before another lies. */
const endOf = (width: Bucket.Width, to: number): number => {
  const last = Bucket.startOf(width, to - 1)
  // A month is no more than 31 days, and the next is more than 27.
  return width === "month" ? Bucket.startOf("month", last + 31 * day + hour) : last + Bucket.spans[width]
}

/** Returns the names of the series of a check. */
export const series = (check: Pick<Check, "id">) =>
  Effect.flatMap(Store.Store, (store) => store.series(check.id))
