/** Arrivals within bounds, whoever has made them up. */
import * as Limits from "@overdue/core/Limits"
import * as Storable from "@overdue/core/Storable"
import type { Instant, Span } from "@overdue/core/Time"
import type { Arrival } from "./Batch.ts"

/**
 * Returns an arrival at `now` with an origin that every database stores, and the samples that can be kept. What is older
 * than `age` may have been thinned, and would count again in a report that comes again.
 */
export const of = (given: Arrival, now: Instant, age: Span): Arrival => {
  const arrival = withStorableOrigin(given)
  if (arrival.samples === undefined) return arrival
  const samples = arrival.samples.filter(({ at }) => at >= now - age && at <= now + Limits.sampleAhead)
  return { ...arrival, samples: samples.slice(0, Limits.samplesPerReport) }
}

/** Whoever names himself as no database can store it is heard all the same, and so are those in one commit with him. */
const withStorableOrigin = (arrival: Arrival): Arrival => {
  const { remoteAddress, method, userAgent } = arrival.origin
  if (Storable.is(userAgent) && Storable.is(remoteAddress) && Storable.is(method)) return arrival
  const origin = {
    ...arrival.origin,
    remoteAddress: Storable.of(remoteAddress),
    method: Storable.of(method),
    userAgent: Storable.of(userAgent),
  }
  return { ...arrival, origin }
}
