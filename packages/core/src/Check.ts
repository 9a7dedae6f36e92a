/**
 * A check: what is expected of a job (policy) and what has become of it (state).
 *
 * Plain, immutable data. What changes it is `Machine.step`; what the clock makes of it is in `Deadline`.
 */
import * as Limits from "./Limits.ts"
import * as Schedule from "./Schedule.ts"
import * as Every from "./schedule/Every.ts"
import type { Instant, Span } from "./Time.ts"

/** What is stored. Being late within grace, and having started, are derived, never stored. */
export type Status = "new" | "up" | "down" | "paused"

/** What is shown: `grace` stands in for `up` from the expected instant on. */
export type ShownStatus = Status | "grace"

/** What the user configures about time, runs and alerts (and which signals count). */
export interface Policy {
  readonly schedule: Schedule.Schedule
  /** How late a signal may be, in counted time. */
  readonly grace: Span
  /** How long after its start a run may take; `undefined` means as long as grace. */
  readonly maxRuntime: Span | "never" | undefined
  /** A success sooner after its start than this counts as a failure. */
  readonly minRuntime: Span | undefined
  /** An open start postpones the late deadline to the slot after the start. */
  readonly startSatisfies: boolean
  /** `latest` times only the newest start, as Healthchecks does; `every` times each open run id on its own. */
  readonly runs: "latest" | "every"
  readonly alert: AlertPolicy
  /** Windows in which counted time stands still. */
  readonly quiet: readonly QuietWindow[]
  /** While down, the channels are told again after each such span. */
  readonly remindEvery: Span | undefined
  /** Tell the channels when the first ping takes the check from new to up. */
  readonly notifyOnFirstPing: boolean
  /** While paused, signals are logged and change nothing. */
  readonly manualResume: boolean
  /** HTTP methods that count, upper case; others are logged as ignored. Empty: every method counts. */
  readonly methods: readonly string[]
  readonly filters: Filters
}

/** Down when at least `failures` of the last `outOf` outcomes failed; up after `recoveries` successes in a row. */
export interface AlertPolicy {
  readonly failures: number
  /** 1..32, at least `failures`. */
  readonly outOf: number
  /** 1..32. */
  readonly recoveries: number
}

/**
 * A maintenance window: recurring (opens at each slot of a schedule; `every` counts its periods from 1970), or one span
 * of time. `to` is exclusive.
 */
export type QuietWindow =
  | { readonly schedule: Schedule.Schedule; readonly duration: Span }
  | { readonly from: Instant; readonly to: Instant }

/** Keyword rules. Keywords are comma-separated and case-sensitive, as the user wrote them. */
export interface Filters {
  readonly subject: boolean
  readonly body: boolean
  readonly httpBody: boolean
  /** What a message is in which no keyword was found: a failure (true), or ignored. */
  readonly defaultFail: boolean
  readonly startKeywords: string
  readonly successKeywords: string
  readonly failureKeywords: string
}

/** What people call the check, and whom it tells. */
export interface Details {
  readonly name: string
  /** `[a-z0-9-_]*`, at most 100 characters, not unique. */
  readonly slug: string
  /** Space-delimited, as the user wrote them. */
  readonly tags: string
  readonly description: string
  /** Ids of the channels that are told of its flips. */
  readonly channels: readonly string[]
  /** What only one API dialect shows, by the dialect's name: JSON that the engine keeps and never reads. */
  readonly extension: Readonly<Record<string, unknown>>
}

/** A run that has started and not finished. */
export interface Run {
  /** Lower-case UUID; `undefined` is a run id of its own. */
  readonly rid: string | undefined
  readonly startedAt: Instant
  /** It took longer than allowed, and has had its outcome for that. */
  readonly overran: boolean
}

/** The last outcomes, newest in bit 0; a set bit is a failure. `count` (at most 32) says how many are real. */
export interface Outcomes {
  readonly failed: number
  readonly count: number
}

/** What has become of the check. */
export interface State {
  readonly status: Status
  /** The last success or failure that arrived. */
  readonly lastPing: Instant | undefined
  readonly lastSuccess: Instant | undefined
  /** How long the last closed run took; `undefined` when the last signal closed none. */
  readonly lastDuration: Span | undefined
  /** How many signals arrived, whatever they were. */
  readonly pings: number
  /** How many flips were recorded; numbers them. */
  readonly flips: number
  readonly runs: readonly Run[]
  readonly outcomes: Outcomes
  /** What the next slot is computed from. */
  readonly anchor: Instant | undefined
  /** The instant before which nothing can change by itself; stored and indexed. */
  readonly deadline: Instant | undefined
  /** While down: when the channels were last told so. */
  readonly toldAt: Instant | undefined
  /** The last instant that changed this state; time never runs backwards before it. */
  readonly asOf: Instant
}

/** What people configure of a check. */
export interface Plan {
  readonly details: Details
  readonly policy: Policy
}

export interface Check extends Plan {
  /** Lower-case UUID. */
  readonly id: string
  /** Id of the project that it belongs to. */
  readonly project: string
  /** Names the check's badge without giving its id away. Lower-case UUID. */
  readonly badgeKey: string
  readonly createdAt: Instant
  readonly state: State
}

export const noFilters: Filters = {
  subject: false,
  body: false,
  httpBody: false,
  defaultFail: false,
  startKeywords: "",
  successKeywords: "",
  failureKeywords: "",
}

/** What a new check has unless it is told otherwise: a signal every day, an hour of grace, each run timed on its own. */
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

/** What a new check of the Healthchecks APIs has: as in Healthchecks, only the newest start is timed. */
export const healthchecksPolicy: Policy = { ...defaultPolicy, runs: "latest" }

export const noDetails: Details = {
  name: "",
  slug: "",
  tags: "",
  description: "",
  channels: [],
  extension: {},
}

/** The state of a check about which nothing has been heard. */
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

/** A new check. Without policy or details it has the defaults. */
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

/** The check's tags, one by one. */
export const tags = (self: Check): readonly string[] =>
  self.details.tags.split(/\s+/).filter((tag) => tag !== "")

/** Whether two policies say the same, so that a change which changes nothing can leave the check's clock alone. */
export const isSamePolicy = (a: Policy, b: Policy): boolean => a === b || encoded(a) === encoded(b)

const encoded = (policy: Policy): string =>
  JSON.stringify(policy, (_, value) =>
    typeof value === "object" && value !== null && "kind" in value ? Schedule.encode(value) : value,
  )
