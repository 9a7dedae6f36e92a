/**
 * The engine for programs without Effect: promises, plain errors, `await using`.
 *
 * A layer is an ingredient that need not be understood: `store: Sqlite.layer({ filename })`.
 */
import type { Unit } from "@overdue/core/Calendar"
import type { Channel } from "@overdue/core/Channel"
import type { Check, ShownStatus } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import type { Project } from "@overdue/core/Project"
import type { Comparison } from "@overdue/core/Replay"
import type { Action } from "@overdue/core/Signal"
import type { Report } from "@overdue/core/Statistics"
import type * as Store from "@overdue/core/Store"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { CheckNotFound } from "./CommandError.ts"
import * as ChannelCommands from "./commands/Channels.ts"
import * as Create from "./commands/Create.ts"
import * as Delete from "./commands/Delete.ts"
import * as Pause from "./commands/Pause.ts"
import * as Receive from "./commands/Receive.ts"
import * as Resume from "./commands/Resume.ts"
import * as Update from "./commands/Update.ts"
import type * as Engine from "./Engine.ts"
import * as Opening from "./monitor/Opening.ts"
import { arrival, type PingOptions } from "./monitor/PingOptions.ts"
import * as Queries from "./monitor/Queries.ts"
import type * as WindowInput from "./monitor/WindowInput.ts"
import * as Wrap from "./monitor/Wrap.ts"
import * as PlanInput from "./PlanInput.ts"
import * as Checks from "./queries/Checks.ts"
import * as Flips from "./queries/Flips.ts"
import * as Pings from "./queries/Pings.ts"
import type * as Replay from "./queries/Replay.ts"
import * as Settings from "./Settings.ts"

export type { Options } from "./monitor/Opening.ts"

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
export const make = async (options: Opening.Options = {}): Promise<Monitor> => {
  const { runtime, started } = await Opening.open(options)
  return new Monitor(runtime, started)
}

/** A running engine, with the checks of one project. Must be closed, which `await using` does. */
export class Monitor implements AsyncDisposable {
  /** Runs effects with the services of the engine: for programs that use Effect, and for servers. */
  readonly runtime: Opening.Runtime
  readonly project: Project
  readonly #channels: readonly string[]

  constructor(runtime: Opening.Runtime, started: Opening.Started) {
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
  wrap<A>(id: string, job: () => A | Promise<A>): Promise<A> {
    return Wrap.run(this, id, job)
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
  status(id: string): Promise<ShownStatus> {
    return this.#ask(id, Queries.status)
  }

  /** Returns logged pings, newest first: as many as the project keeps, and at most `limit`. */
  pings(id: string, limit = 100): Promise<readonly Pings.Listed[]> {
    return this.#ask(id, (check) => Pings.list(check, limit))
  }

  /** Returns the flips that are kept, newest first. */
  flips(id: string): Promise<readonly Flip[]> {
    return this.#ask(id, (check) => Flips.list(check.id))
  }

  /**
   * Returns the report of a window: up, down, paused and unknown time, outages, runs. Rejects with `PlanInvalid` when
   * the window is empty.
   */
  statistics(id: string, window: WindowInput.WindowInput = {}): Promise<Report> {
    return this.#ask(id, (check) => Queries.statistics(check, window))
  }

  /** Returns a report for each unit of the calendar in the window's zone, the oldest first. */
  statisticsBy(id: string, unit: Unit, window: WindowInput.WindowInput = {}): Promise<readonly Report[]> {
    return this.#ask(id, (check) => Queries.statisticsBy(check, unit, window))
  }

  /**
   * Returns what a changed plan (`b`) would have made of the pings that are kept, beside what the check's own policy
   * (`a`) makes of them. Changes nothing. Rejects with `PlanInvalid`.
   */
  replay(id: string, input: PlanInput.PlanInput): Promise<Comparison> {
    return this.#ask(id, (check) => Queries.replay(check, input))
  }

  /**
   * Returns a grace, how early a signal may be, and a maximum runtime that would have raised no false alarm, with the
   * evidence, and a guess of the schedule. `quantile` is the share of signals that may come without an alarm, 0 to 1, by default 1; `zone` is the
   * time zone for a guessed cron line, by default the check's.
   */
  advise(
    id: string,
    options: { readonly quantile?: number; readonly zone?: string } = {},
  ): Promise<Replay.Advised> {
    return this.#ask(id, (check) => Queries.advise(check, options))
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

  #ask<A, E>(id: string, query: (check: Check) => Effect.Effect<A, E, Engine.Services>): Promise<A> {
    return this.#run(Effect.flatMap(this.#own(id), query))
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
