/** The store over SQL: one implementation for every database that has a connection and a flavour. */
import type * as Check from "@overdue/core/Check"
import * as Dependence from "@overdue/core/Dependence"
import * as InSlices from "@overdue/core/InSlices"
import type { Decision, Loaded, LoadedProject, Selection } from "@overdue/core/UnitOfWork"
import * as Store from "@overdue/core/Store"
import * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Database, Durability } from "./Connection.ts"
import type { Flavour } from "./Flavour.ts"
import * as Omissions from "./Omissions.ts"
import * as Awake from "./tables/Awake.ts"
import * as Channels from "./tables/Channels.ts"
import * as CheckRow from "./tables/CheckRow.ts"
import * as Checks from "./tables/Checks.ts"
import * as Claims from "./tables/Claims.ts"
import * as Clearing from "./tables/Clearing.ts"
import * as Deliveries from "./tables/Deliveries.ts"
import * as DueTimes from "./tables/DueTimes.ts"
import * as Flips from "./tables/Flips.ts"
import * as Inspection from "./tables/Inspection.ts"
import * as Pings from "./tables/Pings.ts"
import * as Projects from "./tables/Projects.ts"
import * as Prune from "./tables/Prune.ts"
import * as Settlements from "./tables/Settlements.ts"
import * as TurnBack from "./tables/TurnBack.ts"

/** When the power fails, what is being sent, or was sent just before, is sent again under the same ids. */
const sending: Durability = "with the next"

/** Returns the store in a database whose schema is the newest. */
export const make = (database: Database, flavour: Flavour): Store.Store["Service"] => {
  const { tell, whole } = Omissions.make()
  const blind = Awake.reader(tell)
  return {
    transact: (selection, decide) =>
      database.transaction((connection) => unit({ connection, flavour, blind, tell, selection, decide })),
    due: (now, limit) => Checks.due(database, flavour, { now, limit }),
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
      Clearing.check(database, of, (connection) => remove({ connection, flavour, tell }, of)),
    checkByBadgeKey: (badgeKey) =>
      Effect.map(Checks.byBadgeKey(database, badgeKey), (stored) => stored?.check),
    checks: (project, filter) =>
      Effect.flatMap(whole(Checks.ofProject(database, project, filter)), (found) => passing(filter, found)),
    pings: (check, page) => whole(Pings.page(database, check, page)),
    ping: (check, n) => Pings.byNumber(database, check, n),
    flips: (check, range) => whole(Flips.ofCheck(database, check, range)),
    flipCounts: (project) => whole(Flips.counts(database, project)),
    blind: blind(database),
    activity: Effect.all({
      lastPing: Pings.last(database),
      lastDelivery: Deliveries.last(database),
      pending: Deliveries.countPending(database),
    }),
    prune: (expiry) => Prune.run(database, expiry),
    inspect: Effect.flatMap(Inspection.run(database), ({ damaged, mended }) =>
      Effect.andThen(
        tell("not all is well", damaged),
        Effect.as(tell("mended", mended), damaged.length + mended.length),
      ),
    ),

    channels: (project) => whole(Channels.ofProject(database, project)),
    channel: (id) => Channels.byId(database, id),
    createChannel: (channel) => Effect.asVoid(Channels.create(database, channel)),
    deleteChannel: (...of) => Clearing.channel(database, of, (unit) => Channels.remove(unit, flavour, of)),
    updateChannel: (id, change) => Channels.update(database, id, change),
    disableChannel: (id, reason) => Channels.disable(database, id, reason),
    repairChannel: (id, now, isTold = false) =>
      database.transaction((connection) =>
        Effect.tap(Channels.enable(connection, id, isTold ? now : undefined), () =>
          Deliveries.release(connection, { channel: id, now, withRefused: true }),
        ),
      ),

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
  }
}

/** Checks of which the tags are compared before others have their turn: about a millisecond of work. */
const comparedAtOnce = 64

const passing = (filter: Store.ChecksFilter, found: readonly CheckRow.Stored[]) =>
  Effect.map(
    InSlices.map(found, comparedAtOnce, ({ check }) => (Store.passes(filter, check) ? [check] : [])),
    (checks) => checks.flat(),
  )

/** Claims deliveries, and tells of those that wait or nearly waited for ever because something is damaged. */
const claim = Effect.fnUntraced(function* (
  { database, flavour, tell }: { readonly database: Database } & Omit<Writing, "connection">,
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

/** Where decisions are written, and what tells of the damage that is met there. */
interface Writing {
  readonly connection: Connection
  readonly flavour: Flavour
  readonly tell: Omissions.Tell
}

/** A unit of work, and where it runs. */
interface Unit<A> extends Writing {
  readonly blind: Awake.Read
  readonly selection: Selection
  readonly decide: (loaded: Loaded) => Decision<A>
}

/** Reads what the selection names, decides, and writes the decision. */
const unit = Effect.fnUntraced(function* <A>(given: Unit<A>) {
  const { loaded, known } = yield* load(given)
  const decision = given.decide(loaded)
  yield* write(given, { decision, known })
  return decision.result
})

/** Checks that a unit of work has loaded, by their ids. */
type Known = ReadonlyMap<string, CheckRow.Stored>

/** Locks and reads what a selection names. Projects first: they are the widest locks. */
const load = Effect.fnUntraced(function* ({
  connection,
  flavour,
  blind,
  selection,
}: Omit<Unit<unknown>, "decide">) {
  const known = new Map<string, CheckRow.Stored>()
  const note = (found: readonly CheckRow.Stored[]): readonly Check.Check[] =>
    found.map((stored) => {
      known.set(stored.check.id, stored)
      return stored.check
    })
  const projects = new Map<string, LoadedProject>()
  for (const { project, checkCount } of yield* Projects.lock(connection, flavour, selection.projects ?? [])) {
    const { found } = yield* Channels.ofProject(connection, project.id)
    projects.set(project.id, { project, checkCount, channels: found })
  }
  note(yield* Checks.lockByIds(connection, flavour, selection.checks ?? []))
  const slugs = new Map<string, readonly Check.Check[]>()
  for (const key of selection.slugs ?? []) {
    slugs.set(UnitOfWork.slugText(key), note(yield* Checks.lockBySlug(connection, flavour, key)))
  }
  const { match } = selection
  const matched = match === undefined ? undefined : yield* lockMatch(connection, flavour, match)
  if (matched !== undefined) note([matched])
  const logged = yield* Pings.byKeys(connection, selection.keys ?? [])
  const loaded: Loaded = {
    logged: (check, key) => logged.get(Pings.keyText(check, key)),
    check: (id) => known.get(id)?.check,
    slug: (key) => slugs.get(UnitOfWork.slugText(key)) ?? [],
    match: matched?.check,
    project: (id) => projects.get(id),
    blind: yield* blind(connection),
  }
  return { loaded, known }
})

/**
 * Locks and returns the check that matches. Fails when none does, but the record of one is damaged that has the name, the
 * slug or the tags that were asked for: it is that one most likely, and another would be its double.
 */
const lockMatch = Effect.fnUntraced(function* (
  connection: Connection,
  flavour: Flavour,
  match: UnitOfWork.Match,
) {
  const { found, damaged } = yield* Checks.lockByMatch(connection, flavour, match)
  const matched = found.find(({ check }) => UnitOfWork.matches(match, check))
  const isNamed = [match.name, match.slug, match.tags].some((given) => given !== undefined)
  if (matched === undefined && damaged[0] !== undefined && isNamed) return yield* damaged[0]
  return matched
})

type Owner = Pick<CheckRow.Stored, "key" | "project" | "pingLogLimit" | "lastLogged" | "check">

/** Writes a decision. `known` are the checks that it was made on. */
const write = Effect.fnUntraced(function* (
  { connection, flavour, tell }: Writing,
  { decision, known }: { readonly decision: Decision<unknown>; readonly known: Known },
) {
  const { checks = [], pings = [], flips = [], deliveries = [], deleted = [] } = decision
  const created = checks.filter(({ id }) => !known.has(id))
  if (created.length > 0) yield* Checks.insert(connection, created)
  const owner = yield* owners(connection, known, [...pings, ...flips, ...deliveries])
  const logged = yield* Pings.insert(
    connection,
    flavour,
    pings.map((ping) => ({ owner: owner(ping.check), ping })),
  )
  const changed: Checks.Changed[] = []
  for (const check of checks) {
    const stored = known.get(check.id)
    if (stored === undefined || check === stored.check) continue
    changed.push({ stored, check, lastLogged: logged.get(stored.key) ?? stored.lastLogged })
    logged.delete(stored.key)
  }
  if (changed.length > 0) yield* Checks.update(connection, changed)
  if (logged.size > 0) yield* Checks.noteLogged(connection, [...logged])
  if (flips.length > 0) {
    yield* Flips.insert(
      connection,
      flips.map((flip) => ({ owner: owner(flip.check), flip })),
    )
  }
  if (deliveries.length > 0) {
    const untold = yield* Deliveries.insert(
      connection,
      deliveries.map((delivery) => ({ owner: owner(delivery.check), delivery })),
    )
    yield* tell("an alert goes nowhere", untold)
  }
  // What is held may be held by a check that depends on others now, has come up, or is deleted.
  const loosened = new Map<number, Instant>()
  const loosen = (project: number, at: Instant): void => {
    loosened.set(project, Math.min(at, loosened.get(project) ?? Infinity))
  }
  for (const { stored, check } of changed) {
    if (Dependence.mayDiffer(stored.check, check)) loosen(stored.project, check.state.flippedAt)
  }
  for (const { check, from, at } of flips) if (from === "down") loosen(owner(check).project, at)
  const gone = deleted.length > 0 ? yield* Checks.outlines(connection, deleted) : []
  for (const { project, downAt } of gone) if (downAt !== undefined) loosen(project, downAt)
  if (loosened.size > 0) yield* Deliveries.unhold(connection, loosened)
  if (deleted.length > 0) {
    yield* Pings.remove(connection, yield* Checks.remove(connection, deleted))
  }
})

/** Deletes the check of a project without reading it; returns whether there was one. */
const remove = Effect.fnUntraced(function* (
  writing: Writing,
  [project, id]: readonly [project: string, id: string],
) {
  if (!(yield* Checks.lockOf(writing.connection, writing.flavour, { project, id }))) return false
  yield* write(writing, {
    decision: { result: undefined, deleted: [id] },
    known: new Map(),
  })
  return true
})

/** Returns what finds the row of a check by its id. Rows that were not loaded, such as new ones, are read for it. */
const owners = Effect.fnUntraced(function* (
  connection: Connection,
  known: ReadonlyMap<string, Owner>,
  things: readonly { readonly check: string }[],
) {
  const missing = new Set<string>()
  for (const { check } of things) if (!known.has(check)) missing.add(check)
  const found = new Map<string, Owner>()
  if (missing.size > 0) {
    for (const stored of yield* Checks.byIds(connection, [...missing])) found.set(stored.check.id, stored)
    for (const id of missing) if (!found.has(id)) return yield* Effect.fail(CheckRow.unknown(id))
  }
  return (id: string): Owner => (known.get(id) ?? found.get(id))!
})
