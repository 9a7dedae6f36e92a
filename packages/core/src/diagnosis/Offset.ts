/** Offsets: whether a signal that is near no slot of its schedule would be near one at another offset from UTC. */
import type { Policy } from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import { minute, second, type Instant, type Span } from "../Time.ts"
import * as Zone from "../Zone.ts"

/** The offsets from UTC in use anywhere, in minutes. */
const inUse: readonly number[] = [
  // The whole hours from UTC-12:00 to UTC+14:00; then those with half and quarter hours.
  ...Array.from({ length: 27 }, (_, index) => (index - 12) * 60),
  -570,
  -210,
  210,
  270,
  330,
  345,
  390,
  570,
  630,
  765,
]

/** A slot at another offset from UTC. */
export interface Found {
  /** When the slot is at that offset. */
  readonly slot: Instant
  /** In ISO 8601: `+02:00`. */
  readonly offset: string
}

/**
 * Returns the slot, among all offsets, that is nearest before the signal; `undefined` when the signal is near a slot at
 * its own offset, when no other offset fits, or when slots are so close that some offset always would.
 */
export const find = ({ schedule, grace }: Policy, at: Instant): Found | undefined => {
  if (!("zone" in schedule) || slotBefore(schedule, at, grace) !== undefined) return undefined
  const next = Schedule.next(schedule, at)
  const following = next === undefined ? undefined : Schedule.next(schedule, next)
  // With slots close to each other, some offset always fits.
  if (next === undefined || following === undefined || following - next < Limits.zoneGap) return undefined
  const own = Zone.offsetAt(schedule.zone, Math.floor(at / second)) * second
  const inUtc = { ...schedule, zone: Zone.utc }
  let nearest: { readonly slot: Instant; readonly minutes: number } | undefined
  for (const minutes of inUse) {
    const offset = minutes * minute
    if (offset === own) continue
    const shown = slotBefore(inUtc, at + offset, Math.min(grace, Limits.zoneTolerance))
    if (shown === undefined) continue
    const slot = shown - offset
    // Of equally near slots the one at UTC wins, because most servers run on UTC.
    if (nearest === undefined || slot > nearest.slot || (slot === nearest.slot && minutes === 0)) {
      nearest = { slot, minutes }
    }
  }
  return nearest === undefined ? undefined : { slot: nearest.slot, offset: print(nearest.minutes) }
}

/** Returns the first slot of the last `within` milliseconds up to `at` (inclusive); `undefined` when there is none. */
const slotBefore = (schedule: Schedule.Schedule, at: Instant, within: Span): Instant | undefined => {
  const slot = Schedule.next(schedule, at - within - 1)
  return slot !== undefined && slot <= at ? slot : undefined
}

const print = (minutes: number): string => {
  const size = Math.abs(minutes)
  const two = (number: number): string => String(number).padStart(2, "0")
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
