/** The records of a memory store, and how units of work read and change them. */
import type { Delivery } from "@overdue/core/Delivery"
import type { Check } from "@overdue/core/Check"
import type { Channel } from "@overdue/core/Channel"
import * as Dependence from "@overdue/core/Dependence"
import type { Interval } from "@overdue/core/CountedTime"
import type { Flip, Reason } from "@overdue/core/Flip"
import type { Group } from "@overdue/core/Group"
import type { NewPing, Ping } from "@overdue/core/Ping"
import type { ApiKey, Project } from "@overdue/core/Project"
import type { Expiry } from "@overdue/core/Expiry"
import * as Threshold from "@overdue/core/probe/Threshold"
import * as Turn from "@overdue/core/probe/Turn"
import * as UnitOfWork from "@overdue/core/UnitOfWork"
import * as Sample from "@overdue/core/Sample"
import type { Instant } from "@overdue/core/Time"
import * as Deliveries from "./Deliveries.ts"
import * as Memories from "./Memories.ts"
import * as Recovery from "./Recovery.ts"
import * as Samples from "./Samples.ts"
import * as Turns from "./Turns.ts"

/** A check with its log, oldest first. */
export interface Entry {
  check: Check
  readonly serial: number
  /** Only those that the project keeps. */
  readonly pings: Ping[]
  /** Numbers of those that have an idempotency key, by key. */
  readonly keys: Map<string, number>
  readonly flips: Flip[]
  readonly samples: Samples.Samples
  /** How often it flipped for each reason in flips that were pruned. */
  readonly forgotten: Map<Reason, number>
  /** When its probe is due, by the label of the region. */
  due: Turns.Due
}

/** Everything in the store. The maps are in order of creation. */
export interface Tables {
  readonly projects: Map<string, Project>
  readonly keys: Map<string, ApiKey>
  readonly channels: Map<string, Channel>
  readonly checks: Map<string, Entry>
  readonly groups: Map<string, Group>
  /** The numbers of channels, by their ids. */
  readonly channelSerials: Map<string, number>
  /** The last number that was given in a project to one of a kind; see `nextSerial`. */
  readonly lastSerials: Map<string, number>
  readonly deliveries: Deliveries.Table
  readonly memories: Memories.Memories
  /** When the probers of regions last claimed turns, by `Turns.proberText`. */
  readonly probers: Map<string, Instant>
  readonly blind: Interval[]
  /** When a node last recorded that it was awake; `undefined` when none ever did. */
  awakeAt: Instant | undefined
  /** How many pings were ever logged. */
  pings: number
}

/** Returns an empty store. */
export const make = (): Tables => ({
  projects: new Map(),
  keys: new Map(),
  channels: new Map(),
  checks: new Map(),
  groups: new Map(),
  channelSerials: new Map(),
  lastSerials: new Map(),
  deliveries: Deliveries.make(),
  memories: new Map(),
  probers: new Map(),
  blind: [],
  awakeAt: undefined,
  pings: 0,
})

/** Returns the number of one more of a kind in a project: one that was given before is not given again. */
export const nextSerial = (
  { lastSerials }: Tables,
  project: string,
  kind: "check" | "channel" | "group",
): number => {
  const serial = (lastSerials.get(`${project} ${kind}`) ?? 0) + 1
  lastSerials.set(`${project} ${kind}`, serial)
  return serial
}

/** Returns what a selection finds. */
export const load = (tables: Tables, selection: UnitOfWork.Selection): UnitOfWork.Loaded => {
  const found = new Map<string, Check>()
  const note = (check: Check): Check => {
    found.set(check.id, check)
    return check
  }
  for (const id of selection.checks ?? []) {
    const entry = tables.checks.get(id)
    if (entry !== undefined) note(entry.check)
  }
  const slugs = (selection.slugs ?? []).map((key) => ({
    key,
    checks: find(tables, (check) => check.project === key.project && check.details.slug === key.slug).map(
      note,
    ),
  }))
  const { match } = selection
  const matched =
    match === undefined ? undefined : find(tables, (check) => UnitOfWork.matches(match, check))[0]
  if (matched !== undefined) note(matched)
  const { watching = [] } = selection
  const watchers =
    watching.length === 0
      ? []
      : find(tables, ({ policy }) => watching.includes(Threshold.serverOf(policy) ?? "")).map(note)
  const projects = new Map((selection.projects ?? []).map((id) => [id, loadProject(tables, id)]))
  return {
    check: (id) => found.get(id),
    slug: ({ project, slug }) =>
      slugs.find(({ key }) => key.project === project && key.slug === slug)?.checks ?? [],
    match: matched,
    watching: (server) => watchers.filter(({ policy }) => Threshold.serverOf(policy) === server),
    project: (id) => projects.get(id),
    logged: (check, key) => {
      const entry = tables.checks.get(check)
      const number = entry?.keys.get(key)
      return number === undefined ? undefined : entry?.pings.find(({ n }) => n === number)
    },
    blind: [...tables.blind],
  }
}

/** Returns the checks for which `is` holds, in order of creation. */
export const find = (tables: Tables, is: (check: Check) => boolean): readonly Check[] => {
  const found: Check[] = []
  for (const { check } of tables.checks.values()) if (is(check)) found.push(check)
  return found
}

/** Returns the channels of a project, in order of creation. */
export const channelsOf = (tables: Tables, project: string): readonly Channel[] =>
  [...tables.channels.values()].filter((channel) => channel.project === project)

const loadProject = (tables: Tables, id: string): UnitOfWork.LoadedProject | undefined => {
  const project = tables.projects.get(id)
  if (project === undefined) return undefined
  const checkCount = find(tables, (check) => check.project === id).length
  return { project, checkCount, channels: channelsOf(tables, id) }
}

/**
 * Returns why a decision cannot be written, as a sentence; `undefined` when it can. Everything is checked before
 * anything is written, which makes `write` atomic.
 */
export const objection = (
  tables: Tables,
  loaded: UnitOfWork.Loaded,
  decision: UnitOfWork.Decision<unknown>,
): string | undefined => {
  const known = new Map<string, Check>()
  for (const check of decision.checks ?? []) {
    const { id, project } = check
    if (!tables.projects.has(project)) return `Check ${id} names project ${project}, which does not exist.`
    if (loaded.check(id) === undefined && (tables.checks.has(id) || known.has(id))) {
      return `Check ${id} exists already.`
    }
    known.set(id, check)
  }
  const exists = (id: string) => known.has(id) || tables.checks.has(id)

  const pings = new Set<string>()
  for (const { check, n } of decision.pings ?? []) {
    if (!exists(check)) return `Ping ${n} is of check ${check}, which does not exist.`
    if (pings.has(`${check}.${n}`) || tables.checks.get(check)?.pings.some((ping) => ping.n === n) === true) {
      return `Ping ${n} of check ${check} exists already.`
    }
    pings.add(`${check}.${n}`)
  }

  for (const { check, samples } of decision.samples ?? []) {
    if (!exists(check)) return `Samples are of check ${check}, which does not exist.`
    const wrong = samples.map(Sample.objection).find((sentence) => sentence !== undefined)
    if (wrong !== undefined) return `A sample of check ${check} ${wrong}.`
  }

  const flips = new Set<string>()
  const flipExists = (check: string, n: number) =>
    flips.has(`${check}.${n}`) || tables.checks.get(check)?.flips.some((flip) => flip.n === n) === true
  for (const { check, n } of decision.flips ?? []) {
    if (!exists(check)) return `Flip ${n} is of check ${check}, which does not exist.`
    if (flipExists(check, n)) return `Flip ${n} of check ${check} exists already.`
    flips.add(`${check}.${n}`)
  }
  for (const delivery of decision.deliveries ?? []) {
    const { id, check, flip } = delivery
    const owner = known.get(check) ?? tables.checks.get(check)?.check
    if (owner === undefined) return `Delivery ${id} is of check ${check}, which does not exist.`
    if (!isLeftOut(tables, delivery, owner) && !flipExists(check, flip)) {
      return `Delivery ${id} tells of flip ${flip}, which does not exist.`
    }
  }
  return undefined
}

const isLeftOut = (tables: Tables, { id, channel }: Delivery, check: Check): boolean =>
  tables.deliveries.all.has(id) || tables.channels.get(channel)?.project !== check.project

/** Writes a decision to which there is no objection. */
export const write = (tables: Tables, decision: UnitOfWork.Decision<unknown>): void => {
  for (const check of decision.checks ?? []) {
    const entry = tables.checks.get(check.id)
    if (entry === undefined)
      tables.checks.set(check.id, {
        check,
        serial: nextSerial(tables, check.project, "check"),
        pings: [],
        keys: new Map(),
        flips: [],
        samples: new Map(),
        forgotten: new Map(),
        due: Turns.dueOf(check),
      })
    else {
      if (!Turn.isSame(entry.check, check)) entry.due = Turns.dueOf(check)
      if (Dependence.mayDiffer(entry.check, check)) unhold(tables, check.id, check.state.flippedAt)
      entry.check = check
    }
  }
  for (const ping of decision.pings ?? []) log(tables, ping)
  for (const { check, samples } of decision.samples ?? [])
    Samples.add(tables.checks.get(check)!.samples, samples)
  for (const flip of decision.flips ?? []) {
    const { flips } = tables.checks.get(flip.check)!
    flips.push(flip)
    flips.sort((a, b) => a.n - b.n)
    if (flip.from === "down") unhold(tables, flip.check, flip.at)
  }
  for (const delivery of decision.deliveries ?? []) {
    const { check, flips } = tables.checks.get(delivery.check)!
    if (isLeftOut(tables, delivery, check)) continue
    const flip = flips.find(({ n }) => n === delivery.flip)!
    Deliveries.add(tables.deliveries, delivery, flip, tables.channels.get(delivery.channel)!)
  }
  for (const id of decision.deleted ?? []) {
    const gone = tables.checks.get(id)
    if (gone?.check.state.status === "down") unhold(tables, id, gone.check.state.flippedAt)
    tables.checks.delete(id)
    Memories.forget(tables.memories, (memory) => memory.check === id)
    Deliveries.remove(tables.deliveries, (delivery) => delivery.check === id)
  }
}

/** What is held in the project of a check may be held by it, and is looked at anew. */
const unhold = (tables: Tables, id: string, at: Instant): void => {
  const { project } = tables.checks.get(id)!.check
  Recovery.unhold(tables.deliveries, ({ check }) => tables.checks.get(check)?.check.project === project, at)
}

/** Adds a ping to the log of its check, and prunes those that the project does not keep. */
const log = (tables: Tables, { idempotencyKey, ...ping }: NewPing): void => {
  const { check, pings, keys } = tables.checks.get(ping.check)!
  if (idempotencyKey !== undefined) keys.set(idempotencyKey, ping.n)
  tables.pings += 1
  pings.push(ping)
  pings.sort((a, b) => a.n - b.n)
  const oldest = pings.at(-1)!.n - tables.projects.get(check.project)!.pingLogLimit
  const kept = pings.findIndex(({ n }) => n > oldest)
  const pruned = pings.splice(0, kept)
  if (pruned.length > 0 && keys.size > 0) {
    for (const [key, n] of keys) if (n <= oldest) keys.delete(key)
  }
}

/** Deletes old records, and returns how many. */
export const prune = (tables: Tables, { deliveries, flips, blind, samples }: Expiry): number => {
  let pruned = Deliveries.remove(
    tables.deliveries,
    ({ status, at }) => status !== "pending" && at < deliveries,
  )
  const told = new Map<string, number>()
  for (const { delivery } of tables.deliveries.all.values()) {
    told.set(delivery.check, Math.min(told.get(delivery.check) ?? Infinity, delivery.flip))
  }
  for (const [id, entry] of tables.checks) {
    const needed = Math.min(entry.check.state.flips, told.get(id) ?? Infinity)
    const gone = removeWhere(entry.flips, ({ n, at }) => at < flips && n < needed)
    Memories.forget(tables.memories, ({ check, flip }) => check === id && gone.some(({ n }) => n === flip))
    for (const { reason } of gone) entry.forgotten.set(reason, (entry.forgotten.get(reason) ?? 0) + 1)
    pruned += gone.length + Samples.thin(entry.samples, samples)
  }
  return pruned + removeWhere(tables.blind, ({ to }) => to < blind).length
}

/** Removes the items for which `is` holds, and returns them. */
const removeWhere = <A>(items: A[], is: (item: A) => boolean): readonly A[] => {
  const removed = items.filter(is)
  if (removed.length > 0) items.splice(0, items.length, ...items.filter((item) => !is(item)))
  return removed
}
