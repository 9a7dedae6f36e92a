/**
 * The engine for programs without Effect: promises, plain errors, `await using`.
 *
 * A layer is an ingredient that need not be understood: `store: Sqlite.layer({ filename })`.
 */
import type { Alert } from "@overdue/core/Alert"
import type { Unit } from "@overdue/core/Calendar"
import type { Channel } from "@overdue/core/Channel"
import type { Check, ShownStatus } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import type * as Notifier from "@overdue/core/Notifier"
import type { Project } from "@overdue/core/Project"
import type { Comparison } from "@overdue/core/Replay"
import * as Shown from "@overdue/core/Shown"
import type { Action } from "@overdue/core/Signal"
import type { Report } from "@overdue/core/Statistics"
import * as Store from "@overdue/core/Store"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as CallbackNotifier from "./CallbackNotifier.ts"
import { CheckNotFound } from "./CommandError.ts"
import * as ChannelCommands from "./commands/Channels.ts"
import * as Create from "./commands/Create.ts"
import * as Delete from "./commands/Delete.ts"
import * as Pause from "./commands/Pause.ts"
import * as Projects from "./commands/Projects.ts"
import * as Receive from "./commands/Receive.ts"
import * as Resume from "./commands/Resume.ts"
import * as Update from "./commands/Update.ts"
import * as Engine from "./Engine.ts"
import * as MemoryStore from "./MemoryStore.ts"
import { arrival, type PingOptions } from "./monitor/PingOptions.ts"
import * as WindowInput from "./monitor/WindowInput.ts"
import * as PlanInput from "./PlanInput.ts"
import * as Checks from "./queries/Checks.ts"
import * as Flips from "./queries/Flips.ts"
import * as Pings from "./queries/Pings.ts"
import * as Replay from "./queries/Replay.ts"
import * as Statistics from "./queries/Statistics.ts"
import * as Settings from "./Settings.ts"

/** What a monitor is made of. */
export interface Options {
  /** Where checks are stored; by default in memory, where they are gone when the process ends. */
  readonly store?: Layer.Layer<Store.Store, Store.StoreError>
  /** Kinds of channels besides `onAlert`; by default none. */
  readonly notifiers?: Layer.Layer<Notifier.Notifier>
  /**
   * Called at least once for every check that goes down or comes up again. When it throws or rejects, it is called
   * again later, even after a restart.
   */
  readonly onAlert?: (alert: Alert) => void | Promise<void>
  /** Settings that differ from `Settings.defaults`. */
  readonly settings?: Partial<Settings.Settings>
  /** Name of the project in which this monitor's checks are; by default `default`. Created when it does not exist. */
  readonly project?: string
}

/**
 * Starts an engine. Rejects with a `StoreError` when its store cannot be opened.
 *
 * @example
 * ```ts
 * import * as Monitor from "@overdue/engine/Monitor"
 *
 * const told = Promise.withResolvers<string>()
 * await using monitor = await Monitor.make({
 *   onAlert: ({ check, status }) => told.resolve(`${check.details.slug} is ${status}`),
 * })
 * const check = await monitor.ensure({ slug: "backup", every: "1 day", grace: "1 hour" })
 * await monitor.fail(check.id, { body: "disk full" })
 * console.log(await told.promise) // → backup is down
 * ```
 */
export const make = async (options: Options = {}): Promise<Monitor> => {
  const notifiers = options.notifiers ?? CallbackNotifier.none
  const runtime = ManagedRuntime.make(
    Engine.layer({
      store: options.store ?? MemoryStore.layer,
      notifiers:
        options.onAlert === undefined ? notifiers : CallbackNotifier.layer(options.onAlert, notifiers),
      settings: options.settings,
    }),
  )
  try {
    const started = await runtime.runPromise(
      start(options.project ?? "default", options.onAlert !== undefined),
    )
    return new Monitor(runtime, started)
  } catch (error) {
    await runtime.dispose()
    throw error
  }
}

interface Started {
  readonly project: Project
  /** Ids of the channels that a new check tells, unless it names its own. */
  readonly channels: readonly string[]
}

const start = Effect.fnUntraced(function* (name: string, hasCallback: boolean) {
  const store = yield* Store.Store
  const project = (yield* store.projects).find((existing) => existing.name === name)
  const owner = project ?? (yield* Projects.create({ name }))
  if (!hasCallback) return { project: owner, channels: [] } satisfies Started
  const channels = yield* store.channels(owner.id)
  const channel =
    channels.find(({ kind }) => kind === CallbackNotifier.kind) ??
    (yield* ChannelCommands.create({
      project: owner.id,
      name: CallbackNotifier.kind,
      kind: CallbackNotifier.kind,
      value: {},
    }))
  return { project: owner, channels: [channel.id] } satisfies Started
})

/** A running engine, with the checks of one project. Must be closed, which `await using` does. */
export class Monitor implements AsyncDisposable {
  /** Runs effects with the services of the engine: for programs that use Effect, and for servers. */
  readonly runtime: ManagedRuntime.ManagedRuntime<Engine.Services, Store.StoreError>
  readonly project: Project
  readonly #channels: readonly string[]

  constructor(runtime: ManagedRuntime.ManagedRuntime<Engine.Services, Store.StoreError>, started: Started) {
    this.runtime = runtime
    this.project = started.project
    this.#channels = started.channels
  }

  /** Creates a check. Rejects with `PlanInvalid`, which names the field, or `CheckLimitReached`. */
  async create(input: PlanInput.PlanInput): Promise<Check> {
    const created = await this.#run(
      Create.run({ project: this.project.id, plan: () => PlanInput.plan(this.#withChannels(input)) }),
    )
    return created.check
  }

  /**
   * Creates the check with this slug or, if it exists, changes the given fields; made to be called at every start of a
   * program. Rejects as `create` does.
   *
   * @example
   * ```ts
   * import * as Monitor from "@overdue/engine/Monitor"
   *
   * await using monitor = await Monitor.make()
   * const made = await monitor.ensure({ slug: "backup", cron: "15 5 * * *", zone: "Europe/Riga" })
   * const changed = await monitor.ensure({ slug: "backup", grace: "30 minutes" })
   * console.log(changed.id === made.id, changed.policy.schedule.kind, changed.policy.grace) // → true cron 1800000
   * ```
   */
  async ensure(input: PlanInput.PlanInput & { readonly slug: string }): Promise<Check> {
    const created = await this.#run(
      Create.run({
        project: this.project.id,
        match: { slug: input.slug },
        plan: (existing) =>
          existing === undefined
            ? PlanInput.plan(this.#withChannels({ name: input.slug, ...input }))
            : PlanInput.plan(input, existing),
      }),
    )
    return created.check
  }

  /** Changes the given fields. Rejects with `PlanInvalid` or `CheckNotFound`. */
  update(id: string, input: PlanInput.PlanInput): Promise<Check> {
    return this.#run(
      Update.run({ project: this.project.id, id, plan: (existing) => PlanInput.plan(input, existing) }),
    )
  }

  /**
   * Signals that the job has succeeded.
   *
   * This and the other signals resolve once they are durable, and reject with `CheckNotFound`, `SignalInvalid` or
   * `StoreError`.
   */
  success(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "success", options)
  }

  /** Signals that the job has started. */
  start(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "start", options)
  }

  /** Signals that the job has failed. */
  fail(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "fail", options)
  }

  /** Logs a message that changes nothing. */
  log(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "log", options)
  }

  /**
   * Runs a job and signals its start and its success or, when it throws or rejects, its failure with the stack as body.
   * Returns what the job returns, and rejects as it does.
   *
   * @example
   * ```ts
   * import * as Monitor from "@overdue/engine/Monitor"
   *
   * await using monitor = await Monitor.make()
   * const check = await monitor.ensure({ slug: "backup", every: "1 day", maxRuntime: "2 hours" })
   * const copied = await monitor.wrap(check.id, async () => 42)
   * const [finish, start] = await monitor.pings(check.id)
   * console.log(copied, start?.kind, finish?.kind) // → 42 start success
   * ```
   */
  async wrap<A>(id: string, job: () => A | Promise<A>): Promise<A> {
    const rid = crypto.randomUUID()
    await this.start(id, { rid })
    try {
      const result = await job()
      await this.success(id, { rid })
      return result
    } catch (error) {
      await this.fail(id, {
        rid,
        body: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
      throw error
    }
  }

  /** Pauses a check: no signal is expected until it is resumed or, by default, until its next signal. */
  pause(id: string): Promise<Check> {
    return this.#run(Pause.run({ project: this.project.id, id }))
  }

  /** Resumes a check, which is then as a new one. Rejects with `CheckNotPaused` when it is not paused. */
  resume(id: string): Promise<Check> {
    return this.#run(Resume.run({ project: this.project.id, id }))
  }

  /** Deletes a check with its log, and returns it as it was. */
  delete(id: string): Promise<Check> {
    return this.#run(Delete.run({ project: this.project.id, id }))
  }

  /**
   * Returns a check of this monitor's project. This and every other method with an id reject with `CheckNotFound` when
   * there is none.
   */
  check(id: string): Promise<Check> {
    return this.#run(this.#own(id))
  }

  /** Returns the checks of this monitor's project, in order of creation. */
  checks(filter: Store.ChecksFilter = {}): Promise<readonly Check[]> {
    return this.#run(Checks.list(this.project.id, filter))
  }

  /** Returns the status to show at this moment. */
  async status(id: string): Promise<ShownStatus> {
    return this.#run(
      Effect.gen({ self: this }, function* () {
        const check = yield* this.#own(id)
        return Shown.statusAt(check, yield* Clock.currentTimeMillis, yield* Checks.blind)
      }),
    )
  }

  /** Returns logged pings, newest first: as many as the project keeps, and at most `limit`. */
  pings(id: string, limit = 100): Promise<readonly Pings.Listed[]> {
    return this.#run(Effect.flatMap(this.#own(id), (check) => Pings.list(check, limit)))
  }

  /** Returns the flips that are kept, newest first. */
  flips(id: string): Promise<readonly Flip[]> {
    return this.#run(Effect.flatMap(this.#own(id), (check) => Flips.list(check.id)))
  }

  /**
   * Returns the report of a window: up, down, paused and unknown time, outages, runs. Rejects with `PlanInvalid` when
   * the window is empty.
   */
  statistics(id: string, window: WindowInput.WindowInput = {}): Promise<Report> {
    return this.#run(
      Effect.gen({ self: this }, function* () {
        const check = yield* this.#own(id)
        const given = WindowInput.parse(window, yield* Clock.currentTimeMillis)
        return yield* Statistics.over(check, yield* Effect.fromResult(given))
      }),
    )
  }

  /** Returns a report for each unit of the calendar, the oldest first. `zone` is by default UTC. */
  statisticsBy(
    id: string,
    unit: Unit,
    window: WindowInput.WindowInput & { readonly zone?: string } = {},
  ): Promise<readonly Report[]> {
    return this.#run(
      Effect.gen({ self: this }, function* () {
        const check = yield* this.#own(id)
        const zone = yield* Effect.fromResult(WindowInput.zone(window.zone))
        const given = WindowInput.parse(window, yield* Clock.currentTimeMillis)
        return yield* Statistics.by(check, yield* Effect.fromResult(given), { unit, zone })
      }),
    )
  }

  /**
   * Returns what a changed plan (`b`) would have made of the pings that are kept, beside what the check's own policy
   * (`a`) makes of them. Changes nothing. Rejects with `PlanInvalid`.
   */
  replay(id: string, input: PlanInput.PlanInput): Promise<Comparison> {
    return this.#run(
      Effect.gen({ self: this }, function* () {
        const check = yield* this.#own(id)
        const { policy } = yield* Effect.fromResult(PlanInput.plan(input, check))
        return yield* Replay.compare(check, policy)
      }),
    )
  }

  /**
   * Returns a grace and a maximum runtime that would have raised no false alarm, with the evidence, and a guess of the
   * schedule. `quantile` is the share of signals that may come without an alarm, 0 to 1, by default 1; `zone` is the
   * time zone for a guessed cron line, by default the check's.
   */
  advise(
    id: string,
    options: { readonly quantile?: number; readonly zone?: string } = {},
  ): Promise<Replay.Advised> {
    return this.#run(
      Effect.gen({ self: this }, function* () {
        const check = yield* this.#own(id)
        const { zone, ...rest } = options
        return yield* Replay.advise(check, {
          ...rest,
          ...(zone === undefined ? {} : { zone: yield* Effect.fromResult(WindowInput.zone(zone)) }),
        })
      }),
    )
  }

  /** Creates a channel. Rejects with `ChannelInvalid`. */
  createChannel(input: Omit<ChannelCommands.NewChannel, "project">): Promise<Channel> {
    return this.#run(ChannelCommands.create({ ...input, project: this.project.id }))
  }

  /**
   * Stops the engine: commits the signals that have arrived, settles the deliveries that are being sent, and closes the
   * store.
   */
  close(): Promise<void> {
    return this.runtime.dispose()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #withChannels(input: PlanInput.PlanInput): PlanInput.PlanInput {
    return { channels: this.#channels, ...input }
  }

  #own(id: string): Effect.Effect<Check, CheckNotFound | Store.StoreError, Engine.Services> {
    return Effect.catchTag(Checks.get(this.project.id, id), "CheckForbidden", () =>
      Effect.fail(new CheckNotFound({ check: id })),
    )
  }

  #signal(id: string, action: Action, options: PingOptions): Promise<Receive.Receipt> {
    return this.#run(
      Effect.gen(function* () {
        const receive = yield* Receive.Receive
        const { pingBodyLimit } = yield* Settings.Settings
        return yield* receive.receive(yield* Effect.fromResult(arrival(id, action, options, pingBodyLimit)))
      }),
    )
  }

  async #run<A, E>(effect: Effect.Effect<A, E, Engine.Services>): Promise<A> {
    const exit = await this.runtime.runPromiseExit(effect)
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }
}
