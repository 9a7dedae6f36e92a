/**
 * Batches: signals that are decided and committed together, what their unit of work reads, and what it decides. Pure.
 */
import * as Check from "@overdue/core/Check"
import type * as Machine from "@overdue/core/Machine"
import * as Probe from "@overdue/core/Probe"
import * as Sample from "@overdue/core/Sample"
import type * as Ping from "@overdue/core/Ping"
import * as Deadline from "@overdue/core/Deadline"
import * as Signal from "@overdue/core/Signal"
import type * as Store from "@overdue/core/Store"
import * as UnitOfWork from "@overdue/core/UnitOfWork"
import type { Instant, Span } from "@overdue/core/Time"
import * as Exit from "effect/Exit"
import * as Result from "effect/Result"
import { Changes } from "../../Changes.ts"
import { type CheckLimitReached, CheckNotFound, RateLimited, SlugAmbiguous } from "../../CommandError.ts"
import * as Birth from "../Birth.ts"
import * as Thresholds from "./Thresholds.ts"
import * as Told from "./Told.ts"

/** The check that a signal is for: by id, or by slug within a project. */
export type Target = ById | BySlug

/** A check by its id. */
export interface ById {
  readonly id: string
}

/** A check by its slug, within a project. */
export interface BySlug {
  readonly project: string
  readonly slug: string
  /** The check to create when none has this slug; without it, that is `CheckNotFound`. */
  readonly create?: Birth.Blueprint | undefined
}

/** A signal as it is handed to the engine. What was measured comes only with that of a check that is named by its id. */
export type Arrival = Sent &
  (
    | { readonly target: ById; readonly samples?: Measured }
    | { readonly target: Target; readonly samples?: undefined }
  )

/**
 * What was measured, and comes with a signal: kept when that is a success, and judged by the thresholds on it, in the same
 * transaction. Only with it, be it nothing, does a signal of a server count: everybody who sees a threshold knows the id of
 * its server. At most `Limits.samplesPerReport`; further ones are left out, and so are those that are too old to be kept, or
 * ahead.
 */
type Measured = readonly Sample.Sample[] | undefined

/** A signal, whatever check it is for. */
interface Sent {
  readonly signal: Signal.Signal
  /** Id of the run, a lower-case UUID; `undefined` when the signal names none. */
  readonly rid: string | undefined
  readonly origin: Ping.Origin
  /**
   * Who has sent it as far as that is certain, such as the network that it came from, of at most 64 characters. Signals
   * of one check and one sender are limited together; `undefined`: of unknown senders, all of them.
   */
  readonly sender?: string | undefined
  /** When it arrived, if it had to be read since then; see `Receive.announce`. */
  readonly arrivedAt?: Instant | undefined
  /** Names the signal, which is taken once for as long as its ping is logged; see `Ping.idempotencyKey`. */
  readonly key?: string | undefined
}

/** The confirmation that a signal is durable. */
export interface Receipt {
  /** The check after this signal. */
  readonly check: Check.Check
  /** Number of the ping among those of its check, from 1. */
  readonly n: number
  readonly kind: Ping.Kind
  /** Whether the signal created the check. */
  readonly created: boolean
}

/** Why a signal was refused, although the store works. */
export type Refusal = CheckNotFound | SlugAmbiguous | CheckLimitReached | RateLimited

/** A receipt, or why there is none. */
export type Outcome = Exit.Exit<Receipt, Refusal | Store.StoreError>

/** A signal that waits for its commit. */
export interface Waiting {
  readonly arrival: Arrival
  /** When it was read. */
  readonly at: Instant
  /**
   * Since when it may have waited: earlier than `at` only when this process stood still meanwhile, or had to find out what
   * it means.
   */
  readonly since: Instant
  /** By how much the clock had stepped when it was read; see `SteadyClock.stepped`. */
  readonly stepped: Span
  /**
   * Counts the signal once its check is known, however often that is asked, and returns the whole seconds after which the
   * check takes it; `undefined` when it was counted before, or is not limited.
   */
  readonly wait?: ((check: string) => number) | undefined
  /** Called exactly once, with the outcome. */
  readonly done: (exit: Outcome) => void
}

/** The outcome of a signal in one unit of work, or that its check must be created first, which takes another one. */
export type Decided = Outcome | "to be created"

/** The most samples of one commit: some dozens of milliseconds of work. A report with more is one alone. */
const samplesAtOnce = 4_000

/** Returns how many of those that wait, at most `limit`, are committed together. */
export const sizeOf = (waiting: readonly Pick<Waiting, "arrival">[], limit: number): number => {
  let samples = 0
  for (const [index, { arrival }] of waiting.entries()) {
    samples += arrival.samples?.length ?? 0
    if (index === limit || (index > 0 && samples > samplesAtOnce)) return index
  }
  return waiting.length
}

/** Returns a name of the check that a target is about, whether or not the check exists. */
export const nameOf = (target: Target): string => ("id" in target ? target.id : UnitOfWork.slugText(target))

/** Returns what the unit of work reads. Projects are read only when checks are to be created in them. */
export const selectionOf = (batch: readonly Waiting[], isCreating: boolean): UnitOfWork.Selection => {
  const checks = new Set<string>()
  const slugs = new Map<string, UnitOfWork.SlugKey>()
  const keys = new Set<string>()
  const servers = new Set<string>()
  for (const { arrival } of batch) {
    const { target, key, samples = [] } = arrival
    // Servers report by their ids.
    if (samples.length > 0 && "id" in target) servers.add(target.id)
    if (key !== undefined) keys.add(key)
    if ("id" in target) checks.add(target.id)
    else slugs.set(UnitOfWork.slugText(target), { project: target.project, slug: target.slug })
  }
  return {
    checks: [...checks],
    slugs: [...slugs.values()],
    projects: isCreating ? [...new Set([...slugs.values()].map(({ project }) => project))] : [],
    keys: [...keys],
    pings: batch.length,
    ...(servers.size > 0 && { watching: [...servers] }),
  }
}

/** What was decided for a batch. */
export interface Batch {
  /** In the order of the batch. */
  readonly decided: readonly Decided[]
  /** Whether there are deliveries, for which the bell must ring after the commit. */
  readonly isTold: boolean
}

/**
 * Returns the decision for a batch. `fresh` has an identity for each signal whose check may be created; `undefined`
 * means that none is created.
 */
export const decide = (
  batch: readonly Waiting[],
  fresh: readonly Birth.Fresh[] | undefined,
  loaded: UnitOfWork.Loaded,
): UnitOfWork.Decision<Batch> => {
  const changes = new Changes(loaded)
  const work: Work = { changes, loaded, born: new Map(), taken: new Map() }
  const decided = batch.map((waiting, index) => decideOne(waiting, work, fresh?.[index]))
  return changes.decide({ decided, isTold: changes.isTold })
}

interface Work {
  readonly changes: Changes
  readonly loaded: UnitOfWork.Loaded
  /** Checks that this unit of work has created, by project and slug. */
  readonly born: Map<string, Check.Check>
  /** Signals with a key that this unit of work has taken, by check and key. */
  readonly taken: Map<string, UnitOfWork.LoggedSignal>
}

const decideOne = (waiting: Waiting, work: Work, fresh: Birth.Fresh | undefined): Decided => {
  const { target } = waiting.arrival
  const { changes, loaded } = work
  if ("id" in target) {
    const check = changes.check(target.id)
    return check === undefined
      ? Exit.fail(new CheckNotFound({ check: target.id }))
      : take(check, waiting, work, false)
  }
  const found = loaded.slug(target)
  if (found.length > 1) return Exit.fail(new SlugAmbiguous({ slug: target.slug }))
  const existing = found[0] ?? work.born.get(UnitOfWork.slugText(target))
  if (existing !== undefined) return take(changes.current(existing), waiting, work, false)
  if (target.create === undefined) return Exit.fail(new CheckNotFound({ check: target.slug }))
  return fresh === undefined ? "to be created" : create(waiting, target, target.create, work, fresh)
}

const create = (
  waiting: Waiting,
  target: UnitOfWork.SlugKey,
  blueprint: Birth.Blueprint,
  work: Work,
  fresh: Birth.Fresh,
): Outcome => {
  const { loaded, born } = work
  const project = loaded.project(target.project)
  if (project === undefined) return Exit.fail(new CheckNotFound({ check: target.slug }))
  const parent: Birth.Parent = { ...project, bornNow: born.size, limitFactor: Birth.pingFactor }
  const room = Birth.room(parent)
  if (Result.isFailure(room)) return Exit.fail(room.failure)
  const plan = Birth.ofBlueprint(target.slug, blueprint, project.channels)
  const check = Birth.make(parent, fresh, plan, waiting.at)
  born.set(UnitOfWork.slugText(target), check)
  return take(check, waiting, work, true)
}

/** Returns when a signal arrived: when it was read, unless it may have been in time for a deadline that passed before. */
const arrivedAt = (
  check: Check.Check,
  { at, since }: Pick<Waiting, "at" | "since">,
  blind: Deadline.Blind,
): Instant => {
  if (since === at) return at
  const due = Deadline.next(check, blind, "hurried")
  const isDeadline = due !== undefined && (due.kind === "late" || due.kind === "overrun")
  return isDeadline && due.at > since && due.at <= at ? due.at - 1 : at
}

/** Of a server its own reports count, which carry samples, be they none; of what is asked the machine hears nobody. */
const eventOf = (check: Check.Check, { signal, rid, samples }: Arrival): Machine.Event => {
  if (signal.via === "probe") return { type: "report", ...signal.report }
  const isHeard = samples !== undefined || Check.familyOf(check) !== "server"
  return { type: isHeard ? Signal.classify(check.policy, signal) : "ignored", rid }
}

/** Returns what was measured in the round that a check was just told by. */
const measuredBy = ({ state }: Check.Check): readonly Sample.Sample[] => {
  const round = state.probing?.last
  const telling = round && Probe.telling(round.results)
  if (round === undefined || telling === undefined) return []
  const value = Math.round(telling.timings.whole)
  return [{ series: Sample.responseTime, at: round.at, value, isFailure: Probe.isBad(round.results) }]
}

/** Steps the check, and logs the ping; unless it is logged already, which changes nothing and is answered alike. */
const take = (
  check: Check.Check,
  waiting: Waiting,
  { changes, loaded, taken }: Work,
  created: boolean,
): Outcome => {
  const { signal, rid, origin, key, samples = [] } = waiting.arrival
  // Of a burst whose check was not known at the door, no more may pass than of any other.
  const seconds = waiting.wait?.(check.id) ?? 0
  if (seconds > 0) return Exit.fail(new RateLimited({ seconds }))
  const name = key === undefined ? undefined : `${check.id} ${key}`
  if (key !== undefined && name !== undefined) {
    const before = taken.get(name) ?? loaded.logged(check.id, key)
    if (before !== undefined) return Exit.succeed({ check, n: before.n, kind: before.kind, created: false })
  }
  const at = arrivedAt(check, waiting, loaded.blind)
  const step = changes.step(check, eventOf(check, waiting.arrival), at)
  const { logged } = step
  // Results that tell nothing yet, or came too late.
  if (logged === undefined)
    return Exit.succeed({ check: step.check, n: step.check.state.pings, kind: "ignored", created })
  changes.log({
    ...origin,
    ...(signal.via === "probe" && Told.by(step.check)),
    check: check.id,
    n: logged.n,
    at: logged.at,
    kind: logged.kind,
    rid,
    exitStatus: "exitStatus" in signal ? signal.exitStatus : undefined,
    duration: logged.duration,
    ...(key !== undefined && { idempotencyKey: key }),
  })
  const measured = signal.via === "probe" ? measuredBy(step.check) : logged.kind === "success" ? samples : []
  const kept = measured.filter((one) => Sample.objection(one) === undefined)
  changes.measure({ check: check.id, samples: kept })
  if (signal.via !== "probe" && kept.length > 0)
    Thresholds.judge({ server: check, samples: kept, at }, loaded, changes)
  if (name !== undefined) taken.set(name, { n: logged.n, kind: logged.kind })
  return Exit.succeed({ check: step.check, n: logged.n, kind: logged.kind, created })
}
