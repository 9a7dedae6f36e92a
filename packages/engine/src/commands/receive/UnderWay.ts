/** Signals that have arrived and are not committed yet, and how long commits take. */
import * as Bag from "@overdue/core/Bag"
import { minute, second, type Instant, type Span } from "@overdue/core/Time"

/**
 * Bounds of the time that is left to the signals of other nodes. What took longer than the upper bound would have held
 * up every alert for as long.
 */
export const shortestSlack: Span = 100
/** See `shortestSlack`. */
export const longestSlack: Span = 5 * second

/** Other nodes may be slower than this one. */
const factor = 2

/** A signal on its way into a commit. */
interface Arrived {
  /** When it was read. */
  readonly at: Instant
  /** Since when it may have waited to be read. */
  readonly since: Instant
}

/** A message that has arrived, and has to be read before it is known what it signals. */
interface Announced {
  readonly checks: readonly string[]
  readonly since: Instant
}

/** That a message has arrived, until it is `over`. */
export interface Announcement {
  readonly arrivedAt: Instant
  readonly over: () => void
}

/**
 * The longest that a message which is still being read keeps the deadlines of its checks from being settled: whoever
 * can make that take long must not be able to put an alert off for ever.
 */
export const longestReading: Span = 30 * second

/** The signals of this node that are under way. */
export class UnderWay {
  readonly #arrived = new Bag.Bag<Arrived>()
  readonly #announced = new Set<Announced>()
  /** The slowest commit since `#since`, and in the minute before that. */
  #slowest: Span = 0
  #slowestBefore: Span = 0
  #since: Instant = -Infinity

  /** Adds a signal that has arrived, and returns what is to be removed. */
  add(signal: Arrived): Bag.Place<Arrived> {
    return this.#arrived.add(signal)
  }

  /** Removes a signal that was committed or refused at `now`. */
  remove(place: Bag.Place<Arrived>, now: Instant, isCommitted: boolean): void {
    this.#arrived.remove(place)
    if (!isCommitted) return
    this.#turn(now)
    this.#slowest = Math.max(this.#slowest, now - place.thing.at)
  }

  /** Adds a message for some checks that has arrived. */
  announce(message: Announced): Announcement {
    this.#announced.add(message)
    return { arrivedAt: message.since, over: () => void this.#announced.delete(message) }
  }

  /** Returns the checks for which messages are being read, each with the instant at which its oldest one arrived. */
  announced(now: Instant): ReadonlyMap<string, Instant> {
    const oldest = new Map<string, Instant>()
    for (const { checks, since } of this.#announced) {
      if (Math.abs(now - since) > longestReading) continue
      for (const check of checks) oldest.set(check, Math.min(oldest.get(check) ?? since, since))
    }
    return oldest
  }

  /**
   * Returns up to when nothing that arrived in time can still be under way: for this node until just before its oldest
   * signal that is; for others as long before `now` as commits take, which is twice as long as the slowest one here
   * within the last minute or two, but not less than 100 ms and not more than 5 s.
   */
  settledUntil(now: Instant): Instant {
    this.#turn(now)
    const slowest = Math.max(this.#slowest, this.#slowestBefore)
    let until = now - Math.min(Math.max(factor * slowest, shortestSlack), longestSlack)
    for (const { since } of this.#arrived) until = Math.min(until, since - 1)
    return until
  }

  /** Forgets commits that are long past; also those of a time that lies ahead since the clock was set back. */
  #turn(now: Instant): void {
    const age = Math.abs(now - this.#since)
    if (age < minute) return
    this.#slowestBefore = age < 2 * minute ? this.#slowest : 0
    this.#slowest = 0
    this.#since = now
  }
}
