/** Calendar: the hours, days, weeks and months of a time zone, as stretches of time. */
import type { Interval } from "./CountedTime.ts"
import * as Civil from "./schedule/Civil.ts"
import { second, type Instant } from "./Time.ts"
import * as Zone from "./Zone.ts"

/** A unit of the calendar. Weeks begin on Monday (ISO 8601). */
export type Unit = "hour" | "day" | "week" | "month"

/**
 * Yields the parts of a window, cut wherever a new unit begins on the wall clock. All are whole units, except the first
 * and the last, which the window may cut.
 */
export const cut = function* (window: Interval, unit: Unit, zone: Zone.Zone): Generator<Interval, undefined> {
  let from = window.from
  while (from < window.to) {
    const to = Math.min(next(unit, zone, from), window.to)
    yield { from, to }
    from = to
  }
  return undefined
}

/**
 * Returns the first instant after `at` (exclusive) at which a new unit begins.
 *
 * A unit that a clock change skips is left out, and one that it repeats is longer; but a clock change always begins a
 * new hour.
 */
export const next = (unit: Unit, zone: Zone.Zone, at: Instant): Instant => {
  const now = Math.floor(at / second)
  const wall = now + Zone.offsetAt(zone, now)
  const begins = Zone.firstAt(zone, now + 1, nextWall(unit, wall))
  const change = unit === "hour" ? Zone.nextTransition(zone, now, begins) : undefined
  return (change?.second ?? begins) * second
}

const hour = 3600

const nextWall = (unit: Unit, wall: number): number => {
  const day = Civil.dayAt(wall)
  switch (unit) {
    case "hour":
      return (Math.floor(wall / hour) + 1) * hour
    case "day":
      return (day + 1) * Civil.secondsInDay
    case "week": {
      const sinceMonday = (Civil.weekdayOf(day) + 6) % 7
      return (day + 7 - sinceMonday) * Civil.secondsInDay
    }
    case "month": {
      const date = Civil.fromDay(day)
      const [year, month] = [Civil.yearOf(date), Civil.monthOf(date)]
      return (
        Civil.secondsInDay *
        (month === 12 ? Civil.firstOfMonth(year + 1, 1) : Civil.firstOfMonth(year, month + 1))
      )
    }
  }
}
