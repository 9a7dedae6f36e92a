/** A number of requests a minute for each key, evenly or in one burst. */
import type { Instant } from "@overdue/core/Time"

export interface RateLimit {
  /**
   * Counts a request of a key. Returns 0 when it may pass, and otherwise the whole seconds until the next one of that
   * key may.
   */
  readonly take: (key: string, now: Instant) => number
}

/** Keys that are remembered; the one unused for longest gives way, and starts afresh when it comes back. */
const remembered = 100_000

const minute = 60_000

/** Milliseconds that sums of fractions may be off. */
const tolerance = 1e-3

/**
 * Returns a limit with no requests counted. For each key one number is kept: the instant at which it would have used up
 * its requests, had they come evenly. It may run ahead of the clock by a minute. (This is the generic cell rate
 * algorithm of ITU-T I.371.)
 */
export const make = (perMinute: number, capacity = remembered): RateLimit => {
  const interval = minute / perMinute
  const evenly = new Map<string, Instant>()

  /** Deletes and sets again, because a map keeps the order of insertion: it becomes the order of use. */
  const note = (key: string, at: Instant): void => {
    evenly.delete(key)
    evenly.set(key, at)
    if (evenly.size > capacity) evenly.delete(evenly.keys().next().value!)
  }

  return {
    take: (key, now) => {
      const noted = evenly.get(key) ?? now
      // More than a minute ahead: the clock was set back.
      const used = noted > now + minute + tolerance ? now : Math.max(noted, now)
      const early = used + interval - (now + minute)
      const isTooMany = early > tolerance
      note(key, isTooMany ? used : used + interval)
      return isTooMany ? Math.ceil((early - tolerance) / 1000) : 0
    },
  }
}
