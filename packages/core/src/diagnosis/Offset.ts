/** Offsets: whether signals that are near no slot of their schedule would be near one at another offset from UTC. */
import type { Policy } from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import { hour, type Instant } from "../Time.ts"
import * as Wording from "../Wording.ts"
import * as Zone from "../Zone.ts"
import { slotBefore } from "./Nearness.ts"
import * as ZoneExamples from "./ZoneExamples.ts"

/** A slot at another offset from UTC. */
export interface Found {
  /** When the slot is at that offset. */
  readonly slot: Instant
  /** In ISO 8601: `+02:00`. */
  readonly offset: string
}

/** A slot at another offset, and how much later than its own slot each signal came; a negative number is earlier. */
export interface Repeated extends Found {
  readonly lateBy: number
}

/** A slot at an offset, in milliseconds. */
interface Fit {
  readonly slot: Instant
  readonly offset: number
}

/**
 * Returns the slot, among all offsets in use, that is nearest before the signal; `undefined` when the signal is near a
 * slot at its own offset, when no other offset fits, or when slots are so close that some offset always would.
 */
export const find = (policy: Policy, at: Instant): Found | undefined => {
  if (slotBefore(policy.schedule, at, policy.grace) !== undefined) return undefined
  const fit = nearest(fits(policy, at))
  return fit === undefined ? undefined : { slot: fit.slot, offset: Wording.offset(fit.offset) }
}

/**
 * Returns the slot nearest before the newest signal at the offset at which each of several signals, newest first, has a
 * slot of its own, whole hours away from the one that it is late for. Grace hides such a mistake from the machine.
 */
export const repeated = (policy: Policy, signals: readonly Instant[]): Repeated | undefined => {
  const [newest, ...older] = signals
  const { schedule } = policy
  const isInTime = (at: Instant): boolean => slotBefore(schedule, at, Limits.zoneTolerance) !== undefined
  if (newest === undefined || !("zone" in schedule) || signals.some(isInTime)) return undefined
  const late = ({ offset }: Fit): number => ZoneExamples.offsetAt(schedule.zone, newest) - offset
  const found = fits(policy, newest).filter((fit) => late(fit) % hour === 0)
  let agreed: readonly Fit[] = found
  for (const at of older) {
    // Two signals of one slot say no more than one.
    const isAgreed = ({ offset, slot }: Fit) => agreed.some((fit) => fit.offset === offset && slot < fit.slot)
    agreed = fits(policy, at).filter(isAgreed)
  }
  const fit = nearest(found.filter(({ offset }) => agreed.some((fit) => fit.offset === offset)))
  return fit === undefined
    ? undefined
    : { slot: fit.slot, offset: Wording.offset(fit.offset), lateBy: late(fit) }
}

/** Returns the slots shortly before an instant at all offsets other than the schedule's own. */
const fits = ({ schedule, grace }: Policy, at: Instant): readonly Fit[] => {
  if (!("zone" in schedule)) return []
  const next = Schedule.next(schedule, at)
  const following = next === undefined ? undefined : Schedule.next(schedule, next)
  // With slots close to each other, some offset always fits.
  if (next === undefined || following === undefined || following - next < Limits.zoneGap) return []
  const own = ZoneExamples.offsetAt(schedule.zone, at)
  const inUtc = { ...schedule, zone: Zone.utc }
  return ZoneExamples.offsetsAt(at).flatMap((offset): readonly Fit[] => {
    const shown =
      offset === own ? undefined : slotBefore(inUtc, at + offset, Math.min(grace, Limits.zoneTolerance))
    return shown === undefined ? [] : [{ slot: shown - offset, offset }]
  })
}

/** Of equally near slots the one at UTC wins, because most servers run on UTC. */
const nearest = ([first, ...others]: readonly Fit[]): Fit | undefined =>
  first === undefined
    ? undefined
    : others.reduce(
        (best, fit) => (fit.slot > best.slot || (fit.slot === best.slot && fit.offset === 0) ? fit : best),
        first,
      )
