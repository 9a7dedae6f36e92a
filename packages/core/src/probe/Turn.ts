/**
 * Turns: when a check's probe is due. Every check has a grid of its own, from its id, so that rounds of many checks are
 * spread over the time, and each comes at the same distance from the last, however late that was. A new check is due at
 * once, and so is one whose probe was changed, or that was resumed.
 *
 * The checks of a region belong to its prober from when that first claims turns until it has not for `patience`.
 */
import type { Check } from "../Check.ts"
import type { Instant, Span } from "../Time.ts"
import * as Threshold from "./Threshold.ts"

/** A round that is due, claimed for the regions that it is to be asked from. */
export interface Turn {
  readonly check: Check
  /** Names the round: an instant of the grid of the check. */
  readonly at: Instant
  /** Labels from `Probe.regions`; one empty label when the probe has none. */
  readonly regions: readonly string[]
}

/** Who claims: a prober elsewhere, for the checks that name its region; `undefined`, the engine itself for all others. */
export interface Prober {
  /** Not empty. */
  readonly region: string
  /** Only for the checks of this project; by default of all. */
  readonly project?: string | undefined
}

/** What is claimed. */
export interface Claim {
  readonly now: Instant
  /** The most turns; those that have been due for longest come first. */
  readonly limit: number
  readonly prober?: Prober | undefined
}

/** Returns the instant of the grid that is nearest to `now`, so that every prober names a round alike. */
export const slotAt = (id: string, every: Span, now: Instant): Instant => {
  const phase = phaseOf(id, every)
  return Math.floor((now - phase) / every + 0.5) * every + phase
}

/** Returns when the round after the one at `now` is due: not sooner than half of `every` later. */
export const next = (id: string, every: Span, now: Instant): Instant => slotAt(id, every, now) + every

/** The end of an id is random in every version of UUIDs that is in use. */
const phaseOf = (id: string, every: Span): Span => Number.parseInt(id.slice(-8), 16) % every || 0

/** Returns the labels for which a check is to be asked now; none when it has no probe, or a threshold, and while it is paused. */
export const labelsOf = ({
  policy: { probe },
  state,
}: Pick<Check, "policy" | "state">): readonly string[] => {
  if (probe === undefined || state.status === "paused" || Threshold.is(probe)) return none
  return probe.regions.length === 0 ? unlabelled : probe.regions
}

const none: readonly string[] = []
const unlabelled: readonly string[] = [""]

/** Whether two versions of a check are asked at the same times for the same labels of the same target. */
export const isSame = (a: Check, b: Check): boolean => {
  const [one, other] = [labelsOf(a), labelsOf(b)]
  if (one.length === 0 || other.length === 0) return one.length === other.length
  return (
    a.policy.probe === b.policy.probe || JSON.stringify(a.policy.probe) === JSON.stringify(b.policy.probe)
  )
}

/** For how long the checks of a region wait for its prober, after it last asked for turns, before the engine asks itself. */
export const patience: Span = 24 * 3_600_000

/**
 * For how long after a claim its result may be handed in: an attempt takes half a minute, and a server that was away is
 * waited for as long again and more. Of a prober that stood still for longer, nothing is news.
 */
export const validity: Span = 2 * 60_000
