/**
 * What a clock change does to a pattern: three regimes (Debian cron(8), systemd.time(7)).
 *
 * |            | wall time in a gap           | wall time in an overlap |
 * | `once`     | the first instant after it   | first pass              |
 * | `real`     | nothing                      | both passes             |
 * | `skipping` | nothing                      | first pass              |
 *
 * `once`, `real` and `skipping` return the first instant after `after` (exclusive), in whole seconds, or `never`.
 */
import * as Zone from "../Zone.ts"
import * as Civil from "./Civil.ts"
import * as Pattern from "./Pattern.ts"

/**
 * Cron gives up the search after fifty years. Any limit above forty would do: so rare is February 29 on a given
 * weekday, the rarest day.
 */
const fiftyYears = 50 * 366 * Civil.secondsInDay

/** OnCalendar has the years 1970 to 2199. */
const end2199 = Civil.firstOfMonth(2200, 1) * Civil.secondsInDay - 1

/** For cron jobs at fixed times: Debian's cron runs what the clock jumped over, and runs nothing twice. */
export const once = (pattern: Pattern.Pattern, zone: Zone.Zone, after: number): number => {
  const start = Zone.latestWall(zone, after) + 1
  const wall = Pattern.next(pattern, start, start + fiftyYears)
  return wall === Pattern.never ? Pattern.never : Zone.firstAt(zone, after + 1, wall)
}

/** For cron jobs with a `*` in minute or hour, which follow elapsed time whatever the wall clock does. */
export const real = (pattern: Pattern.Pattern, zone: Zone.Zone, after: number): number => {
  let second = after + 1
  let segment = Zone.segmentAt(zone, second)
  const latest = second + segment.offset + fiftyYears
  for (;;) {
    const wall = Pattern.next(pattern, second + segment.offset, latest)
    const found = wall - segment.offset
    if (found < segment.until) return found
    // An earlier wall time comes back only in an overlap, and that is near the end of the segment or nowhere.
    const soon = segment.until - second < Zone.widestShift
    if (wall === Pattern.never && !soon) return Pattern.never
    second = soon ? segment.until : Math.max(segment.until, wall - Zone.widestOffset)
    segment = Zone.segmentAt(zone, second)
  }
}

/** For OnCalendar. Also returns `never` as soon as nothing can come before `bound`. */
export const skipping = (pattern: Pattern.Pattern, zone: Zone.Zone, after: number, bound: number): number => {
  let start = startOf(zone, after)
  for (;;) {
    const wall = Pattern.next(pattern, start, end2199)
    if (wall === Pattern.never || wall - Zone.widestOffset > bound) return Pattern.never
    const second = Zone.firstAt(zone, after + 1, wall)
    const shown = second + Zone.offsetAt(zone, second)
    if (shown === wall) return second
    start = shown
  }
}

/** Whether an OnCalendar pattern has a wall time that the clock has not shown by `after`, though it may jump over it. */
export const isNaming = (pattern: Pattern.Pattern, zone: Zone.Zone, after: number): boolean =>
  Pattern.next(pattern, startOf(zone, after), end2199) !== Pattern.never

const startOf = (zone: Zone.Zone, after: number): number => Math.max(Zone.latestWall(zone, after) + 1, 0)
