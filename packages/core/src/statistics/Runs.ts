/** Statistics of runs: how many there were, how they ended, how long they took. */
import type { Policy } from "../Check.ts"
import * as CountedTime from "../CountedTime.ts"
import type { Flip } from "../Flip.ts"
import type { Ping } from "../Ping.ts"
import type { Instant, Span } from "../Time.ts"

/** What the statistics use of a ping. */
export type Known = Pick<Ping, "n" | "at" | "kind" | "rid" | "duration">

/** Counts and durations of the runs in a span of time. */
export interface RunStatistics {
  /** Successes and failures. */
  readonly count: number
  /** Those that failed, or succeeded sooner than the minimum runtime. */
  readonly failed: number
  /** Missed slots that took the check down. */
  readonly missed: number
  /** Runs that took longer than the maximum runtime, finished or not. */
  readonly overran: number
  /** Of runs whose start is known; `undefined` when there are none. */
  readonly durations: Durations | undefined
}

/** What the durations of several runs are like, in milliseconds. */
export interface Durations {
  readonly count: number
  readonly average: Span
  readonly p50: Span
  readonly p95: Span
  readonly longest: Span
  /** Newest first, at most ten. */
  readonly last: readonly Span[]
}

/** How many durations `last` lists. */
const lastDurations = 10

/** Returns the statistics of pings and flips, both oldest first and of the same span of time. */
export const of = (
  policy: Policy,
  { pings, flips }: { readonly pings: readonly Known[]; readonly flips: readonly Flip[] },
): RunStatistics => {
  let count = 0
  let failed = 0
  let missed = 0
  const overran = new Set<string>()
  const durations: Span[] = []
  for (const { kind, at, rid, duration } of pings) {
    if (kind !== "success" && kind !== "fail") continue
    count += 1
    if (kind === "fail" || isTooShort(policy, duration)) failed += 1
    if (duration === undefined) continue
    durations.push(duration)
    if (isTooLong(policy, at, duration)) overran.add(runId(rid, at - duration))
  }
  for (const { reason, at, rid, duration } of flips) {
    if (reason === "missed") missed += 1
    if (reason === "overran" && duration !== undefined) overran.add(runId(rid, at - duration))
  }
  return { count, failed, missed, overran: overran.size, durations: summary(durations) }
}

/** Names a run by id and start, so that one that overran and finished later is counted once. */
const runId = (rid: string | undefined, startedAt: Instant): string => `${rid} ${startedAt}`

const isTooShort = ({ minRuntime }: Policy, duration: Span | undefined): boolean =>
  duration !== undefined && minRuntime !== undefined && duration < minRuntime

const isTooLong = ({ maxRuntime, grace, quiet }: Policy, at: Instant, duration: Span): boolean => {
  const allowed = maxRuntime ?? grace
  return allowed !== "never" && CountedTime.between({ quiet, blind: [] }, at - duration, at) >= allowed
}

const summary = (durations: readonly Span[]): Durations | undefined => {
  if (durations.length === 0) return undefined
  const sorted = Float64Array.from(durations).sort()
  return {
    count: sorted.length,
    average: Math.round(sorted.reduce((sum, duration) => sum + duration, 0) / sorted.length),
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    longest: sorted[sorted.length - 1]!,
    last: durations.slice(-lastDurations).toReversed(),
  }
}

/**
 * Returns the smallest value that at least `share` (0 to 1) of all values do not exceed (nearest rank). `sorted` is
 * ascending and not empty.
 */
export const percentile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
