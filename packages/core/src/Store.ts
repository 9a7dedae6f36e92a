/** The port to the database: units of work that load, decide and write atomically, and not one verb for each table. */
import * as Context from "effect/Context"
import type { Effect } from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Channel } from "./Channel.ts"
import * as Check from "./Check.ts"
import type { Interval } from "./CountedTime.ts"
import type * as Deliveries from "./Delivery.ts"
import type { Expiry } from "./Expiry.ts"
import type { Flip, FlipCount } from "./Flip.ts"
import type * as Group from "./Group.ts"
import type * as Listing from "./Listing.ts"
import type { Ping } from "./Ping.ts"
import type { Claim, Turn } from "./probe/Turn.ts"
import type { ApiKey, Project } from "./Project.ts"
import type * as Bucket from "./sample/Bucket.ts"
import type * as Sample from "./Sample.ts"
import type { Instant, Span } from "./Time.ts"
import type { Decision, Loaded, Selection } from "./UnitOfWork.ts"

/** Where a record is damaged. */
export const Damage = Schema.Struct({
  table: Schema.String,
  /** Whose record it is, as logs may name it: `check 7a3f2c1e…`. */
  record: Schema.String,
  column: Schema.String,
  /** Which part of the value is wrong, when the column holds JSON of which only a part is. */
  field: Schema.optionalKey(Schema.String),
})
/** Where a record is damaged, as plain data. */
export type Damage = typeof Damage.Type

/**
 * The store could not do what was asked.
 *
 * `busy`, `unavailable`: a retry may work. `unknown-outcome`: the connection broke during a commit, which may or may
 * not have happened. `closed`: whoever opened the store has closed it, and is about to end. The others need a person:
 * `newer` is a store that a newer version of Overdue has migrated, `corrupt` one whose file is broken, and `damaged` one
 * record that cannot be read, while others can.
 */
export class StoreError extends Schema.TaggedError<StoreError>()("StoreError", {
  reason: Schema.Literals([
    "busy",
    "unavailable",
    "unknown-outcome",
    "closed",
    "full",
    "corrupt",
    "damaged",
    "newer",
    "constraint",
    "failed",
  ]),
  /** What happened and what to do about it, for the operator. Without secrets. */
  detail: Schema.String,
  /** Which record it is that is `damaged`. */
  damage: Schema.optionalKey(Damage),
  cause: Schema.optionalKey(Schema.Defect()),
}) {
  override get message(): string {
    return this.detail
  }
  /** Whether a retry cannot work. */
  get permanent(): boolean {
    return this.reason !== "busy" && this.reason !== "unavailable" && this.reason !== "unknown-outcome"
  }
}

/** A page of a list that is newest first: at most `limit` items, all with numbers below `before`. */
export interface Page {
  readonly limit: number
  readonly before?: number
}

/** A ping without its body, which can be large. */
export type PingSummary = Omit<Ping, "body"> & { readonly bodySize: number }

/** Which checks to list. */
export interface ChecksFilter {
  readonly ids?: readonly string[]
  readonly slug?: string
  /** The check must have all of them, as whole words. */
  readonly tags?: readonly string[]
}

/** Whether a check has one of the ids, the slug and all tags that a filter asks for. */
export const passes = ({ ids, slug, tags = [] }: ChecksFilter, check: Check.Check): boolean => {
  if (ids !== undefined && !ids.includes(check.id)) return false
  const own = tags.length === 0 ? [] : Check.tags(check)
  return (slug === undefined || check.details.slug === slug) && tags.every((tag) => own.includes(tag))
}

/** What goes on in the whole store, for monitoring the installation itself. */
export interface Activity {
  /** Grows with every logged ping, and may fall when a check is deleted. `undefined` before the first. */
  readonly lastPing: number | undefined
  /** The same for deliveries; it may also fall when old ones are pruned. */
  readonly lastDelivery: number | undefined
  /** Deliveries that wait for their first or a further attempt. */
  readonly pending: number
  /** When the first of those is due, or has been since; `undefined` when none waits. */
  readonly dueSince: Instant | undefined
}

/** A new project with its first keys. */
export interface NewProject {
  readonly project: Project
  readonly keys: readonly ApiKey[]
}

/** What may change of a project. */
export type ProjectChange = Pick<Project, "name" | "pingKey" | "badgeKey" | "checkLimit" | "pingLogLimit">

/** Is told of each damaged record that a list leaves out, by whoever reads the list. By default nobody: the store logs it. */
export const LeftOut = Context.Reference<(error: StoreError) => void>("@overdue/core/LeftOut", {
  defaultValue: () => () => undefined,
})

/**
 * Reads of one record return `undefined`, and changes return false, when there is no such record. Lists leave out what
 * is damaged, log that now and then, and tell `LeftOut`; all else fails for a damaged record, and for no other.
 */
export class Store extends Context.Service<
  Store,
  {
    /** How many units of work it does beside each other, by default 1; with more, each waits for another one. */
    readonly unitsAtOnce?: number
    /**
     * Reads, decides and writes in one transaction: durable when it succeeds, without a trace when it fails. `decide`
     * is pure, because a store may call it again after a conflict.
     */
    readonly transact: <A>(
      selection: Selection,
      decide: (loaded: Loaded) => Decision<A>,
    ) => Effect<A, StoreError>
    /** Returns ids of checks with a deadline at or before `now`, the earliest deadline first. */
    readonly due: (now: Instant, limit: number) => Effect<readonly string[], StoreError>
    /** Claims turns of probes that are due, which nobody else gets then; see `Turn`. */
    readonly claimTurns: (claim: Claim) => Effect<readonly Turn[], StoreError>
    /**
     * Records that a node is awake at `now`. When none was for longer than `threshold`, returns that time, now stored
     * as a blind span; `undefined` as threshold stores none. The caller may go on deciding for `valid` (at most the
     * threshold, by default 0) without another record, so a blind span begins only after that.
     */
    readonly awake: (
      now: Instant,
      threshold: Span | undefined,
      valid?: Span,
    ) => Effect<Interval | undefined, StoreError>
    /**
     * Records that the clock of a node has stepped by so much to `now`, in blind spans as `Steps.after` does. Deadlines
     * that a span had moved on which is taken back are looked at again. Returns the rest, at most 0. Nothing is recorded
     * before the first note of being awake.
     */
    readonly stepped: (now: Instant, by: Span) => Effect<Span, StoreError>
    /**
     * Cuts to `now` what a clock recorded that was ahead and is set back: blind spans (steps that end later are gone),
     * when deliveries are due (those under way at most `lease` later), and once no check `isAhead`, the note of being
     * awake. Returns checks that `mayBeAhead` (`State`). With `ifAheadBy`, does nothing unless the note lies further than
     * that after `now`.
     */
    readonly turnBack: (now: Instant, lease: Span, ifAheadBy?: Span) => Effect<readonly string[], StoreError>

    /**
     * Claims due deliveries under a lease, of each channel the oldest first. Deliveries of one check to one channel are
     * claimed in their order, one at a time, and of channels and projects only their share at once; see `Turns`. What is
     * pending to a disabled channel becomes dead, with the channel's reason.
     */
    readonly claimDeliveries: (
      now: Instant,
      limit: number,
      lease: Span,
    ) => Effect<readonly Deliveries.Claim[], StoreError>
    /**
     * Ends attempts, in the order in which they are given, and records on the channel of each its success or error and
     * what its kind remembers. Returns what each has changed: nothing when its lease had ended and another attempt began.
     * One that has failed is superseded when a newer one waits that the channel wants. A success of a channel that was
     * failing makes due what waits for it, and what `repairChannel` would, except for messages that were refused
     * `Limits.refusals` times.
     */
    readonly settleDeliveries: (
      ended: readonly Deliveries.Ended[],
    ) => Effect<readonly Deliveries.Settled[], StoreError>
    /** Newest first. */
    readonly deliveries: (
      filter: Deliveries.DeliveriesFilter,
    ) => Effect<readonly Deliveries.TrackedDelivery[], StoreError>
    readonly delivery: (id: string) => Effect<Deliveries.TrackedDelivery | undefined, StoreError>
    /** How many deliveries are pending to each channel of a project that has any, by the channel's id. */
    readonly waiting: (project: string) => Effect<ReadonlyMap<string, number>, StoreError>
    /** Makes a delivery due again that is dead, superseded or dropped. */
    readonly retryDelivery: (id: string, now: Instant) => Effect<boolean, StoreError>
    /** Gives up a delivery that is pending, dead or superseded. */
    readonly dropDelivery: (id: string, now: Instant) => Effect<boolean, StoreError>

    readonly check: (id: string) => Effect<Check.Check | undefined, StoreError>
    /** Deletes the check of a project with everything of its own, also when its record is damaged. */
    readonly deleteCheck: (project: string, id: string) => Effect<boolean, StoreError>
    readonly checkByBadgeKey: (badgeKey: string) => Effect<Check.Check | undefined, StoreError>
    /** In order of creation; no order is promised of those that are asked for by their ids. */
    readonly checks: (project: string, filter: ChecksFilter) => Effect<readonly Check.Check[], StoreError>
    /** A page of the checks of a project that are asked for, in the order that is asked for. */
    readonly listing: (project: string, query: Listing.Query) => Effect<Listing.Page, StoreError>
    /** Newest first. */
    readonly pings: (check: string, page: Page) => Effect<readonly PingSummary[], StoreError>
    readonly ping: (check: string, n: number) => Effect<Ping | undefined, StoreError>
    /** The bodies of pings with some numbers, at most 100; those that have none, and that are not kept, are absent. */
    readonly pingBodies: (
      check: string,
      numbers: readonly number[],
    ) => Effect<ReadonlyMap<number, Uint8Array>, StoreError>
    /** Newest first, at or after `from` and before `to`. */
    readonly flips: (
      check: string,
      range: { readonly from?: Instant; readonly to?: Instant },
    ) => Effect<readonly Flip[], StoreError>
    /** Oldest first. Only those that have not been thinned. */
    readonly samples: (check: string, query: Sample.Query) => Effect<readonly Sample.Sample[], StoreError>
    /**
     * Oldest first, of those that begin within the range. Buckets of minutes are of what is not older than minutes are kept,
     * buckets of hours are of all; where there is no sample there is no bucket.
     */
    readonly buckets: (check: string, query: Bucket.Query) => Effect<readonly Bucket.Bucket[], StoreError>
    /** The series of a check that have a sample, in the order of their UTF-16 units. */
    readonly series: (check: string) => Effect<readonly string[], StoreError>
    /** How often the checks of a project ever flipped, pruned flips included; checks in order of creation. */
    readonly flipCounts: (project: string) => Effect<readonly FlipCount[], StoreError>
    readonly blind: Effect<readonly Interval[], StoreError>
    readonly activity: Effect<Activity, StoreError>
    /** Thins samples and deletes old records, and returns how many it deleted; what was thinned does not count. */
    readonly prune: (expiry: Expiry) => Effect<number, StoreError>
    /**
     * Reads everything that alerts depend on, logs what of it is damaged, names what does not exist or lies thousands of
     * years ahead, and returns how many faults those are.
     */
    readonly inspect: Effect<number, StoreError>

    /** In order of creation. */
    readonly channels: (project: string) => Effect<readonly Channel[], StoreError>
    readonly channel: (id: string) => Effect<Channel | undefined, StoreError>
    readonly createChannel: (channel: Channel) => Effect<void, StoreError>
    /** The numbers of a project's channels among those that it ever had, from 1, by their ids. */
    readonly channelSerials: (project: string) => Effect<ReadonlyMap<string, number>, StoreError>
    /**
     * Deletes the channel of a project with its deliveries, and removes it from the checks of the project, also when its
     * record is damaged. One that belongs to no project, which is damage, may be deleted as one of any.
     */
    readonly deleteChannel: (project: string, id: string) => Effect<boolean, StoreError>
    /** Changes name, value and switches. */
    readonly updateChannel: (
      id: string,
      change: Pick<Channel, "name" | "value" | "switches">,
    ) => Effect<boolean, StoreError>
    /** Stops sending to it for a reason. */
    readonly disableChannel: (id: string, reason: string) => Effect<void, StoreError>
    /**
     * Starts sending to it again, as to one that works: what waits is due at once, and so is the newest dead delivery of
     * each check that is down without the channel's knowledge, or up while the channel was told that it is down. `isTold`
     * (by default not): somebody has just told it something, so it is known to work.
     */
    readonly repairChannel: (id: string, now: Instant, isTold?: boolean) => Effect<boolean, StoreError>

    /** In order of creation. */
    readonly groups: (project: string) => Effect<readonly Group.Group[], StoreError>
    /** Returns the group with its number. */
    readonly createGroup: (group: Group.NewGroup) => Effect<Group.Group, StoreError>
    readonly updateGroup: (
      project: string,
      id: string,
      change: Group.GroupChange,
    ) => Effect<boolean, StoreError>
    /** Deletes a group of a project; its checks belong to none then. */
    readonly deleteGroup: (project: string, id: string) => Effect<boolean, StoreError>

    readonly projects: Effect<readonly Project[], StoreError>
    readonly project: (id: string) => Effect<Project | undefined, StoreError>
    readonly projectByPingKey: (pingKey: string) => Effect<Project | undefined, StoreError>
    readonly projectByBadgeKey: (badgeKey: string) => Effect<Project | undefined, StoreError>
    readonly createProject: (created: NewProject) => Effect<void, StoreError>
    /**
     * Pings that a lower limit does not keep are gone with the next ping of their check at the latest. Fails with reason
     * `constraint` when another project has the ping key.
     */
    readonly updateProject: (id: string, change: ProjectChange) => Effect<boolean, StoreError>
    /** Deletes it with its checks, channels and keys, and all that belongs to those. */
    readonly deleteProject: (id: string) => Effect<boolean, StoreError>
    /** Sets or ends the silence of new checks; those that exist stay as they are. */
    readonly silenceProject: (id: string, until: Instant | undefined) => Effect<boolean, StoreError>
    readonly apiKey: (digest: string) => Effect<ApiKey | undefined, StoreError>
    readonly apiKeys: (project: string) => Effect<readonly ApiKey[], StoreError>
    readonly createApiKey: (key: ApiKey) => Effect<void, StoreError>
    /** Deletes the key of a project whose digest begins with a text, also when its record is damaged. */
    readonly deleteApiKey: (project: string, beginning: string) => Effect<boolean, StoreError>
  }
>()("@overdue/core/Store") {}
