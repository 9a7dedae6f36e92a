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

/** Returns what quiet windows should be instead; `undefined` when they can be kept. Continues a sentence after "expected". */
export const refusal = (windows: readonly QuietWindow[]): string | undefined => {
  const openings = Math.ceil(
    recurring(windows).reduce((sum, { schedule }) => sum + Schedule.perDay(schedule), 0),
  )
  if (openings > Limits.quietOpenings) {
    return (
      `windows that open at most ${Limits.quietOpenings} times a day, not ${openings}: write one that stays open longer ` +
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
  return stop === undefined || stop.to < start + longest
}

const recurring = (windows: readonly QuietWindow[]): readonly Recurring[] =>
  windows.filter((window) => "duration" in window)
