/**
 * The port to what remembers: verbs of a unit of work, not of tables.
 *
 * Decisions are pure and made elsewhere; a store loads what they need, and writes what they return, atomically.
 */
import * as Context from "effect/Context"
import type { Effect } from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Claim, Delivery, DeliveryStatus, TrackedDelivery } from "./Alert.ts"
import type { Channel } from "./Channel.ts"
import * as Check from "./Check.ts"
import type { Interval } from "./CountedTime.ts"
import type { Flip, Reason } from "./Flip.ts"
import type { Ping } from "./Ping.ts"
import type { ApiKey, Project } from "./Project.ts"
import type { Instant, Span } from "./Time.ts"

/**
 * The store could not do it.
 *
 * `busy`, `unavailable`: again later may work. `unknown-outcome`: the connection broke during a commit; it may or may
 * not have happened. `full`, `corrupt`, `newer`, `constraint`, `failed`: again will not help without a person.
 */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  reason: Schema.Literals([
    "busy",
    "unavailable",
    "unknown-outcome",
    "full",
    "corrupt",
    "newer",
    "constraint",
    "failed",
  ]),
  /** For the operator: what happened and what to do. Holds no secret. */
  detail: Schema.String,
  cause: Schema.optionalKey(Schema.Defect()),
}) {
  override get message(): string {
    return this.detail
  }
  /** Whether trying again is of no use. */
  get permanent(): boolean {
    return this.reason !== "busy" && this.reason !== "unavailable" && this.reason !== "unknown-outcome"
  }
}

/** What a unit of work reads under lock. */
export interface Selection {
  /** Ids of checks. */
  readonly checks?: readonly string[]
  /** All checks of a project with this slug. */
  readonly slugs?: readonly SlugKey[]
  /** The first check of a project that equals all the given fields. */
  readonly match?: Match
  /** Projects to lock: no other unit of work that names them, here or on another node, runs meanwhile. */
  readonly projects?: readonly string[]
}

export interface SlugKey {
  readonly project: string
  readonly slug: string
}

export interface Match {
  readonly project: string
  readonly name?: string
  readonly slug?: string
  readonly tags?: string
  readonly grace?: Span
  /** Whatever else must hold of it. Pure. */
  readonly where?: (check: Check.Check) => boolean
}

/** What was read. Checks that do not exist are absent. */
export interface Loaded {
  /** Of those that the selection found, by whichever of its parts. */
  readonly check: (id: string) => Check.Check | undefined
  /** In order of creation. */
  readonly slug: (key: SlugKey) => readonly Check.Check[]
  readonly match: Check.Check | undefined
  /** Of a project that the selection names. */
  readonly project: (id: string) => LoadedProject | undefined
  /** When nobody was awake. */
  readonly blind: readonly Interval[]
}

export interface LoadedProject {
  readonly project: Project
  readonly checkCount: number
  /** In order of creation. */
  readonly channels: readonly Channel[]
}

/** What a unit of work writes, all or nothing, and its result. */
export interface Decision<A> {
  readonly result: A
  /** New checks, and new versions of loaded ones; the project and the other identities of a check never change. */
  readonly checks?: readonly Check.Check[]
  /** Ids; everything of theirs goes, what this decision writes included. */
  readonly deleted?: readonly string[]
  /** Logging a ping also prunes those of its check that its project no longer keeps. */
  readonly pings?: readonly Ping[]
  readonly flips?: readonly Flip[]
  /** One whose id exists already, or whose channel the project of its check does not have, is left out. */
  readonly deliveries?: readonly Delivery[]
}

/** Whether a check is the one that `match` describes. */
export const matches = (match: Match, check: Check.Check): boolean => {
  const { details, policy } = check
  return (
    check.project === match.project &&
    (match.name === undefined || details.name === match.name) &&
    (match.slug === undefined || details.slug === match.slug) &&
    (match.tags === undefined || details.tags === match.tags) &&
    (match.grace === undefined || policy.grace === match.grace) &&
    (match.where === undefined || match.where(check))
  )
}

/**
 * How an attempt at a delivery ended. `postponed`: nothing was tried, since the channel has quiet hours; it is no failure
 * of the channel.
 */
export type DeliveryOutcome =
  | {
      readonly status: "delivered"
      /** What the channel's kind remembers of the outage from now on: JSON. Absent: what it remembered stays. */
      readonly remember?: unknown
    }
  | { readonly status: "skipped" }
  | {
      readonly status: "pending"
      readonly dueAt: Instant
      readonly error: string
      readonly postponed?: boolean
    }
  | { readonly status: "dead"; readonly error: string }

/** A page of something listed newest first: at most `limit`, all older than number `before`. */
export interface Page {
  readonly limit: number
  readonly before?: number
}

/** A ping without its body, which can be large. */
export type PingSummary = Omit<Ping, "body"> & { readonly bodySize: number }

export interface ChecksFilter {
  readonly slug?: string
  /** All of them, as whole words. */
  readonly tags?: readonly string[]
}

/** Whether a check has the slug and every one of the tags that are asked for. */
export const passes = (filter: ChecksFilter, check: Check.Check): boolean => {
  if (filter.slug !== undefined && check.details.slug !== filter.slug) return false
  if (filter.tags === undefined || filter.tags.length === 0) return true
  const tags = Check.tags(check)
  return filter.tags.every((tag) => tags.includes(tag))
}

/** How many flips of a check had one reason. */
export interface FlipCount {
  readonly check: string
  readonly reason: Reason
  readonly count: number
}

/** What goes on in the whole store, for those who watch the installation itself. */
export interface Activity {
  /** Grows with every ping that is logged; may fall when a check is deleted. `undefined`: there is none. */
  readonly lastPing: number | undefined
  /** The same of deliveries; may also fall when old ones are pruned. */
  readonly lastDelivery: number | undefined
  /** Deliveries that wait to be sent, or to be sent again. */
  readonly pending: number
}

/** What is older than these instants may go. */
export interface Expiry {
  /** Of deliveries, unless they are pending. */
  readonly deliveries: Instant
  /** Of flips, from the first one of a check up to where one must stay: its newest, and what a delivery tells of. */
  readonly flips: Instant
  /** Of blind spans, by when they ended. */
  readonly blind: Instant
}

/** A project that is being created, and its first keys. */
export interface NewProject {
  readonly project: Project
  readonly keys: readonly ApiKey[]
}

export class Store extends Context.Service<
  Store,
  {
    /**
     * Reads, decides, writes, as one transaction: durable when it succeeds, without a trace when it fails. `decide` is
     * pure; a store may call it again after a conflict.
     */
    readonly transact: <A>(
      selection: Selection,
      decide: (loaded: Loaded) => Decision<A>,
    ) => Effect<A, StoreError>
    /** Ids of checks whose deadline is at or before `now`, the oldest deadline first. */
    readonly due: (now: Instant, limit: number) => Effect<readonly string[], StoreError>
    /**
     * Notes that somebody is awake at `now`. When nobody was for longer than `threshold`, that time becomes a blind
     * span, which is returned. `undefined` as threshold only notes. Whoever notes may go on deciding for `valid` without
     * another note, so that a blind span begins only when that is over; at most the threshold, by default nothing.
     */
    readonly awake: (
      now: Instant,
      threshold: Span | undefined,
      valid?: Span,
    ) => Effect<Interval | undefined, StoreError>

    /**
     * Takes deliveries that are due, the oldest first, and holds them for `lease`. Deliveries of one check to one
     * channel are taken in their order, one at a time. What is due to a disabled channel becomes dead instead, with
     * the channel's reason as its error.
     */
    readonly claimDeliveries: (
      now: Instant,
      limit: number,
      lease: Span,
    ) => Effect<readonly Claim[], StoreError>
    /**
     * Ends an attempt at `now`: the channel notes when it was last told something, or why it could not be, and what its
     * kind remembers of the outage. Of no effect when the lease had ended and another attempt began.
     */
    readonly settleDelivery: (
      id: string,
      attempt: number,
      outcome: DeliveryOutcome,
      now: Instant,
    ) => Effect<void, StoreError>
    /** Newest first; of all projects when none is given. */
    readonly deliveries: (filter: {
      readonly project?: string
      readonly check?: string
      readonly channel?: string
      readonly status?: DeliveryStatus
      readonly limit: number
    }) => Effect<readonly TrackedDelivery[], StoreError>
    /** Makes a dead delivery due again. False when there is none. */
    readonly retryDelivery: (id: string, now: Instant) => Effect<boolean, StoreError>

    readonly check: (id: string) => Effect<Check.Check | undefined, StoreError>
    readonly checkByBadgeKey: (badgeKey: string) => Effect<Check.Check | undefined, StoreError>
    /** In order of creation. */
    readonly checks: (project: string, filter: ChecksFilter) => Effect<readonly Check.Check[], StoreError>
    /** Newest first. */
    readonly pings: (check: string, page: Page) => Effect<readonly PingSummary[], StoreError>
    readonly ping: (check: string, n: number) => Effect<Ping | undefined, StoreError>
    /** Newest first, at or after `from` and before `to`. */
    readonly flips: (
      check: string,
      range: { readonly from?: Instant; readonly to?: Instant },
    ) => Effect<readonly Flip[], StoreError>
    /** How often the checks of a project ever flipped for which reason, in order of creation of the checks. */
    readonly flipCounts: (project: string) => Effect<readonly FlipCount[], StoreError>
    readonly blind: Effect<readonly Interval[], StoreError>
    readonly activity: Effect<Activity, StoreError>
    /** Forgets what is old. Returns how many records that were. */
    readonly prune: (expiry: Expiry) => Effect<number, StoreError>

    /** In order of creation. */
    readonly channels: (project: string) => Effect<readonly Channel[], StoreError>
    readonly channel: (id: string) => Effect<Channel | undefined, StoreError>
    readonly createChannel: (channel: Channel) => Effect<void, StoreError>
    /** Takes it from the checks of its project, too, with its deliveries. False when there is none. */
    readonly deleteChannel: (id: string) => Effect<boolean, StoreError>
    /** Changes its name, value and switches. False when there is none. */
    readonly updateChannel: (
      id: string,
      change: Pick<Channel, "name" | "value" | "switches">,
    ) => Effect<boolean, StoreError>
    /** Stops sending to it (or, without a reason, starts again). */
    readonly disableChannel: (id: string, reason: string | undefined) => Effect<void, StoreError>

    readonly projects: Effect<readonly Project[], StoreError>
    readonly project: (id: string) => Effect<Project | undefined, StoreError>
    readonly projectByPingKey: (pingKey: string) => Effect<Project | undefined, StoreError>
    readonly projectByBadgeKey: (badgeKey: string) => Effect<Project | undefined, StoreError>
    readonly createProject: (created: NewProject) => Effect<void, StoreError>
    readonly apiKey: (digest: string) => Effect<ApiKey | undefined, StoreError>
    readonly apiKeys: (project: string) => Effect<readonly ApiKey[], StoreError>
    readonly createApiKey: (key: ApiKey) => Effect<void, StoreError>
    /** False when there is none. */
    readonly deleteApiKey: (digest: string) => Effect<boolean, StoreError>
  }
>()("@overdue/core/Store") {}
