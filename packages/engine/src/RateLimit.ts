/** Rate limits: a number of requests a minute for each key, evenly spaced or in one burst. */
import type { Instant } from "@overdue/core/Time"

/** A rate limit, with the requests that it has counted. */
export interface RateLimit {
  /**
   * Counts a request of a key. Returns 0 when it is within the limit, and otherwise in how many whole seconds the next
   * request of the key will be.
   */
  readonly take: (key: string, now: Instant) => number
}

/**
 * Keys that are remembered. When there are more, the one that was used least recently is forgotten, and has its full
 * limit again.
 */
const remembered = 100_000

const minute = 60_000

/** Rounding error of sums, in milliseconds, that is not held against a request. */
const tolerance = 1e-3

/**
 * Returns a limit that has counted no request.
 *
 * Implements the generic cell rate algorithm (ITU-T I.371): of each key only one number is kept, the instant by which
 * its requests would be used up if they were evenly spaced. That instant may be ahead of the clock by up to a minute.
 */
export const make = (perMinute: number, capacity = remembered): RateLimit => {
  const interval = minute / perMinute
  const evenly = new Map<string, Instant>()

  /** Deletes the key before it is set, so that the map, which keeps the order of insertion, is in order of use. */
  const note = (key: string, at: Instant): void => {
    evenly.delete(key)
    evenly.set(key, at)
    if (evenly.size > capacity) evenly.delete(evenly.keys().next().value!)
  }

  return {
    take: (key, now) => {
      const noted = evenly.get(key) ?? now
      // More than a minute ahead means that the clock was set back.
      const used = noted > now + minute + tolerance ? now : Math.max(noted, now)
      const early = used + interval - (now + minute)
      const isTooMany = early > tolerance
      note(key, isTooMany ? used : used + interval)
      return isTooMany ? Math.ceil((early - tolerance) / 1000) : 0
    },
  }
}
