/** Offset: whether a signal that is near no slot of its schedule would be near one at another offset from UTC. */
import type { Policy } from "../Check.ts"
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import { minute, second, type Instant, type Span } from "../Time.ts"
import * as Zone from "../Zone.ts"

/** Offsets that are in use, in minutes ahead of UTC. */
const inUse: readonly number[] = [
  // UTC-12:00 to UTC+14:00, and the ones between.
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

export interface Found {
  /** The slot at that offset. */
  readonly slot: Instant
  /** As ISO 8601 writes it: `+02:00`. */
  readonly offset: string
}

/** The offset whose slot comes nearest before the signal; `undefined` when the signal has a slot of its own. */
export const find = ({ schedule, grace }: Policy, at: Instant): Found | undefined => {
  if (schedule.kind === "every" || slotBefore(schedule, at, grace) !== undefined) return undefined
  const next = Schedule.next(schedule, at)
  const following = next === undefined ? undefined : Schedule.next(schedule, next)
  // Where slots are close to each other, some offset always fits.
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
    // UTC is what servers run on: it wins where several would do.
    if (nearest === undefined || slot > nearest.slot || (slot === nearest.slot && minutes === 0)) {
      nearest = { slot, minutes }
    }
  }
  return nearest === undefined ? undefined : { slot: nearest.slot, offset: print(nearest.minutes) }
}

/** The first slot of the last `within` milliseconds up to `at`. */
const slotBefore = (schedule: Schedule.Schedule, at: Instant, within: Span): Instant | undefined => {
  const slot = Schedule.next(schedule, at - within - 1)
  return slot !== undefined && slot <= at ? slot : undefined
}

const print = (minutes: number): string => {
  const size = Math.abs(minutes)
  const two = (number: number): string => String(number).padStart(2, "0")
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
