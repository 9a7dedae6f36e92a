/** Warnings of what a coming clock change will do to a schedule. */
import type { Instant } from "../Time.ts"
import * as Zone from "../Zone.ts"
import * as Civil from "./Civil.ts"
import * as Sentence from "./Sentence.ts"

/** A clock change that concerns a schedule. */
export interface Warning {
  /** When the clock changes. */
  readonly at: Instant
  /** The clock jumps over a gap, and shows an overlap twice. */
  readonly kind: "gap" | "overlap"
  readonly zone: string
  /** A sentence: what the clock does, which times are concerned, and what happens to them. */
  readonly message: string
}

/** Returns the first wall time of a schedule from `wall` (inclusive) on, in seconds; later than `latest` if there is none. */
export type Search = (wall: number, latest: number) => number

/** What a schedule does at gaps and overlaps: the functions of `Regime`. */
export type Habit = "once" | "real" | "skipping"

/** How far warnings look ahead, in seconds: every yearly clock change comes within that. */
const horizon = 366 * Civil.secondsInDay

/** The most times that a message lists. */
const shown = 3

/** Returns a warning for each clock change that concerns the wall times of a search, in the order in which they come. */
export const of = (search: Search, zone: Zone.Zone, habit: Habit, after: Instant): readonly Warning[] => {
  const start = Math.floor(after / 1000)
  const warnings: Warning[] = []
  if (!(Math.abs(start) + horizon <= Zone.farthest)) return warnings
  let change = Zone.nextTransition(zone, start, start + horizon)
  while (change !== undefined) {
    const warning = about(change, search, zone, habit)
    if (warning !== undefined) warnings.push(warning)
    change = Zone.nextTransition(zone, change.second, start + horizon)
  }
  return warnings
}

const about = (
  change: Zone.Transition,
  search: Search,
  zone: Zone.Zone,
  habit: Habit,
): Warning | undefined => {
  const before = change.second + change.before
  const after = change.second + change.after
  const { times, more } = matches(search, Math.min(before, after), Math.max(before, after))
  if (times.length === 0) return undefined
  const kind = after > before ? "gap" : "overlap"
  const which = more ? `${times.join(", ")} and others` : Sentence.and(times)
  const many = times.length > 1
  const message =
    kind === "gap"
      ? `The clock in ${zone.name} jumps from ${clock(before, after)}, over ${which}: ${inGap(habit, many, after)}`
      : `The clock in ${zone.name} goes back from ${clock(before, after)} and shows ${which} twice: ${inOverlap(habit, many)}`
  return { at: change.second * 1000, kind, zone: zone.name, message }
}

const inGap = (habit: Habit, many: boolean, after: number): string => {
  const pronoun = many ? "they are" : "it is"
  return habit === "once"
    ? `${pronoun} due${many ? " together" : ""} at ${timeOf(after)}, when the jump is over`
    : `${pronoun} skipped`
}

const inOverlap = (habit: Habit, many: boolean): string => {
  const pronoun = many ? "they are" : "it is"
  return habit === "real" ? `${pronoun} due both times` : `${pronoun} due the first time only`
}

/** Returns the first matching times from `from` (inclusive) to `until` (exclusive), and whether there are more. */
const matches = (
  search: Search,
  from: number,
  until: number,
): { readonly times: readonly string[]; readonly more: boolean } => {
  const times: string[] = []
  let wall = search(from, until)
  while (wall < until) {
    if (times.length === shown) return { times, more: true }
    times.push(timeOf(wall))
    wall = search(wall + 1, until)
  }
  return { times, more: false }
}

const timeOf = (wall: number): string =>
  Civil.formatTime(((wall % Civil.secondsInDay) + Civil.secondsInDay) % Civil.secondsInDay)

/** "03:00 to 04:00 on 2021-03-28", or with both dates when they differ. */
const clock = (before: number, after: number): string => {
  const [from, to] = [Civil.format(before), Civil.format(after)]
  const date = from.slice(0, from.indexOf(" "))
  return to.startsWith(`${date} `) ? `${timeOf(before)} to ${timeOf(after)} on ${date}` : `${from} to ${to}`
}
