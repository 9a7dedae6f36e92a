/** The terms of a policy: what users configure about time, runs, alerts and signals, and the defaults. Plain data. */
import * as Limits from "../Limits.ts"
import type { Probe } from "../Probe.ts"
import * as Schedule from "../Schedule.ts"
import * as Every from "../schedule/Every.ts"
import { minute, type Instant, type Span } from "../Time.ts"

/** What users configure about time, runs, alerts and signals. */
export interface Policy {
  readonly schedule: Schedule.Schedule
  /** How late a signal may be, in counted time (see `CountedTime`). */
  readonly grace: Span
  /**
   * A signal at most this long before a slot of a cron, OnCalendar or interval schedule, and nearer to it than a quarter
   * of the gap to the slot after it, is taken for that slot. 0: no signal is.
   */
  readonly early: Span
  /** How long a run may take after its start, in counted time; `undefined` means as long as grace. */
  readonly maxRuntime: Span | "never" | undefined
  /** A success that comes sooner than this after its start is a failure; `undefined` means never. */
  readonly minRuntime: Span | undefined
  /** Whether an open start postpones the deadline to the slot after the start. */
  readonly startSatisfies: boolean
  /** Whether a new or resumed check expects its first signal by the next slot after its creation or resumption. */
  readonly armed: boolean
  /** `latest`: only the newest start is timed, as in Healthchecks. `every`: each open run is timed on its own. */
  readonly runs: "latest" | "every"
  readonly alert: AlertPolicy
  /**
   * Maintenance windows: slots in them are waived, counted time stands still, and of failures in them the channels are
   * told when the window closes.
   */
  readonly quiet: readonly QuietWindow[]
  /** While the check is down, the channels are told again after each such span; `undefined` means never. */
  readonly remindEvery: Span | undefined
  /** Whether the channels are told when the first ping takes the check from new to up. */
  readonly notifyOnFirstPing: boolean
  /** Whether signals to a paused check change nothing, and are logged as ignored. */
  readonly manualResume: boolean
  /** HTTP methods that count, in upper case; requests with others are logged as ignored. Empty: every method counts. */
  readonly methods: readonly string[]
  readonly filters: Filters
  /** What the engine asks by itself, for signals that nobody has to send; `undefined`: nothing. */
  readonly probe: Probe | undefined
}

/**
 * A check goes down when at least `failures` of its last `outOf` outcomes failed, and comes up after `recoveries`
 * successes in a row.
 */
export interface AlertPolicy {
  /** 1 to 32. */
  readonly failures: number
  /** `failures` to 32. */
  readonly outOf: number
  /** 1 to 32. */
  readonly recoveries: number
}

/**
 * A maintenance window. A recurring one opens at each slot of its schedule (a period is counted from 1970) and stays
 * open for `duration` on the wall clock of the schedule's zone: 22:00 and 8 hours end at 06:00 in every night of the
 * year. A single one is open from `from` (inclusive) to `to` (exclusive).
 */
export type QuietWindow =
  | { readonly schedule: Schedule.Schedule; readonly duration: Span }
  | { readonly from: Instant; readonly to: Instant }

/** Keyword rules. Keywords are separated by commas and case-sensitive, and kept as the user wrote them. */
export interface Filters {
  /** Whether keywords are looked for in the subject of e-mails. */
  readonly subject: boolean
  /** Whether keywords are looked for in the text of e-mails. */
  readonly body: boolean
  /** Whether keywords are looked for in the body of HTTP requests. */
  readonly httpBody: boolean
  /** Whether a message without any keyword is a failure; otherwise it is ignored. */
  readonly defaultFail: boolean
  readonly startKeywords: string
  readonly successKeywords: string
  readonly failureKeywords: string
}

/** Filters that are switched off. */
export const noFilters: Filters = {
  subject: false,
  body: false,
  httpBody: false,
  defaultFail: false,
  startKeywords: "",
  successKeywords: "",
  failureKeywords: "",
}

/**
 * The policy of a new check, except for what its creator sets: what a person means who has read no manual. A signal
 * every day, an hour of grace; a job may start a hair early, starting in time is enough, every run is timed, and a
 * check that never hears anything says so.
 */
export const defaultPolicy: Policy = {
  schedule: Every.make(Limits.defaultPeriod),
  grace: Limits.defaultGrace,
  early: minute,
  maxRuntime: undefined,
  minRuntime: undefined,
  startSatisfies: true,
  armed: true,
  runs: "every",
  alert: { failures: 1, outOf: 1, recoveries: 1 },
  quiet: [],
  remindEvery: undefined,
  notifyOnFirstPing: false,
  manualResume: false,
  methods: [],
  filters: noFilters,
  probe: undefined,
}

/** The policy of a new check of the Healthchecks APIs, to the letter of what Healthchecks does. */
export const healthchecksPolicy: Policy = {
  ...defaultPolicy,
  early: 0,
  startSatisfies: false,
  armed: false,
  runs: "latest",
}

/** Returns how late a signal may be; of a check that is asked, for how long all rounds must fail before it goes down. */
export const graceOf = ({ grace, probe }: Pick<Policy, "grace" | "probe">): Span => probe?.grace ?? grace

/** Whether two policies are equal. A change to an equal policy must not move the check's deadline. */
export const isSamePolicy = (a: Policy, b: Policy): boolean => a === b || encoded(a) === encoded(b)

/** Whether two schedules expect signals at the same times by the same text in the same zone. */
export const isSameSchedule = (a: Schedule.Schedule, b: Schedule.Schedule): boolean =>
  a === b || JSON.stringify(Schedule.encode(a)) === JSON.stringify(Schedule.encode(b))

const encoded = (policy: Policy): string =>
  JSON.stringify(policy, (name, value) =>
    // A header field may have any name.
    name !== "headers" && typeof value === "object" && value !== null && "kind" in value
      ? Schedule.encode(value)
      : value,
  )
