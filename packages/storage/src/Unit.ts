/** Units of work over SQL: what one reads, under a lock, and how its decision is written. */
import * as Dependence from "@overdue/core/Dependence"
import type { Decision, Loaded, LoadedProject, Selection } from "@overdue/core/UnitOfWork"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Turn from "@overdue/core/probe/Turn"
import * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Connection, Transaction } from "./Connection.ts"
import type { Flavour } from "./Flavour.ts"
import * as Keys from "./Keys.ts"
import type * as Omissions from "./Omissions.ts"
import type * as Awake from "./tables/Awake.ts"
import * as Channels from "./tables/Channels.ts"
import type { CheckKeys } from "./tables/CheckKeys.ts"
import * as CheckLocks from "./tables/CheckLocks.ts"
import * as CheckRemoval from "./tables/CheckRemoval.ts"
import * as CheckRow from "./tables/CheckRow.ts"
import * as Checks from "./tables/Checks.ts"
import * as Deliveries from "./tables/Deliveries.ts"
import * as NewDeliveries from "./tables/NewDeliveries.ts"
import * as NewPings from "./tables/NewPings.ts"
import * as Flips from "./tables/Flips.ts"
import * as Pings from "./tables/Pings.ts"
import * as Projects from "./tables/Projects.ts"
import * as Samples from "./tables/Samples.ts"
import * as Turns from "./tables/Turns.ts"

/** Where decisions are written, and what tells of the damage that is met there. */
export interface Writing {
  readonly connection: Transaction
  readonly flavour: Flavour
  readonly tell: Omissions.Tell
}

/** A unit of work, and where it runs. */
export interface Unit<A> extends Writing {
  readonly blind: Awake.Reader
  /** What is known of the keys of checks. */
  readonly keys: CheckKeys
  readonly selection: Selection
  readonly decide: (loaded: Loaded) => Decision<A>
}

/** Reads what the selection names, decides, and writes the decision. */
export const run = Effect.fnUntraced(function* <A>(given: Unit<A>) {
  const { loaded, known, pingKeys } = yield* load(given)
  const decision = given.decide(loaded)
  yield* write(given, { decision, known, pingKeys })
  return decision.result
})

/** Checks that a unit of work has loaded, by their ids. */
type Known = ReadonlyMap<string, CheckRow.Stored>

/** Locks and reads what a selection names. Projects first: they are the widest locks. */
const load = Effect.fnUntraced(function* ({
  connection,
  flavour,
  blind,
  keys,
  selection,
}: Omit<Unit<unknown>, "decide">) {
  const known = new Map<string, CheckRow.Stored>()
  const note = (found: readonly CheckRow.Stored[]): void => {
    for (const stored of found) known.set(stored.check.id, stored)
  }
  const projects = new Map<string, LoadedProject>()
  for (const { project, checkCount } of yield* Projects.lock(connection, flavour, selection.projects ?? [])) {
    const { found } = yield* Channels.ofProject(connection, project.id)
    projects.set(project.id, { project, checkCount, channels: found })
  }
  const { checks: ids = [], slugs = [], watching = [], match } = selection
  const watchers = watching.length === 0 ? [] : yield* CheckLocks.watchersOf(connection, watching)
  const watcherIds = watchers.toSorted((a, b) => a.key - b.key).map(({ id }) => id)
  const mayMatch = match === undefined ? [] : yield* CheckLocks.idsByMatch(connection, flavour, match)
  const others = [...watcherIds, ...mayMatch]
  const waits = selection.leavesHeld !== true
  // All that is read begins before the first has come: the way to the database may be long.
  const locking = yield* CheckLocks.lock(connection, flavour, { ids, slugs, others, waits, keys })
  const logging = yield* Pings.byKeys(connection, selection.keys ?? [])
  const { pings = 0 } = selection
  const asking = yield* blind.ahead(connection, Keys.asking(flavour, "pings", pings))
  const locked = yield* locking
  note(locked.all)
  const matched = match === undefined ? undefined : yield* CheckLocks.lockMatch(connection, flavour, match)
  if (matched !== undefined) note([matched])
  const logged = yield* logging
  const { spans, further } = yield* asking
  const loaded: Loaded = {
    logged: (check, key) => logged.get(Pings.keyText(check, key)),
    check: (id) => known.get(id)?.check,
    slug: (key) => (locked.bySlug.get(UnitOfWork.slugText(key)) ?? []).map(({ check }) => check),
    match: matched?.check,
    watching: (server) =>
      watcherIds.flatMap((id) => {
        const check = known.get(id)?.check
        return check !== undefined && Threshold.serverOf(check.policy) === server ? [check] : []
      }),
    project: (id) => projects.get(id),
    blind: spans,
  }
  return { loaded, known, pingKeys: yield* Keys.reading(flavour, further, pings) }
})

type Owner = Pick<CheckRow.Stored, "key" | "project" | "pingLogLimit" | "lastLogged" | "check">

/** A decision, the checks that it was made on, and keys for the pings that it logs. */
interface Written {
  readonly decision: Decision<unknown>
  readonly known: Known
  readonly pingKeys: readonly number[]
}

/** Writes a decision. */
const write = Effect.fnUntraced(function* (
  { connection, flavour, tell }: Writing,
  { decision, known, pingKeys }: Written,
) {
  const { checks = [], pings = [], samples = [], flips = [], deliveries = [], deleted = [] } = decision
  const created = checks.filter(({ id }) => !known.has(id))
  if (created.length > 0) {
    const rows = yield* Checks.insert(connection, created)
    const probed = created.filter(({ policy }) => policy.probe !== undefined)
    if (probed.length > 0) {
      const those = probed.map((check) => ({ ...rows.get(check.id)!, check }))
      yield* Turns.write(connection, those, true)
    }
  }
  const owner = yield* owners(connection, known, [...pings, ...samples, ...flips, ...deliveries])
  const logged = yield* NewPings.insert(
    connection,
    flavour,
    pings.map((ping) => ({ owner: owner(ping.check), ping })),
    pingKeys,
  )
  if (samples.length > 0) {
    const reports = samples.map((report) => {
      const { key, project } = owner(report.check)
      return { key, project, report }
    })
    yield* Samples.insert(connection, flavour, reports)
  }
  const changed: Checks.Changed[] = []
  for (const check of checks) {
    const stored = known.get(check.id)
    if (stored === undefined || check === stored.check) continue
    changed.push({ stored, check, lastLogged: logged.get(stored.key) ?? stored.lastLogged })
    logged.delete(stored.key)
  }
  if (changed.length > 0) yield* Checks.update(connection, changed)
  const otherwise = changed.filter(({ stored, check }) => !Turn.isSame(stored.check, check))
  if (otherwise.length > 0) {
    const those = otherwise.map(({ stored: { key, project }, check }) => ({ key, project, check }))
    yield* Turns.write(connection, those, false)
  }
  if (logged.size > 0) yield* Checks.noteLogged(connection, [...logged])
  if (flips.length > 0) {
    yield* Flips.insert(
      connection,
      flips.map((flip) => ({ owner: owner(flip.check), flip })),
    )
  }
  if (deliveries.length > 0) {
    const untold = yield* NewDeliveries.insert(
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
  const gone = deleted.length > 0 ? yield* CheckRemoval.outlines(connection, deleted) : []
  for (const { project, downAt } of gone) if (downAt !== undefined) loosen(project, downAt)
  if (loosened.size > 0) yield* Deliveries.unhold(connection, loosened)
  if (deleted.length > 0) {
    yield* Pings.remove(connection, yield* CheckRemoval.remove(connection, deleted))
  }
})

/** Deletes the check of a project without reading it; returns whether there was one. */
export const removeCheck = Effect.fnUntraced(function* (
  writing: Writing,
  [project, id]: readonly [project: string, id: string],
) {
  if (!(yield* CheckRemoval.lockOf(writing.connection, writing.flavour, { project, id }))) return false
  yield* write(writing, {
    decision: { result: undefined, deleted: [id] },
    known: new Map(),
    pingKeys: [],
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
