/**
 * Receives pings: those that arrive while a commit is under way are decided and committed together, and only then is
 * each of them answered. An answer means: on disk.
 */
import type { Channel } from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import type * as Ping from "@overdue/core/Ping"
import * as Signal from "@overdue/core/Signal"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Latch from "effect/Latch"
import * as Layer from "effect/Layer"
import * as Awake from "../Awake.ts"
import * as Bell from "../Bell.ts"
import { Changes } from "../Changes.ts"
import { CheckLimitReached, CheckNotFound, SlugAmbiguous } from "../CommandError.ts"
import * as Failure from "../Failure.ts"
import { Ids } from "../Ids.ts"
import { Settings } from "../Settings.ts"
import type { Plan } from "./Create.ts"

/** Which check a ping is for. */
export type Target =
  | { readonly id: string }
  | {
      readonly project: string
      readonly slug: string
      /** What to create when no check has this slug; without it that is an error. */
      readonly create?: Blueprint | undefined
    }

/** A check that a ping may bring into being. All channels of the project are assigned unless it names some. */
export interface Blueprint {
  readonly details?: Partial<Check.Details>
  readonly policy: Check.Policy
}

export interface Arrival {
  readonly target: Target
  readonly signal: Signal.Signal
  /** Lower-case UUID. */
  readonly rid: string | undefined
  readonly origin: Ping.Origin
}

export interface Receipt {
  readonly check: string
  /** The number of the ping in the log of its check. */
  readonly n: number
  readonly kind: Ping.Kind
  /** The ping brought the check into being. */
  readonly created: boolean
}

export type Refusal = CheckNotFound | SlugAmbiguous | CheckLimitReached

/** Projects may exceed their limit by pings that create checks, up to this many times (Healthchecks v4.3). */
export const creationFactor = 2

/** The check that a ping by slug brings into being. */
export const newborn = (slug: string, blueprint: Blueprint, channels: readonly Channel[]): Plan => ({
  policy: blueprint.policy,
  details: {
    ...Check.noDetails,
    name: slug,
    slug,
    channels: channels.map(({ id }) => id),
    ...blueprint.details,
  },
})

/** Attempts at a commit before its pings are refused. */
const attempts = 5

export class Receive extends Context.Service<
  Receive,
  {
    /** Succeeds once the ping is durable. */
    readonly receive: (arrival: Arrival) => Effect.Effect<Receipt, Refusal | Store.StoreError>
    /** The same for callers without a fiber: `done` is called once, later. */
    readonly submit: (arrival: Arrival, done: (exit: Outcome) => void) => void
  }
>()("@overdue/engine/Receive") {}

export type Outcome = Exit.Exit<Receipt, Refusal | Store.StoreError>

interface Waiting {
  readonly arrival: Arrival
  readonly at: Instant
  readonly done: (exit: Outcome) => void
}

export const layer = Layer.effect(
  Receive,
  Effect.gen(function* () {
    const store = yield* Store.Store
    const awake = yield* Awake.Awake
    const bell = yield* Bell.Bell
    const clock = yield* Clock.Clock
    const settings = yield* Settings
    const ids = yield* Ids
    const arrived = Latch.makeUnsafe(false)
    let waiting: Waiting[] = []
    let isClosed = false

    const submit = (arrival: Arrival, done: (exit: Outcome) => void): void => {
      if (isClosed || waiting.length >= settings.pingsWaiting) {
        done(Exit.fail(tooBusy(isClosed)))
        return
      }
      waiting.push({ arrival, at: clock.currentTimeMillisUnsafe(), done })
      arrived.openUnsafe()
    }

    /** One unit of work for the pings of `batch`; those whose check is yet to be created come back. */
    const commit = Effect.fnUntraced(function* (batch: readonly Waiting[], isCreating: boolean) {
      const targets = batch.map(({ arrival }) => arrival.target)
      const selection = selectionOf(targets, isCreating)
      const fresh = batch.map(() => (isCreating ? { id: ids.next(), badgeKey: ids.next() } : undefined))
      let isTold = false
      const outcomes = yield* Effect.retry(
        store.transact(selection, (loaded) => {
          const changes = new Changes(loaded)
          const created = new Map<string, Check.Check>()
          const answers = batch.map((ping, index) => decide(ping, changes, loaded, created, fresh[index]))
          isTold = changes.isTold
          return changes.decide(answers)
        }),
        { times: attempts - 1, while: (error) => error.reason === "busy" },
      )
      if (isTold) bell.ring()
      return outcomes
    })

    const answer = (batch: readonly Waiting[], outcomes: readonly Decided[]): readonly Waiting[] =>
      batch.filter((ping, index) => {
        const outcome = outcomes[index]!
        if (outcome === "to be created") return true
        ping.done(outcome)
        return false
      })

    /** Commits and answers. What fails as a whole may work for each alone: one ping must not take its neighbours. */
    const settle = (batch: readonly Waiting[], isCreating: boolean): Effect.Effect<void> =>
      Effect.matchCauseEffect(commit(batch, isCreating), {
        onSuccess: (outcomes) => {
          const missing = answer(batch, outcomes)
          return missing.length === 0 ? Effect.void : settle(missing, true)
        },
        onFailure: (cause) => {
          if (batch.length > 1 && Failure.isAboutOne(cause)) {
            return Effect.forEach(batch, (ping) => settle([ping], isCreating), { discard: true })
          }
          return Effect.sync(() => batch.forEach((ping) => ping.done(Exit.failCause(cause))))
        },
      })

    const run = (batch: readonly Waiting[]): Effect.Effect<void> =>
      Effect.matchCauseEffect(awake.note(batch[batch.length - 1]!.at), {
        onSuccess: () => settle(batch, false),
        onFailure: (cause) => Effect.sync(() => batch.forEach((ping) => ping.done(Exit.failCause(cause)))),
      })

    const loop = Effect.gen(function* () {
      while (true) {
        yield* arrived.await
        // Let every socket that is ready be read first: they share the commit.
        yield* Effect.yieldNow
        const batch = waiting.slice(0, settings.pingsAtOnce)
        waiting = waiting.slice(settings.pingsAtOnce)
        if (waiting.length === 0) arrived.closeUnsafe()
        if (batch.length > 0) yield* Effect.uninterruptible(run(batch))
      }
    })

    yield* Effect.forkScoped(loop)
    // Runs before the loop is interrupted: what has arrived is still committed and answered.
    yield* Effect.addFinalizer(() =>
      Effect.suspend(() => {
        isClosed = true
        const rest = waiting
        waiting = []
        return rest.length > 0 ? run(rest) : Effect.void
      }),
    )

    return {
      submit,
      receive: (arrival) =>
        Effect.callback<Receipt, Refusal | Store.StoreError>((resume) => submit(arrival, resume)),
    }
  }),
)

type Decided = Outcome | "to be created"

const decide = (
  ping: Waiting,
  changes: Changes,
  loaded: Store.Loaded,
  created: Map<string, Check.Check>,
  fresh: { readonly id: string; readonly badgeKey: string } | undefined,
): Decided => {
  const { target } = ping.arrival
  if ("id" in target) {
    const check = changes.check(target.id)
    return check === undefined
      ? Exit.fail(new CheckNotFound({ check: target.id }))
      : take(check, ping, changes, false)
  }
  const found = loaded.slug(target)
  if (found.length > 1) return Exit.fail(new SlugAmbiguous({ slug: target.slug }))
  if (found.length === 1) return take(changes.current(found[0]!), ping, changes, false)
  const key = `${target.project} ${target.slug}`
  const twin = created.get(key)
  if (twin !== undefined) return take(changes.current(twin), ping, changes, false)
  if (target.create === undefined) return Exit.fail(new CheckNotFound({ check: target.slug }))
  if (fresh === undefined) return "to be created"
  const project = loaded.project(target.project)
  if (project === undefined) return Exit.fail(new CheckNotFound({ check: target.slug }))
  const limit = creationFactor * project.project.checkLimit
  if (project.checkCount + created.size >= limit) return Exit.fail(new CheckLimitReached({ limit }))
  const check = Check.make({
    ...fresh,
    project: target.project,
    createdAt: ping.at,
    ...newborn(target.slug, target.create, project.channels),
  })
  created.set(key, check)
  return take(check, ping, changes, true)
}

const take = (check: Check.Check, { arrival, at }: Waiting, changes: Changes, created: boolean): Outcome => {
  const { signal, rid, origin } = arrival
  const step = changes.step(check, { type: Signal.classify(check.policy, signal), rid }, at)
  const logged = step.logged!
  changes.log({
    ...origin,
    check: check.id,
    n: logged.n,
    at: logged.at,
    kind: logged.kind,
    rid,
    exitStatus: signal.via === "http" ? signal.exitStatus : undefined,
    duration: logged.duration,
  })
  return Exit.succeed({ check: check.id, n: logged.n, kind: logged.kind, created })
}

const selectionOf = (targets: readonly Target[], isCreating: boolean): Store.Selection => {
  const checks = new Set<string>()
  const slugs = new Map<string, Store.SlugKey>()
  for (const target of targets) {
    if ("id" in target) checks.add(target.id)
    else slugs.set(`${target.project} ${target.slug}`, { project: target.project, slug: target.slug })
  }
  return {
    checks: [...checks],
    slugs: [...slugs.values()],
    projects: isCreating ? [...new Set([...slugs.values()].map(({ project }) => project))] : [],
  }
}

const tooBusy = (isClosed: boolean): Store.StoreError =>
  new Store.StoreError({
    reason: "busy",
    detail: isClosed ? "the engine is shutting down" : "too many pings are waiting to be committed",
  })
