/**
 * Checks: what is expected of a job (policy) and what has become of it (state).
 *
 * Plain, immutable data. `Machine.step` changes a check; `Deadline` computes what follows from the time.
 */
import * as Limits from "./Limits.ts"
import * as Schedule from "./Schedule.ts"
import * as Every from "./schedule/Every.ts"
import type { Instant, Span } from "./Time.ts"

/** The stored status. That a signal is late within grace, and that a run has started, is derived and never stored. */
export type Status = "new" | "up" | "down" | "paused"

/** The status that people see: `grace` in place of `up` once a signal is expected. */
export type ShownStatus = Status | "grace"

/** What users configure about time, runs, alerts and signals. */
export interface Policy {
  readonly schedule: Schedule.Schedule
  /** How late a signal may be, in counted time (see `CountedTime`). */
  readonly grace: Span
  /** How long a run may take after its start, in counted time; `undefined` means as long as grace. */
  readonly maxRuntime: Span | "never" | undefined
  /** A success that comes sooner than this after its start is a failure; `undefined` means never. */
  readonly minRuntime: Span | undefined
  /** Whether an open start postpones the deadline to the slot after the start. */
  readonly startSatisfies: boolean
  /** `latest`: only the newest start is timed, as in Healthchecks. `every`: each open run id is timed on its own. */
  readonly runs: "latest" | "every"
  readonly alert: AlertPolicy
  /** Maintenance windows, in which counted time stands still. */
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
 * open for `duration`; a single one is open from `from` (inclusive) to `to` (exclusive).
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

/** What people call the check, and which channels it tells. */
export interface Details {
  readonly name: string
  /** `[a-z0-9-_]*`, at most 100 characters, not necessarily unique. */
  readonly slug: string
  /** Separated by spaces, as the user wrote them. */
  readonly tags: string
  readonly description: string
  /** Ids of the channels that are told about its flips. */
  readonly channels: readonly string[]
  /** Data that only one API dialect uses, by the name of the dialect: JSON that the engine keeps and never reads. */
  readonly extension: Readonly<Record<string, unknown>>
}

/** A run that has started and not finished. */
export interface Run {
  /** Lower-case UUID; `undefined` for runs without an id, which count as one and the same. */
  readonly rid: string | undefined
  readonly startedAt: Instant
  /** Whether it took longer than allowed and has been counted as a failed outcome for that. */
  readonly overran: boolean
}

/**
 * The last outcomes as bits, the newest in bit 0; a set bit is a failure. Only the lowest `count` bits are outcomes, at
 * most 32.
 */
export interface Outcomes {
  readonly failed: number
  readonly count: number
}

/** What has become of the check. */
export interface State {
  readonly status: Status
  /** When the last success or failure arrived. */
  readonly lastPing: Instant | undefined
  readonly lastSuccess: Instant | undefined
  /** How long the last closed run took; `undefined` when the last success or failure closed none. */
  readonly lastDuration: Span | undefined
  /** How many signals arrived, of whatever kind; the number of the last ping. */
  readonly pings: number
  /** How many flips were recorded; the number of the last flip. */
  readonly flips: number
  /** Open runs, the one that started first in front. */
  readonly runs: readonly Run[]
  readonly outcomes: Outcomes
  /**
   * The next slot is the first slot of the schedule after this instant. `undefined` before the first signal, and after
   * a resumption.
   */
  readonly anchor: Instant | undefined
  /**
   * A lower bound of the next change that comes without a signal: nothing happens before it. Stored and indexed;
   * `undefined` when nothing can happen without a signal.
   */
  readonly deadline: Instant | undefined
  /** While the check is down: when its channels were last told so. Reminders count from it. */
  readonly toldAt: Instant | undefined
  /** When this state last changed. What arrives with an earlier instant counts as arrived then. */
  readonly asOf: Instant
}

/** What people configure of a check: a check without its identity and state. */
export interface Plan {
  readonly details: Details
  readonly policy: Policy
}

/** A check. */
export interface Check extends Plan {
  /** Lower-case UUID. */
  readonly id: string
  /** Id of the project that it belongs to. */
  readonly project: string
  /** Names the check in the URL of its badge, which must not disclose its id. Lower-case UUID. */
  readonly badgeKey: string
  readonly createdAt: Instant
  readonly state: State
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
 * The policy of a new check, except for what its creator sets: a signal every day, an hour of grace, each run timed on
 * its own.
 */
export const defaultPolicy: Policy = {
  schedule: Every.make(Limits.defaultPeriod),
  grace: Limits.defaultGrace,
  maxRuntime: undefined,
  minRuntime: undefined,
  startSatisfies: false,
  runs: "every",
  alert: { failures: 1, outOf: 1, recoveries: 1 },
  quiet: [],
  remindEvery: undefined,
  notifyOnFirstPing: false,
  manualResume: false,
  methods: [],
  filters: noFilters,
}

/** The policy of a new check of the Healthchecks APIs: there, as in Healthchecks, only the newest start is timed. */
export const healthchecksPolicy: Policy = { ...defaultPolicy, runs: "latest" }

/** The details of a check that has no name, slug, tags, description or channels. */
export const noDetails: Details = {
  name: "",
  slug: "",
  tags: "",
  description: "",
  channels: [],
  extension: {},
}

/** Returns the state of a check that has had no signal. */
export const initialState = (createdAt: Instant): State => ({
  status: "new",
  lastPing: undefined,
  lastSuccess: undefined,
  lastDuration: undefined,
  pings: 0,
  flips: 0,
  runs: [],
  outcomes: { failed: 0, count: 0 },
  anchor: undefined,
  deadline: undefined,
  toldAt: undefined,
  asOf: createdAt,
})

/** Returns a new check. Details and policy that are not given are `noDetails` and `defaultPolicy`. */
export const make = (given: {
  readonly id: string
  readonly project: string
  readonly badgeKey: string
  readonly createdAt: Instant
  readonly details?: Partial<Details>
  readonly policy?: Partial<Policy>
}): Check => ({
  id: given.id,
  project: given.project,
  badgeKey: given.badgeKey,
  createdAt: given.createdAt,
  details: { ...noDetails, ...given.details },
  policy: { ...defaultPolicy, ...given.policy },
  state: initialState(given.createdAt),
})

/** Returns the check's tags as a list. */
export const tags = (self: Check): readonly string[] =>
  self.details.tags.split(/\s+/).filter((tag) => tag !== "")

/** Whether two policies are equal. A change to an equal policy must not move the check's deadline. */
export const isSamePolicy = (a: Policy, b: Policy): boolean => a === b || encoded(a) === encoded(b)

const encoded = (policy: Policy): string =>
  JSON.stringify(policy, (_, value) =>
    typeof value === "object" && value !== null && "kind" in value ? Schedule.encode(value) : value,
  )
