/**
 * The engine for people without Effect: promises, plain errors, `await using`.
 *
 * A layer is an opaque ingredient here: `store: Sqlite.layer({ filename })`.
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

export interface Options {
  /** Where checks live. Without it they live in memory, and are gone with the process. */
  readonly store?: Layer.Layer<Store.Store, Store.StoreError>
  /** Where alerts can go besides `onAlert`. */
  readonly notifiers?: Layer.Layer<Notifier.Notifier>
  /**
   * Told of every check that goes down or comes up again, at least once; when it throws or rejects it is told again
   * later, after a restart too.
   */
  readonly onAlert?: (alert: Alert) => void | Promise<void>
  readonly settings?: Partial<Settings.Settings>
  /** Name of the project that the checks of this monitor belong to. */
  readonly project?: string
}

/** Starts an engine. Rejects with a `StoreError` when its store cannot be opened. */
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
  /** Ids of the channels that a new check tells unless it names its own. */
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

/** A running engine. Close it, or hold it with `await using`. */
export class Monitor implements AsyncDisposable {
  readonly runtime: ManagedRuntime.ManagedRuntime<Engine.Services, Store.StoreError>
  readonly project: Project
  readonly #channels: readonly string[]

  constructor(runtime: ManagedRuntime.ManagedRuntime<Engine.Services, Store.StoreError>, started: Started) {
    this.runtime = runtime
    this.project = started.project
    this.#channels = started.channels
  }

  /** Creates a check. Rejects with `PlanInvalid`, naming the field, or `CheckLimitReached`. */
  async create(input: PlanInput.PlanInput): Promise<Check> {
    const created = await this.#run(
      Create.run({ project: this.project.id, plan: () => PlanInput.plan(this.#withChannels(input)) }),
    )
    return created.check
  }

  /** Creates the check with this slug, or makes the existing one what is asked for. Fit to be run at every start. */
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

  /** The job has finished well. Resolves once that is durable, and so do the other signals. */
  success(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "success", options)
  }

  /** The job has started. */
  start(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "start", options)
  }

  /** The job has failed. */
  fail(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "fail", options)
  }

  /** Something to remember that changes nothing. */
  log(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.#signal(id, "log", options)
  }

  /** Runs a job between a start and a success, or a failure when it throws, which it then does here, too. */
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

  pause(id: string): Promise<Check> {
    return this.#run(Effect.andThen(this.#own(id), Pause.run(id)))
  }

  /** Rejects with `CheckNotPaused` when it is not paused. */
  resume(id: string): Promise<Check> {
    return this.#run(Effect.andThen(this.#own(id), Resume.run(id)))
  }

  /** Gives the check as it was. */
  delete(id: string): Promise<Check> {
    return this.#run(Effect.andThen(this.#own(id), Delete.run(id)))
  }

  check(id: string): Promise<Check> {
    return this.#run(this.#own(id))
  }

  /** In order of creation. */
  checks(filter: Store.ChecksFilter = {}): Promise<readonly Check[]> {
    return this.#run(Checks.list(this.project.id, filter))
  }

  /** What to show of a check at this moment. */
  async status(id: string): Promise<ShownStatus> {
    return this.#run(
      Effect.gen({ self: this }, function* () {
        const check = yield* this.#own(id)
        return Shown.statusAt(check, yield* Clock.currentTimeMillis, yield* Checks.blind)
      }),
    )
  }

  /** The logged pings, newest first. */
  pings(id: string, limit = 100): Promise<readonly Pings.Listed[]> {
    return this.#run(Effect.flatMap(this.#own(id), (check) => Pings.list(check, limit)))
  }

  /** The flips, newest first. */
  flips(id: string): Promise<readonly Flip[]> {
    return this.#run(Effect.flatMap(this.#own(id), (check) => Flips.list(check.id)))
  }

  /**
   * What the check was like in a window: up, down, paused and unknown time, outages, runs. Rejects with `PlanInvalid`
   * when the window is none.
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

  /** The same for each unit of the calendar in a zone, UTC unless given, the oldest first. */
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
   * What a changed plan would have made of the pings that are kept: the check's own policy is `a`, the changed one `b`.
   * Changes nothing. Rejects with `PlanInvalid`.
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
   * A grace and a maximum runtime that would have raised no false alarm, with the evidence, and what the schedule may
   * be. `quantile` is the share of signals that pass without an alarm, 0 to 1, by default all; `zone` is where the
   * guessed schedule is written, by default the check's.
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

  /** Adds a place to tell. Rejects with `ChannelInvalid`. */
  createChannel(input: Omit<ChannelCommands.NewChannel, "project">): Promise<Channel> {
    return this.#run(ChannelCommands.create({ ...input, project: this.project.id }))
  }

  /** Stops the engine: what has arrived is committed, what is being sent is settled, the store is closed. */
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
