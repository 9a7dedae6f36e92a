/** Every bound that the domain sets, with its unit and its source. */
import { day, hour, minute, type Span } from "./Time.ts"

/** Shortest and longest period or grace that the Healthchecks APIs accept as input. */
export const shortestPeriod: Span = minute
export const longestPeriod: Span = 365 * day

/** What a check has when nobody said otherwise, as Healthchecks sets it. */
export const defaultPeriod: Span = day
export const defaultGrace: Span = hour

/** Open runs a check keeps; the oldest gives way. Bounds the state of a check whose runs never finish. */
export const openRuns = 64

/** Outcomes that an alert policy can look back on: the bits of one integer. */
export const outcomes = 32

/** Characters of a name, a slug and a schedule (Healthchecks: `Spec` in hc/api). */
export const nameLength = 100
export const slugLength = 100
export const scheduleLength = 100

/** Characters of all tags together: the width of Healthchecks' column. */
export const tagsLength = 500

/** Characters of a keyword list. */
export const keywordsLength = 200

/** Characters of a user agent that are kept. */
export const userAgentLength = 200

/** Bytes of a ping's body that are kept unless the operator says otherwise. */
export const pingBody = 10_000

/** Checks and logged pings of a project unless the operator says otherwise. */
export const checksPerProject = 500
export const pingsPerCheck = 100

/** A start pairs with a finish for a shown duration only within this span, as in Healthchecks. */
export const pairedDuration: Span = 72 * hour

/** Quiet windows a policy may list, and how short one may be. */
export const quietWindows = 16
export const shortestQuiet: Span = minute

/**
 * Windows that one deadline looks past, of all quiet windows together: a week of one-minute ones, a year of hourly ones.
 * Bounds the work of one deadline.
 */
export const stopSteps = 10_000

/** Shortest time between two reminders. */
export const shortestReminder: Span = minute

/** Nobody swept or received for longer than this: the engine was blind. */
export const blindAfter: Span = 30_000

/** UTF-16 units of an expression that is read at all: bounds the work of reading it. APIs allow far fewer. */
export const expressionLength = 1000

/**
 * A signal that misses its slot is taken for one of another zone when it is that close behind a slot there, and slots
 * are so far apart that this is no coincidence.
 */
export const zoneTolerance: Span = 5 * minute
export const zoneGap: Span = 3 * hour

/** Events from which a schedule is guessed, and slots that a guess is tried on. */
export const guessEvents = 5_000
export const guessSlots = 20_000
