/** Units of work: what one reads, under a lock, what it decides, and what it writes: all of it or nothing. */
import type { Channel } from "./Channel.ts"
import type * as Check from "./Check.ts"
import type { Interval } from "./CountedTime.ts"
import type * as Deliveries from "./Delivery.ts"
import type { Flip } from "./Flip.ts"
import type { Kind, NewPing } from "./Ping.ts"
import type { Project } from "./Project.ts"
import * as Policy from "./policy/Terms.ts"
import type * as Sample from "./Sample.ts"
import type { Span } from "./Time.ts"

/** What a unit of work reads, under a lock. */
export interface Selection {
  /** Ids of checks. */
  readonly checks?: readonly string[]
  /** Each for all checks of a project with this slug. */
  readonly slugs?: readonly SlugKey[]
  /** For the first check of a project, in order of creation, that equals all given fields. */
  readonly match?: Match
  /** Projects to lock: no other unit of work that names one of them runs meanwhile, on this node or another. */
  readonly projects?: readonly string[]
  /** Ids of checks of servers, for the thresholds on what they report. */
  readonly watching?: readonly string[]
  /** Whether checks that another unit of work holds are left out; otherwise it waits for them. By default it does. */
  readonly leavesHeld?: boolean
  /** How many pings the decision is likely to log, so that what they take can be had with what is read. */
  readonly pings?: number
  /** Idempotency keys, for the pings of the selected checks that have one of them. */
  readonly keys?: readonly string[]
}

/** A slug within a project. */
export interface SlugKey {
  readonly project: string
  readonly slug: string
}

/** Returns a text for maps, which only equal keys have: ids have no space. */
export const slugText = ({ project, slug }: SlugKey): string => `${project} ${slug}`

/** Fields that a check must equal; those that are absent may have any value. */
export interface Match {
  readonly project: string
  readonly name?: string
  readonly slug?: string
  readonly tags?: string
  readonly grace?: Span
  /** What else must be true of the check. Pure. */
  readonly where?: (check: Check.Check) => boolean
}

/** What was read. Checks that do not exist are absent. */
export interface Loaded {
  /** Of all checks that the selection found, by whichever of its parts. */
  readonly check: (id: string) => Check.Check | undefined
  /** In order of creation. */
  readonly slug: (key: SlugKey) => readonly Check.Check[]
  readonly match: Check.Check | undefined
  /** Returns the thresholds on what a server of the selection reports, in order of creation. */
  readonly watching: (server: string) => readonly Check.Check[]
  /** Only of projects that the selection names. */
  readonly project: (id: string) => LoadedProject | undefined
  /** Returns the ping of a check with one of the selection's keys, as long as the project keeps it in the log. */
  readonly logged: (check: string, key: string) => LoggedSignal | undefined
  /** Spans in which no node was awake. */
  readonly blind: readonly Interval[]
}

/** A signal that is logged already. */
export interface LoggedSignal {
  /** Number of the ping among those of its check. */
  readonly n: number
  readonly kind: Kind
}

/** A project with what commands need of it. */
export interface LoadedProject {
  readonly project: Project
  readonly checkCount: number
  /** In order of creation. */
  readonly channels: readonly Channel[]
}

/** What a unit of work writes, all of it or nothing, and its result. */
export interface Decision<A> {
  readonly result: A
  /** New checks, and new versions of loaded ones, whose id, project and badge key must stay the same. */
  readonly checks?: readonly Check.Check[]
  /** Ids of checks to delete with everything of theirs, even what this decision writes. */
  readonly deleted?: readonly string[]
  /** A ping also prunes the pings of its check that the project does not keep any more. */
  readonly pings?: readonly NewPing[]
  /**
   * Samples, of which those are without effect whose series has one at the same instant. Series beyond `Limits.series` of a
   * check are not kept.
   */
  readonly samples?: readonly Sample.Report[]
  readonly flips?: readonly Flip[]
  /**
   * Without effect when the id exists already, or when the channel is not one of the check's project. Those of the same
   * check and channel that have failed are superseded, unless the channel does not want the new one.
   */
  readonly deliveries?: readonly Deliveries.Delivery[]
}

/** Whether a check is the one that a match describes. */
export const matches = (match: Match, check: Check.Check): boolean =>
  check.project === match.project &&
  (match.name === undefined || check.details.name === match.name) &&
  (match.slug === undefined || check.details.slug === match.slug) &&
  (match.tags === undefined || check.details.tags === match.tags) &&
  (match.grace === undefined || Policy.graceOf(check.policy) === match.grace) &&
  (match.where === undefined || match.where(check))
