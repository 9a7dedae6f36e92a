/**
 * Windows: the time in which a heartbeat is enabled, cut into pieces of its interval from its creation on. Of each window
 * that has ended it is known whether the job kept it or missed it.
 *
 * Windows are counted and never listed: a heartbeat of one second has millions of them each month.
 */
import type { Check } from "@overdue/core/Check"
import type { Interval } from "@overdue/core/CountedTime"
import type { Flip } from "@overdue/core/Flip"
import type * as InSlices from "@overdue/core/InSlices"
import type { Status } from "@overdue/core/State"
import type { PingSummary } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"

/** Everything that is kept of a check, oldest first. */
export interface Kept {
  readonly check: Pick<Check, "createdAt" | "state">
  readonly flips: readonly Pick<Flip, "at" | "from" | "to">[]
  readonly pings: readonly Pick<PingSummary, "n" | "at" | "kind">[]
  readonly now: Instant
}

/** What is counted in a bucket. */
export interface Counts {
  /** Windows that ended in it. */
  ended: number
  /** Those of them with a success and without a failure. */
  kept: number
  /** Events that were received in it. */
  events: number
}

/** A stretch of time in one status, with the enabled time before it. */
interface Stretch extends Interval {
  readonly status: Status
  readonly before: Span
}

/** Returns the stretches of a check from its creation to now. */
const stretchesOf = function* ({ check, flips, now }: Kept): InSlices.Work<readonly Stretch[]> {
  const stretches: Stretch[] = []
  let from = check.createdAt
  let before = 0
  const add = (status: Status, to: Instant): void => {
    if (to <= from) return
    stretches.push({ status, from, to, before })
    before += status === "paused" ? 0 : to - from
    from = to
  }
  for (const flip of flips) {
    add(flip.from, Math.min(flip.at, now))
    yield
  }
  add(flips.at(-1)?.to ?? check.state.status, now)
  return stretches
}

/** The time in which a heartbeat is enabled, and what of it has passed by when. */
class Enabled {
  readonly stretches: readonly Stretch[]

  constructor(stretches: readonly Stretch[]) {
    this.stretches = stretches
  }

  /** Returns how much of it has passed at an instant. */
  by(at: Instant): Span {
    const stretch = this.#last((each) => each.from <= at)
    if (stretch === undefined) return 0
    return stretch.before + (stretch.status === "paused" ? 0 : Math.min(at, stretch.to) - stretch.from)
  }

  /** Returns when so much of it had passed first; `undefined` when it has not yet. */
  when(passed: Span): Instant | undefined {
    const stretch = this.#last((each) => each.before < passed)
    if (stretch === undefined || stretch.status === "paused") return undefined
    const at = stretch.from + passed - stretch.before
    return at <= stretch.to ? at : undefined
  }

  /** Returns the last stretch for which a condition holds, which holds for all before it. */
  #last(holds: (stretch: Stretch) => boolean): Stretch | undefined {
    let [low, high] = [0, this.stretches.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (holds(this.stretches[middle]!)) low = middle + 1
      else high = middle
    }
    return this.stretches[low - 1]
  }
}

/** Buckets of equal width, one after the other. */
export interface Buckets {
  /** Beginning of the first one. */
  readonly from: Instant
  readonly width: Span
  readonly count: number
}

/**
 * Counts the windows of an interval that ended in each bucket, and the events. What is pruned of the log cannot tell
 * which windows were kept: of those that ended before the log begins, the ones are that ended while the check was up.
 */
export const count = function* (
  kept: Kept,
  interval: Span,
  buckets: Buckets,
): InSlices.Work<readonly Counts[]> {
  const enabled = new Enabled(yield* stretchesOf(kept))
  const counts: Counts[] = Array.from({ length: buckets.count }, () => ({ ended: 0, kept: 0, events: 0 }))
  const bucketAt = (at: Instant): Counts | undefined =>
    counts[Math.floor((at - buckets.from) / buckets.width)]
  /** How many windows had ended before an instant. */
  const endedBefore = (at: Instant): number =>
    Math.floor(enabled.by(Math.min(at, kept.now + 1) - 1) / interval)

  for (const [index, each] of counts.entries()) {
    const start = buckets.from + index * buckets.width
    each.ended = endedBefore(start + buckets.width) - endedBefore(start)
    yield
  }

  const outcomes = new Map<number, "kept" | "failed">()
  for (const { at, kind } of kept.pings) {
    if (kind === "success" || kind === "fail" || kind === "start") {
      const bucket = bucketAt(at)
      if (bucket !== undefined) bucket.events += 1
      const window = Math.floor(enabled.by(at) / interval)
      if (kind === "fail") outcomes.set(window, "failed")
      else if (kind === "success" && !outcomes.has(window)) outcomes.set(window, "kept")
    }
    yield
  }
  const [oldest] = kept.pings
  const isWhole = oldest === undefined ? kept.check.state.pings === 0 : oldest.n === 1
  const known = isWhole ? 0 : Math.floor(enabled.by(oldest?.at ?? kept.now + 1) / interval)
  for (const [window, outcome] of outcomes) {
    const end = outcome === "kept" && window >= known ? enabled.when((window + 1) * interval) : undefined
    const bucket = end === undefined ? undefined : bucketAt(end)
    if (bucket !== undefined) bucket.kept += 1
    yield
  }

  if (known > 0)
    yield* addPruned(counts, {
      enabled,
      buckets,
      now: kept.now,
      endedBefore: (at) => Math.min(known, endedBefore(at)),
    })
  return counts
}

interface Pruned {
  readonly enabled: Enabled
  readonly buckets: Buckets
  readonly now: Instant
  /** How many windows of which the log is pruned had ended before an instant. */
  readonly endedBefore: (at: Instant) => number
}

/** Adds the windows that ended while the check was up. */
const addPruned = function* (
  counts: readonly Counts[],
  { enabled, buckets: { from: first, width, count }, now, endedBefore }: Pruned,
): InSlices.Work<void> {
  for (const { status, from, to } of enabled.stretches) {
    yield
    if (status !== "up") continue
    // The last one goes on.
    const end = to === now ? now + 1 : to
    for (let index = Math.max(0, Math.floor((from - first) / width)); index < count; index++) {
      const start = first + index * width
      if (start >= end) break
      counts[index]!.kept += endedBefore(Math.min(end, start + width)) - endedBefore(Math.max(from, start))
      yield
    }
  }
}
