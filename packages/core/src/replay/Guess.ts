/** Guesses: which schedule may be behind a series of signals, a period or a cron line. */
import type { Interval } from "../CountedTime.ts"
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import * as Every from "../schedule/Every.ts"
import { percentile } from "../statistics/Runs.ts"
import { day, hour, minute, second, type Instant, type Span } from "../Time.ts"
import type { Zone } from "../Zone.ts"
import * as CronLine from "./CronLine.ts"

/** A schedule that signals may have followed. */
export interface Guess {
  readonly schedule: Schedule.Schedule
  /** As people write it: `every 5 minutes`, `30 3 * * 1-5`. */
  readonly text: string
  /** 0 to 1: the share of signals and slots that it explains, lowered when there are few signals. */
  readonly confidence: number
  readonly evidence: Evidence
}

/** How well a guess explains the signals. */
export interface Evidence {
  readonly signals: number
  /** Slots from the first signal to the last; for a period, the gaps between signals. */
  readonly expected: number
  /** Slots that had a signal; for a period, gaps as long as it. */
  readonly met: number
  /** Signals for slots that already had one. */
  readonly extra: number
}

/**
 * Returns the schedules that may be behind signals, the most likely first; none for fewer than three signals. Instants
 * are ascending; `zones` are those in which cron lines are tried.
 */
export const guesses = (instants: readonly Instant[], zones: readonly Zone[]): readonly Guess[] => {
  if (instants.length < 3) return []
  const gaps = Float64Array.from(instants.slice(1), (at, index) => at - instants[index]!)
  const typical = percentile(gaps.toSorted(), 0.5)
  if (typical < second) return []
  const found = [everySoOften(instants.length, gaps, typical)]
  for (const zone of zones) {
    const line = CronLine.guess(instants, typical, zone)
    if (line !== undefined) found.push(byCalendar(instants, line))
  }
  return found.toSorted((one, other) => weight(other) - weight(one))
}

/** Of equally good guesses a cron line wins, because a loop with a period would drift away from the calendar. */
const weight = ({ schedule, confidence }: Guess): number =>
  schedule.kind === "every" ? confidence : confidence + 0.05

const everySoOften = (signals: number, gaps: Float64Array, typical: Span): Guess => {
  const schedule = Every.make(rounded(typical))
  const tolerance = Math.max(schedule.period / 10, second)
  const met = gaps.reduce((count, gap) => count + (Math.abs(gap - schedule.period) <= tolerance ? 1 : 0), 0)
  return {
    schedule,
    text: Every.print(schedule),
    confidence: (met / gaps.length) * trust(signals),
    evidence: { signals, expected: gaps.length, met, extra: 0 },
  }
}

/** Returns the span as a whole number of the largest unit of which it is one, give or take 2 %. */
const rounded = (span: Span): Span => {
  for (const unit of [day, hour, 15 * minute, 5 * minute, minute, 5 * second, second]) {
    const whole = Math.round(span / unit) * unit
    if (whole > 0 && Math.abs(whole - span) <= span / 50) return whole
  }
  return Math.round(span / second) * second
}

const byCalendar = (instants: readonly Instant[], line: CronLine.CronLine): Guess => {
  const { schedule } = line
  const signals = instants.length
  const window = { from: instants[0]!, to: instants[signals - 1]! }
  const { expected, met, extra } = match(schedule, instants, window)
  return {
    schedule,
    text: schedule.expression,
    confidence: expected === 0 ? 0 : (met / (expected + extra)) * trust(signals),
    evidence: { signals, expected, met, extra },
  }
}

/** A factor from 0 to 1 that grows with the number of signals: any two would fit some line. */
const trust = (signals: number): number => signals / (signals + 2)

/** Counts the slots that had a signal before the next slot. */
const match = (
  schedule: Schedule.Schedule,
  instants: readonly Instant[],
  window: Interval,
): { readonly expected: number; readonly met: number; readonly extra: number } => {
  let expected = 0
  let met = 0
  let index = 0
  // The first signal is meant for the last slot before it.
  let slot = lastBefore(schedule, window.from)
  while (slot !== undefined && slot <= window.to && expected < Limits.guessSlots) {
    const following: Instant = Schedule.next(schedule, slot) ?? Infinity
    const before = index
    while (index < instants.length && instants[index]! < following) index += 1
    expected += 1
    if (index > before) met += 1
    slot = following
  }
  return { expected, met, extra: index - met }
}

/** Returns the last slot up to an instant (inclusive), or the next one when none is found within 400 days. */
const lastBefore = (schedule: Schedule.Schedule, at: Instant): Instant | undefined => {
  for (let back = hour; back < 400 * day; back *= 4) {
    let slot = Schedule.next(schedule, at - back)
    if (slot === undefined || slot > at) continue
    for (;;) {
      const following = Schedule.next(schedule, slot)
      if (following === undefined || following > at) return slot
      slot = following
    }
  }
  return Schedule.next(schedule, at)
}
