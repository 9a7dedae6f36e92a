/** Whether quiet windows leave time outside, and whether they can be looked through. */
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import * as Stops from "../Stops.ts"
import { day, type Instant, type Span } from "../Time.ts"
import type { Recurring } from "./Recurring.ts"
import type { QuietWindow } from "./Terms.ts"

/** Where the search begins: a year with a February 29. */
const start: Instant = Date.UTC(2024, 0, 1)
/** More than a year. */
const longest: Span = 400 * day

/**
 * Returns what quiet windows should be instead that may open so often a day; `undefined` when they can be kept. Continues a
 * sentence after "expected".
 */
export const refusal = (
  windows: readonly QuietWindow[],
  most: number = Limits.quietOpenings,
): string | undefined => {
  const openings = openingsOf(windows)
  if (openings > most) {
    return (
      `windows that open at most ${most} times a day, not ${openings}: write one that stays open longer ` +
      "for many short ones in a row, such as 0 22 * * * for 8 hours"
    )
  }
  return leavesSome(windows) ? undefined : "windows that leave some time: these cover all of it"
}

/**
 * Whether windows leave time between them in the course of a year; those that do not recur end by themselves. Exact for
 * windows that open no more often than they may.
 */
export const leavesSome = (windows: readonly QuietWindow[]): boolean => {
  const stop = Stops.after({ quiet: recurring(windows), blind: [] }, start)(start)
  // Of what opens very often, less than a year is looked through: what leaves no time in weeks never leaves any.
  const looked = start + Math.min(longest, (Limits.stopSteps / Math.max(1, openingsOf(windows)) - 1) * day)
  return stop === undefined || stop.to < looked
}

/** How often windows open on a day, all together. */
const openingsOf = (windows: readonly QuietWindow[]): number =>
  Math.ceil(recurring(windows).reduce((sum, { schedule }) => sum + Schedule.perDay(schedule), 0))

const recurring = (windows: readonly QuietWindow[]): readonly Recurring[] =>
  windows.filter((window) => "duration" in window)
