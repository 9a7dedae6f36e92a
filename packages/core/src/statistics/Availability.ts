/** Availability: for how long a check was up, down or paused, as far as that is known. */
import type { Status } from "../Check.ts"
import type { Interval } from "../CountedTime.ts"
import type { Flip, Reason } from "../Flip.ts"
import type * as InSlices from "../InSlices.ts"
import type { Instant, Span } from "../Time.ts"

/** What is known of a check at an instant. While it is new, and before the oldest kept flip, that is `unknown`. */
export type Known = "up" | "down" | "paused" | "unknown"

/** A stretch of time in which one thing is known. */
export interface Stretch extends Interval {
  readonly known: Known
}

/** How much time was known to be what, in milliseconds. */
export type Availability = Readonly<Record<Known, Span>>

/** The time from the flip to down until the flip that ended it. */
export interface Outage {
  /** `undefined` when the flip to down is not kept. */
  readonly start: Instant | undefined
  /** `undefined` while it goes on. */
  readonly end: Instant | undefined
  /** Why the check went down; `undefined` when the flip to down is not kept. */
  readonly reason: Reason | undefined
  /** How long it lasted, until now if it still does; when `start` is unknown, counted from where the record begins. */
  readonly duration: Span
  /** Whether it began later than it would have, because the engine was not awake. */
  readonly blind: boolean
}

/** What the record says of the status of a check. */
export interface Timeline {
  /** Oldest first. */
  readonly flips: readonly Flip[]
  /** From when on every flip is kept. */
  readonly knownFrom: Instant
  readonly now: Instant
  /** The status at `now`. */
  readonly status: Status
  readonly blind: readonly Interval[]
}

/** Returns the window as stretches, one following the other without gap or overlap. */
export const stretches = function* (self: Timeline, window: Interval): InSlices.Work<readonly Stretch[]> {
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
    // In a blind span the check may have been down without anybody noticing.
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
    yield
  }
  add(window.to, "unknown")
  return found
}

/** Yields the statuses from `knownFrom` to `now`, each with the instant at which it ended (exclusive). */
const statuses = function* ({ flips, status, now }: Timeline): Generator<{ status: Status; until: Instant }> {
  for (const flip of flips) yield { status: flip.from, until: flip.at }
  yield { status, until: now }
}

/** Returns for how long each thing was known within an interval. The stretches must cover the interval. */
export const sum = (stretches: readonly Stretch[], { from, to }: Interval): Availability => {
  const sums = { up: 0, down: 0, paused: 0, unknown: 0 }
  for (const stretch of stretches) {
    const length = Math.min(stretch.to, to) - Math.max(stretch.from, from)
    if (length > 0) sums[stretch.known] += length
  }
  return sums
}

/** Returns every outage on record, oldest first. */
export const outages = function* ({
  flips,
  status,
  knownFrom,
  now,
}: Timeline): InSlices.Work<readonly Outage[]> {
  const found: Outage[] = []
  let open: Pick<Outage, "start" | "reason" | "blind"> | undefined
  const close = (end: Instant | undefined): void => {
    if (open === undefined) return
    const duration = (end ?? now) - (open.start ?? knownFrom)
    // An outage that ended at the very beginning of the record is left out.
    if (open.start !== undefined || duration > 0) found.push({ ...open, end, duration })
    open = undefined
  }
  if ((flips[0]?.from ?? status) === "down") open = { start: undefined, reason: undefined, blind: false }
  for (const { at, to, reason, blind } of flips) {
    close(at)
    if (to === "down") open = { start: at, reason, blind }
    yield
  }
  close(undefined)
  return found
}
