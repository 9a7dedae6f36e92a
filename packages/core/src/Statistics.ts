/**
 * Statistics: availability, outages and runs of a check over any window, or by hour, day, week or month.
 *
 * Computed from its flips and pings as far as they are kept. Time about which nothing is known is reported as unknown,
 * never as up.
 */
import * as Calendar from "./Calendar.ts"
import type { Check } from "./Check.ts"
import type { Interval } from "./CountedTime.ts"
import * as Steps from "./Steps.ts"
import type { Blind } from "./Deadline.ts"
import type { Flip } from "./Flip.ts"
import * as InSlices from "./InSlices.ts"
import * as Machine from "./Machine.ts"
import * as Availability from "./statistics/Availability.ts"
import * as Runs from "./statistics/Runs.ts"
import type { Instant } from "./Time.ts"
import type { Zone } from "./Zone.ts"

/** Everything that is kept of a check. */
export interface History {
  readonly check: Check
  /** Every flip that was kept, oldest first. */
  readonly flips: readonly Flip[]
  /** Every ping that was kept, oldest first. */
  readonly pings: readonly Runs.Known[]
  /** From when on no flip was pruned; `undefined`: everything before the oldest kept flip is unknown. */
  readonly keptFrom?: Instant | undefined
  readonly blind: Blind
  /** Everything after this instant is unknown. */
  readonly now: Instant
}

/** What a check was like in a window. `up + down + paused + unknown = to - from`, to the millisecond. */
export interface Report extends Interval, Availability.Availability {
  /** Share of the up time in the time that was up or down, 0 to 1; `undefined` when no time was. */
  readonly uptime: number | undefined
  /** The outages that overlap the window, whole, oldest first. */
  readonly outages: readonly Availability.Outage[]
  readonly runs: Runs.RunStatistics
  /** Whether every ping of the window is kept. If not, there were more runs than `runs` counts. */
  readonly isComplete: boolean
}

/** The report of a window, and one for each unit of the calendar in it, oldest first, if that was asked for. */
export interface Reports {
  readonly whole: Report
  readonly units: readonly Report[]
}

/** Units of the calendar in a zone. */
export interface Units {
  readonly unit: Calendar.Unit
  readonly zone: Zone
}

/** Returns the report of a window. */
export const over = (history: History, window: Interval): Report =>
  InSlices.finish(reports(history, window)).whole

/**
 * Returns a report for each unit of the calendar in a zone, oldest first. The window may cut the first and the last
 * unit.
 */
export const by = (history: History, window: Interval, calendar: Units): readonly Report[] =>
  InSlices.finish(reports(history, window, calendar)).units

/** Makes what `over` and `by` return, as work that may be interrupted: a check may have hundreds of thousands of flips. */
export const reports = function* (
  history: History,
  window: Interval,
  calendar?: Units,
): InSlices.Work<Reports> {
  const prepared = yield* prepare(history, window)
  const whole = report(prepared, window)
  const units: Report[] = []
  if (calendar !== undefined) {
    for (const part of Calendar.cut(window, calendar.unit, calendar.zone)) {
      units.push(report(prepared, part))
      yield
    }
  }
  return { whole, units }
}

interface Prepared {
  readonly history: History
  readonly flips: readonly Flip[]
  readonly stretches: readonly Availability.Stretch[]
  readonly outages: readonly Availability.Outage[]
}

const prepare = function* (history: History, window: Interval): InSlices.Work<Prepared> {
  // Deadlines that have passed count, even when the sweeper has not settled them yet.
  const settled = Machine.step(history.check, { type: "tick" }, history.now, history.blind)
  const timeline: Availability.Timeline = {
    flips: history.flips.concat(settled.flips),
    knownFrom: knownFrom(history),
    now: history.now,
    status: settled.check.state.status,
    blind: merged(Steps.without(history.blind)),
  }
  return {
    history,
    flips: timeline.flips,
    stretches: yield* Availability.stretches(timeline, window),
    outages: yield* Availability.outages(timeline),
  }
}

const knownFrom = ({ check, flips, keptFrom, now }: History): Instant => {
  const oldest = flips[0]
  if (check.state.flips === 0 || oldest?.n === 1) return check.createdAt
  return Math.max(check.createdAt, Math.min(keptFrom ?? now, oldest?.at ?? now))
}

const merged = (blind: Blind): readonly Interval[] => {
  const found: Interval[] = []
  for (const span of blind.toSorted((one, other) => one.from - other.from)) {
    const last = found.at(-1)
    if (last !== undefined && span.from <= last.to)
      found[found.length - 1] = { ...last, to: Math.max(last.to, span.to) }
    else found.push(span)
  }
  return found
}

const report = ({ history, flips, stretches, outages }: Prepared, { from, to }: Interval): Report => {
  const { check, pings, now } = history
  const known = Availability.sum(
    stretches.slice(
      firstIndex(stretches, (stretch) => stretch.to > from),
      firstIndex(stretches, (stretch) => stretch.from >= to),
    ),
    { from, to },
  )
  // It began before the end of the interval, and lasts into it: or lasted no time, within it.
  const isAfter = ({ end = now, duration }: Availability.Outage): boolean => end - duration >= to
  const isNotBefore = ({ end = now, duration }: Availability.Outage): boolean =>
    end > from || end - duration >= from
  const oldest = pings[0]
  return {
    from,
    to,
    ...known,
    uptime: known.up + known.down === 0 ? undefined : known.up / (known.up + known.down),
    outages: outages.slice(firstIndex(outages, isNotBefore), firstIndex(outages, isAfter)),
    runs: Runs.of(check.policy, { pings: between(pings, { from, to }), flips: between(flips, { from, to }) }),
    // A ping of the same millisecond may have been pruned, so the oldest kept one must lie before the window.
    isComplete: oldest === undefined ? check.state.pings === 0 : oldest.n === 1 || oldest.at < from,
  }
}

const between = <A extends { readonly at: Instant }>(
  items: readonly A[],
  { from, to }: Interval,
): readonly A[] =>
  items.slice(
    firstIndex(items, ({ at }) => at >= from),
    firstIndex(items, ({ at }) => at >= to),
  )

/**
 * Returns the index of the first item for which `holds` is true. It must be true for all items after that one (binary
 * search).
 */
const firstIndex = <A>(items: readonly A[], holds: (item: A) => boolean): number => {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(items[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
