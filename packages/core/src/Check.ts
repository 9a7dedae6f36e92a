/**
 * Checks: what is expected of a job (policy) and what has become of it (state).
 *
 * Plain, immutable data. `Machine.step` changes a check; `Deadline` computes what follows from the time.
 */
import * as Deadline from "./Deadline.ts"
import { defaultPolicy, type Policy } from "./policy/Terms.ts"
import type { State } from "./State.ts"
import type { Instant } from "./Time.ts"
import * as Totals from "./Totals.ts"
import * as Uuid from "./Uuid.ts"

export {
  defaultPolicy,
  healthchecksPolicy,
  isSamePolicy,
  isSameSchedule,
  noFilters,
  type AlertPolicy,
  type Filters,
  type Policy,
  type QuietWindow,
} from "./policy/Terms.ts"
export type { Failure, Outcomes, Run, ShownStatus, State, Status, Totals } from "./State.ts"

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
  /** Id of the group that it belongs to; `undefined` when it belongs to none. */
  readonly group: string | undefined
  /** Slugs and tags of the checks without which it cannot work, separated by spaces; see `Dependence`. */
  readonly after: string
  /** Whether its signals are the reports of a server that measures itself, with samples of metrics. */
  readonly isServer: boolean
  /** Data that only one API dialect uses, by the name of the dialect: JSON that the engine keeps and never reads. */
  readonly extension: Readonly<Record<string, unknown>>
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
  /** When somebody last changed what is configured. */
  readonly updatedAt: Instant
  readonly state: State
}

/** The details of a check that has no name, slug, tags, description or channels. */
export const noDetails: Details = {
  name: "",
  slug: "",
  tags: "",
  description: "",
  channels: [],
  group: undefined,
  after: "",
  isServer: false,
  extension: {},
}

/**
 * Where the signals of a check come from: a job that reports, a probe with which the engine asks, or a server that measures
 * itself.
 */
export type Family = "job" | "probe" | "server"

/** Returns the family of a check. */
export const familyOf = ({ details, policy }: Plan): Family =>
  details.isServer ? "server" : policy.probe !== undefined ? "probe" : "job"

/** Returns the state of a check that has had no signal. */
export const initialState = (policy: Policy, createdAt: Instant): State => {
  const state: State = {
    status: "new",
    lastPing: undefined,
    lastSuccess: undefined,
    lastDuration: undefined,
    pings: 0,
    flips: 0,
    totals: Totals.none,
    runs: [],
    outcomes: { failed: 0, count: 0 },
    failure: undefined,
    anchor: policy.armed ? createdAt : undefined,
    anchorIsSignal: false,
    deadline: undefined,
    toldAt: undefined,
    tellAt: undefined,
    silencedUntil: undefined,
    probing: undefined,
    flippedAt: createdAt,
  }
  return {
    ...state,
    deadline: Deadline.next({ policy, state }, Deadline.neverBlind, "hurried")?.at,
  }
}

/** Returns a new check. Details and policy that are not given are `noDetails` and `defaultPolicy`. */
export const make = (given: {
  readonly id: string
  readonly project: string
  readonly badgeKey: string
  readonly createdAt: Instant
  readonly updatedAt?: Instant
  readonly details?: Partial<Details>
  readonly policy?: Partial<Policy>
}): Check => {
  const { id, project, badgeKey, createdAt, updatedAt = createdAt } = given
  const policy = { ...defaultPolicy, ...given.policy }
  const details = { ...noDetails, ...given.details }
  return {
    id,
    project,
    badgeKey,
    createdAt,
    updatedAt,
    details,
    policy,
    state: initialState(policy, createdAt),
  }
}

/** Returns what people call a check: its name, or else its slug, or else its id. */
export const title = ({ id, details }: Pick<Check, "id" | "details">): string =>
  details.name || details.slug || id

/** Returns the same for logs, whose readers may not ping it: of a check that people call nothing, a part of its id. */
export const hint = ({ id, details }: Pick<Check, "id" | "details">): string =>
  details.name || details.slug || Uuid.hint(id)

/** Whether a text can be one tag of a check: it is not empty and has no spaces, which separate tags. */
export const isTag = (text: string): boolean => /^\S+$/u.test(text)

/** Returns the check's tags as a list. */
export const tags = (self: Pick<Check, "details">): readonly string[] => words(self.details.tags)

/** Returns what the check depends on as a list of slugs and tags. */
export const after = (self: Pick<Check, "details">): readonly string[] => words(self.details.after)

const words = (text: string): readonly string[] =>
  text === "" ? noWords : text.split(/\s+/).filter((word) => word !== "")
const noWords: readonly string[] = []
