/** Availability: for how long a check was up, down or paused, as far as anybody knows. */
import type { Status } from "../Check.ts"
import type { Interval } from "../CountedTime.ts"
import type { Flip, Reason } from "../Flip.ts"
import type { Instant, Span } from "../Time.ts"

/** What is known of a check at an instant. Of one that is new nothing is, nor before the oldest flip that was kept. */
export type Known = "up" | "down" | "paused" | "unknown"

/** A stretch of time of which one thing is known. */
export interface Stretch extends Interval {
  readonly known: Known
}

export type Availability = Readonly<Record<Known, Span>>

export interface Outage {
  /** `undefined` when it began before what is known. */
  readonly start: Instant | undefined
  /** `undefined` while it goes on. */
  readonly end: Instant | undefined
  readonly reason: Reason | undefined
  /** Until now while it goes on; what is known of it when its start is not. */
  readonly duration: Span
  /** It began later than it would have, had the engine always been awake. */
  readonly blind: boolean
}

/** The flips of a check that are known, oldest first, and from when on they are complete. */
export interface Timeline {
  readonly flips: readonly Flip[]
  readonly knownFrom: Instant
  readonly now: Instant
  /** The status now. */
  readonly status: Status
  readonly blind: readonly Interval[]
}

/** The window in stretches that follow one another without gap or overlap. */
export const stretches = (self: Timeline, window: Interval): readonly Stretch[] => {
  const found: Stretch[] = []
  let at = window.from
  const add = (until: Instant, known: Known): void => {
    const to = Math.min(until, window.to)
    if (to <= at) return
    const last = found.at(-1)
    if (last?.known === known) found[found.length - 1] = { ...last, to }
    else found.push({ from: at, to, known })
    at = to
  }
  const addUp = (until: Instant): void => {
    // While nobody was awake it may have been down as well.
    for (const { from, to } of self.blind) {
      if (to <= at || from >= until) continue
      add(from, "up")
      add(Math.min(to, until), "unknown")
    }
    add(until, "up")
  }
  add(self.knownFrom, "unknown")
  for (const { status, until } of statuses(self)) {
    if (status === "up") addUp(until)
    else add(until, status === "new" ? "unknown" : status)
  }
  add(window.to, "unknown")
  return found
}

/** The statuses from `knownFrom` to `now`, and until when each held. */
function* statuses({ flips, status, now }: Timeline): Generator<{ status: Status; until: Instant }> {
  for (const flip of flips) yield { status: flip.from, until: flip.at }
  yield { status, until: now }
}

/** The sums of stretches within an interval that they cover. */
export const sum = (stretches: readonly Stretch[], { from, to }: Interval): Availability => {
  const sums = { up: 0, down: 0, paused: 0, unknown: 0 }
  for (const stretch of stretches) {
    const length = Math.min(stretch.to, to) - Math.max(stretch.from, from)
    if (length > 0) sums[stretch.known] += length
  }
  return sums
}

/** Every outage that is known, oldest first. */
export const outages = ({ flips, status, knownFrom, now }: Timeline): readonly Outage[] => {
  const found: Outage[] = []
  let open: Pick<Outage, "start" | "reason" | "blind"> | undefined
  const close = (end: Instant | undefined): void => {
    if (open === undefined) return
    const duration = (end ?? now) - (open.start ?? knownFrom)
    // One that ended when the record begins is not on record.
    if (open.start !== undefined || duration > 0) found.push({ ...open, end, duration })
    open = undefined
  }
  if ((flips[0]?.from ?? status) === "down") open = { start: undefined, reason: undefined, blind: false }
  for (const { at, to, reason, blind } of flips) {
    close(at)
    if (to === "down") open = { start: at, reason, blind }
  }
  close(undefined)
  return found
}
