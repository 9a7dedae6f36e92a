/** What the runs of a check were like: how many, how they ended, how long they took. */
import type { Policy } from "../Check.ts"
import * as CountedTime from "../CountedTime.ts"
import type { Flip } from "../Flip.ts"
import type { Ping } from "../Ping.ts"
import type { Instant, Span } from "../Time.ts"

/** What is known of a ping. */
export type Known = Pick<Ping, "n" | "at" | "kind" | "rid" | "duration">

export interface RunStatistics {
  /** Successes and failures that arrived. */
  readonly count: number
  /** Those of them that failed, or succeeded too soon. */
  readonly failed: number
  /** Slots without a signal that took the check down. */
  readonly missed: number
  /** Runs that took longer than allowed, finished or not. */
  readonly overran: number
  /** Of the runs that began with a start; `undefined` when there are none. */
  readonly durations: Durations | undefined
}

export interface Durations {
  readonly count: number
  readonly average: Span
  readonly p50: Span
  readonly p95: Span
  readonly longest: Span
  /** Newest first, at most ten. */
  readonly last: readonly Span[]
}

/** How many of the last durations are listed. */
const lastDurations = 10

/** Pings and flips oldest first, all of the time that is asked about. */
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

/** The run that has its flip for overrunning may finish later: it is one run. */
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

/** The smallest value that is not exceeded by so much of all (nearest rank). `sorted` is not empty. */
export const percentile = (sorted: ArrayLike<number>, share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
