/** Every limit of the domain, with its unit and its source. */
import { day, hour, minute, second, type Instant, type Span } from "./Time.ts"

/** Shortest period or grace that the Healthchecks APIs accept as input. */
export const shortestPeriod: Span = minute
/** Longest period or grace that the Healthchecks APIs accept as input. */
export const longestPeriod: Span = 365 * day

/** Period of a new check whose creator gave none, as in Healthchecks. */
export const defaultPeriod: Span = day
/** Grace of a new check whose creator gave none, as in Healthchecks. */
export const defaultGrace: Span = hour

/**
 * Open runs that a check keeps, so that the state of a check whose runs never finish stays small. When one more starts,
 * the oldest is dropped.
 */
export const openRuns = 64

/** Outcomes that an alert policy can look back on: as many as one integer has bits. */
export const outcomes = 32

/** Characters of a name (Healthchecks: `Spec` in hc/api). */
export const nameLength = 100
/** Characters of a slug (Healthchecks: `Spec` in hc/api). */
export const slugLength = 100
/** Characters of a schedule that an API accepts (Healthchecks: `Spec` in hc/api). */
export const scheduleLength = 100

/** Characters of all tags of a check together: the width of Healthchecks' column. */
export const tagsLength = 500

/** Characters of all slugs and tags together that a check depends on. */
export const afterLength = 500

/** Characters of all HTTP methods together that count as a ping: room for every method there is. */
export const methodsLength = 100

/** Characters of a comma-separated list of keywords. */
export const keywordsLength = 200

/** Characters of a user agent that are kept. */
export const userAgentLength = 200

/** Bytes of a ping's body that are kept, unless the operator sets another limit. */
export const pingBody = 10_000

/** Checks that a project may have, unless the operator sets another limit. */
export const checksPerProject = 10_000
/** The most checks that an operator can let a project have, and the most pings of each that are kept. */
export const mostPerProject = 1_000_000
/** Deliveries to one channel that are sent at the same time, so that a slow receiver does not hold up the others. */
export const deliveriesPerChannel = 48
/** The same to a channel that fails: one attempt says as much as many, and when it works, all that waits is sent. */
export const deliveriesToFailing = 1
/** Deliveries of one project that are sent at the same time, so that what hangs there does not hold up other projects. */
export const deliveriesPerProject = 96
/**
 * An attempt that takes longer than this is slow: its receiver hangs, or may. It keeps no place, neither its project's nor
 * one of all, so that all places cannot be taken by what hangs for the first time.
 */
export const slowAfter: Span = 2 * second
/** How many times as many as there are places may be sent at the same time together with what is slow. */
export const slowTimes = 4
/** The same to all channels of one project that fail, so that those of it that work go on. */
export const deliveriesToFailingOfProject = 48
/**
 * Deliveries of one project that may be sent at the same time to channels that were told something within `provenFor`,
 * also when others have taken its share: of those that hang for the first time it is not known before their attempts end.
 */
export const deliveriesToProvenOfProject = 24
/** For how long a channel is known to work that was told something. */
export const provenFor: Span = minute
/**
 * Deliveries to all channels that fail which are sent at the same time: many channels may lead to one host, and when that
 * hangs, others go on.
 */
export const deliveriesToAllFailing = 192

/** Earlier alerts that a channel could not be told, and of which the next message to it tells. */
export const untoldAlerts = 10

/**
 * How often a message is tried, all in all, that its receiver refuses: again when the channel recovers, for the refusal
 * may have been a proxy's that was just being set up.
 */
export const refusals = 5

/**
 * How long a program that is told to stop waits for clients to finish, and then for receivers of alerts: together less
 * than the ten seconds after which container runtimes kill it.
 */
export const patience: Span = 4 * second

/** Deliveries that the API lists unless it is asked for another number. */
export const deliveriesListed = 100
/** The most of anything that the API lists at once. */
export const mostListed = 1000

/** Logged pings that are kept of each check, unless the operator sets another limit. */
export const pingsPerCheck = 100

/** Longest time between a start and its finish for which a duration is shown (inclusive), as in Healthchecks. */
export const pairedDuration: Span = 72 * hour

/** Quiet windows that a policy may have. */
export const quietWindows = 16
/** Shortest quiet window. */
export const shortestQuiet: Span = minute

/**
 * How often the quiet windows of a policy may open on one day, all of them together: every quarter of an hour. What
 * opens more often is meant to be one longer window.
 */
export const quietOpenings = 96
/**
 * The same of a check that is asked by a probe, as often as a cron line can open one: it has no slots that would have to be
 * looked for outside of them.
 */
export const quietOpeningsProbed = 1_440
/**
 * Openings of quiet windows that the computation of one deadline looks at, so that its work is bounded: more than a year
 * of as many as there may be.
 */
export const stopSteps = 40_000
/**
 * The same where a signal waits for it: then a deadline that is too early is stored, and computed thoroughly only when it
 * has passed. About half a millisecond of work.
 */
export const hurriedSteps = 500
/**
 * The same in the search for a slot outside of them: more than a year of hourly ones. A check whose slots all lie in
 * windows for longer expects nothing.
 */
export const waivingSteps = 10_000
/** How far the computation of one deadline looks for openings of quiet windows. */
export const stopHorizon: Span = 10 * 365 * day

/** How early a signal may be for its slot at most. */
export const longestEarly: Span = day

/** Longest silence that somebody can ask for. */
export const longestSilence: Span = 365 * day

/** Shortest time between two reminders. */
export const shortestReminder: Span = minute

/** When nobody swept or received for longer than this, that time is a blind span. */
export const blindAfter: Span = 30_000

/**
 * UTF-16 units of a schedule's text that is parsed at all, so that the work of parsing is bounded. APIs allow far
 * fewer.
 */
export const expressionLength = 1000

/** Most days between two slots of an interval: ten years. */
export const intervalDays = 3650
/** Most weeks between two slots of an interval: ten years. */
export const intervalWeeks = 520

/** A signal is diagnosed as one of another zone when it comes at most this long after a slot there. */
export const zoneTolerance: Span = 5 * minute
/**
 * Shortest gap between slots for which another zone is diagnosed: with closer slots, some zone always fits by chance.
 */
export const zoneGap: Span = 3 * hour

/**
 * Signals in a row that have to agree on another zone when each is within grace: one or two may just have been late.
 */
export const zoneSignals = 3

/** Shortest time between two rounds of a probe: one that takes as long as it may is over before the next but two. */
export const shortestRound: Span = 10 * second
/** Longest time between two rounds of a probe. */
export const longestRound: Span = day
/** Characters of the URL of a probe. */
export const urlLength = 2_000
/** Characters of the names and values of all header fields of a probe together. */
export const headersLength = 8_192
/** Header fields of a probe. */
export const headers = 50
/** Characters of what a probe sends. */
export const probeBodyLength = 16_384
/** Conditions of a probe (Pinghome, by the design of its API here). */
export const conditions = 20
/** Values of a condition. */
export const conditionValues = 20
/** Characters of a value of a condition, and of its key. */
export const conditionLength = 1_000
/** Reminders of a probe that something expires, of one kind. */
export const reminders = 10
/** How many days before something expires a reminder may come. */
export const longestReminder = 365
/** Regions of a probe. */
export const regions = 20
/** Characters of the label of a region. */
export const regionLength = 50
/** Rounds that a prober elsewhere may claim at once. */
export const turnsAtOnce = 1_000
/** Results that it may hand in at once. */
export const reportsAtOnce = 200
/** Characters of why a target failed. */
export const failureLength = 200
/** Characters of each text in a certificate, and in what a registry says of a domain. */
export const credentialLength = 500
/** Longest time that a part of an attempt may be said to have taken: ten times as long as one may take. */
export const longestTiming: Span = 5 * minute

/** For how long samples are kept as they came, then as minutes, and then as hours, unless an operator says otherwise. */
export const keptSamples = { raw: day, minute: 7 * day, hour: 400 * day } as const
/** Samples of one report of a server: more than a hundred disks and interfaces with all there is to measure. */
export const samplesPerReport = 2_000
/** How far ahead a sample may be: clocks of servers differ. */
export const sampleAhead: Span = 5 * minute
/** Series of a check. Of one that has so many, samples of further ones are not kept. */
export const series = 1_000
/** UTF-16 units of the name of a series. */
export const seriesLength = 200
/** The largest value of a sample, and the smallest with a minus: the sum of a million of them is finite. */
export const sampleValue = 1e18
/** The last instant of a sample: what is computed of it is still a date. */
export const lastSample: Instant = 8e15

/** Events from which a schedule is guessed: the first ones. */
export const guessEvents = 5_000
/** Slots on which a guessed schedule is tried. */
export const guessSlots = 20_000
