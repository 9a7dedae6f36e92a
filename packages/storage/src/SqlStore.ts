/** The store over SQL: one implementation for every database that has a connection and a flavour. */
import * as InSlices from "@overdue/core/InSlices"
import type * as Turn from "@overdue/core/probe/Turn"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Database, Durability } from "./Connection.ts"
import type { Flavour } from "./Flavour.ts"
import * as Omissions from "./Omissions.ts"
import * as Awake from "./tables/Awake.ts"
import * as Channels from "./tables/Channels.ts"
import { CheckKeys } from "./tables/CheckKeys.ts"
import type * as CheckRow from "./tables/CheckRow.ts"
import * as Checks from "./tables/Checks.ts"
import * as Claims from "./tables/Claims.ts"
import * as Clearing from "./tables/Clearing.ts"
import * as Deliveries from "./tables/Deliveries.ts"
import * as DueTimes from "./tables/DueTimes.ts"
import * as Flips from "./tables/Flips.ts"
import * as Groups from "./tables/Groups.ts"
import * as Inspection from "./tables/Inspection.ts"
import * as Listings from "./tables/Listings.ts"
import * as Pings from "./tables/Pings.ts"
import * as Projects from "./tables/Projects.ts"
import * as Prune from "./tables/Prune.ts"
import * as Samples from "./tables/Samples.ts"
import * as Settlements from "./tables/Settlements.ts"
import * as TurnBack from "./tables/TurnBack.ts"
import * as Turns from "./tables/Turns.ts"
import * as Unit from "./Unit.ts"

/** When the power fails, what is being sent, or was sent just before, is sent again under the same ids. */
const sending: Durability = "with the next"

/** Returns the store in a database whose schema is the newest. */
export const make = (database: Database, flavour: Flavour): Store.Store["Service"] => {
  const { tell, whole } = Omissions.make()
  const blind = Awake.reader(tell)
  const keys = new CheckKeys()
  return {
    unitsAtOnce: flavour.unitsAtOnce,
    transact: (selection, decide) =>
      database.transaction((connection) =>
        Unit.run({ connection, flavour, blind, keys, tell, selection, decide }),
      ),
    due: (now, limit) => Checks.due(database, flavour, { now, limit }),
    claimTurns: (claim) =>
      Effect.flatMap(Turns.isAny(database, claim), (isAny) =>
        isAny ? claimTurns({ database, flavour, tell }, claim) : Effect.succeed([]),
      ),
    awake: (now, threshold, valid = 0) =>
      database.transaction((connection) =>
        Awake.note({ connection, flavour, tell }, { now, threshold, valid }),
      ),
    stepped: (now, by) =>
      database.transaction((connection) => Awake.stepped(connection, flavour, { now, by })),
    turnBack: (now, lease, ifAheadBy) =>
      database.transaction((connection) => TurnBack.run(connection, flavour, { now, lease, ifAheadBy })),

    claimDeliveries: (now, limit, lease) =>
      Effect.flatMap(DueTimes.isAnyDue(database, now), (isAny) =>
        isAny ? claim({ database, flavour, tell }, { now, limit, lease }) : Effect.succeed([]),
      ),
    settleDeliveries: (ended) =>
      database.transaction((connection) => Settlements.settleAll(connection, flavour, ended), sending),
    deliveries: (filter) => whole(Deliveries.list(database, filter)),
    delivery: (id) => Deliveries.byId(database, id),
    waiting: (project) => Deliveries.waiting(database, project),
    retryDelivery: (id, now) => Deliveries.retry(database, id, now),
    dropDelivery: (id, now) => Deliveries.drop(database, id, now),

    check: (id) => Effect.map(Checks.byIds(database, [id]), ([stored]) => stored?.check),
    deleteCheck: (...of) =>
      Clearing.check(database, of, (connection) => Unit.removeCheck({ connection, flavour, tell }, of)),
    checkByBadgeKey: (badgeKey) =>
      Effect.map(Checks.byBadgeKey(database, badgeKey), (stored) => stored?.check),
    checks: (project, filter) =>
      Effect.flatMap(whole(Checks.ofProject(database, project, filter)), (found) => passing(filter, found)),
    listing: (project, query) =>
      Effect.flatMap(Listings.page(database, project, query), ({ total, ...page }) =>
        Effect.map(whole(Effect.succeed(page)), (checks) => ({ checks, total })),
      ),
    pings: (check, page) => whole(Pings.page(database, check, page)),
    ping: (check, n) => Pings.byNumber(database, check, n),
    pingBodies: (check, numbers) => Pings.bodies(database, check, numbers),
    flips: (check, range) => whole(Flips.ofCheck(database, check, range)),
    flipCounts: (project) => whole(Flips.counts(database, project)),
    samples: (check, query) => Samples.newest(database, check, query),
    buckets: (check, query) => Samples.buckets(database, check, query),
    series: (check) => Samples.series(database, check),
    blind: blind.read(database),
    activity: Effect.all([
      Pings.last(database),
      Deliveries.last(database),
      Deliveries.pending(database),
    ]).pipe(Effect.map(([lastPing, lastDelivery, pending]) => ({ lastPing, lastDelivery, ...pending }))),
    prune: (expiry) => Prune.run(database, flavour, expiry),
    inspect: Effect.flatMap(Inspection.run(database), ({ damaged, mended }) =>
      Effect.andThen(
        tell("not all is well", damaged),
        Effect.as(tell("mended", mended), damaged.length + mended.length),
      ),
    ),

    ...records(database, flavour, whole),
  }
}

/** Channels and groups, and the projects that they belong to, with their keys. */
const records = (database: Database, flavour: Flavour, whole: Omissions.Whole) =>
  ({
    channels: (project) => whole(Channels.ofProject(database, project)),
    channel: (id) => Channels.byId(database, id),
    createChannel: (channel) => database.transaction((connection) => Channels.create(connection, channel)),
    channelSerials: (project) => Channels.serials(database, project),
    deleteChannel: (...of) => Clearing.channel(database, of, (unit) => Channels.remove(unit, flavour, of)),
    updateChannel: (id, change) => Channels.update(database, id, change),
    disableChannel: (id, reason) => Channels.disable(database, id, reason),
    repairChannel: (id, now, isTold = false) =>
      database.transaction((connection) =>
        Effect.tap(Channels.enable(connection, id, isTold ? now : undefined), () =>
          Deliveries.release(connection, { channel: id, now, withRefused: true }),
        ),
      ),

    groups: (project) => whole(Groups.ofProject(database, project)),
    createGroup: (group) => database.transaction((connection) => Groups.create(connection, group)),
    updateGroup: (project, id, change) => Groups.update(database, [project, id], change),
    deleteGroup: (...of) => database.transaction((connection) => Groups.remove(connection, of)),

    projects: whole(Projects.all(database)),
    project: (id) => Projects.byId(database, id),
    projectByPingKey: (pingKey) => Projects.byPingKey(database, pingKey),
    projectByBadgeKey: (badgeKey) => Projects.byBadgeKey(database, badgeKey),
    createProject: (created) => database.transaction((connection) => Projects.create(connection, created)),
    updateProject: (id, change) => Projects.update(database, id, change),
    deleteProject: (id) => Clearing.project(database, id, (unit) => Projects.remove(unit, flavour, id)),
    silenceProject: (id, until) => Projects.silence(database, id, until),
    apiKey: (digest) => Projects.key(database, digest),
    apiKeys: (project) => whole(Projects.keys(database, project)),
    createApiKey: (key) => Effect.asVoid(Projects.createKey(database, key)),
    deleteApiKey: (project, beginning) => Projects.deleteKey(database, project, beginning),
  }) satisfies Partial<Store.Store["Service"]>

/** Checks of which the tags are compared before others have their turn: about a millisecond of work. */
const comparedAtOnce = 64

const passing = (filter: Store.ChecksFilter, found: readonly CheckRow.Stored[]) =>
  Effect.map(
    InSlices.map(found, comparedAtOnce, ({ check }) => (Store.passes(filter, check) ? [check] : [])),
    (checks) => checks.flat(),
  )

/** Claims turns, and tells of those that nobody can ask because something is damaged. */
const claimTurns = Effect.fnUntraced(function* (
  { database, flavour, tell }: { readonly database: Database } & Omit<Unit.Writing, "connection">,
  request: Turn.Claim,
) {
  const { found, damaged } = yield* database.transaction(
    (connection) => Turns.claim(connection, flavour, request),
    sending,
  )
  yield* tell("a probe waits", damaged)
  return found
})

/** Claims deliveries, and tells of those that wait or nearly waited for ever because something is damaged. */
const claim = Effect.fnUntraced(function* (
  { database, flavour, tell }: { readonly database: Database } & Omit<Unit.Writing, "connection">,
  request: Claims.Request,
) {
  const { claims, damaged, hastened } = yield* database.transaction(
    (connection) => Claims.claim(connection, flavour, request),
    sending,
  )
  yield* tell("an alert waits", damaged)
  yield* tell("an alert that nothing was to send is sent now", hastened)
  return claims
})
