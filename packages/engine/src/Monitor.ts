/**
 * The engine for programs without Effect: promises, plain errors, `await using`.
 *
 * A layer is an ingredient that need not be understood: `store: Sqlite.layer({ filename })`.
 */
import type { Unit } from "@overdue/core/Calendar"
import type { Channel } from "@overdue/core/Channel"
import type { Check, ShownStatus } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import type { Remark } from "@overdue/core/Policy"
import type { Project } from "@overdue/core/Project"
import type { Comparison } from "@overdue/core/Replay"
import type { Action } from "@overdue/core/Signal"
import type { Report } from "@overdue/core/Statistics"
import type * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
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
import * as Silence from "./commands/Silence.ts"
import type { Subject } from "./commands/Subject.ts"
import * as Update from "./commands/Update.ts"
import type * as Engine from "./Engine.ts"
import * as Asked from "./monitor/Asked.ts"
import * as Ensure from "./monitor/Ensure.ts"
import * as Opening from "./monitor/Opening.ts"
import { arrival, type PingOptions } from "./monitor/PingOptions.ts"
import * as Queries from "./monitor/Queries.ts"
import { Signals } from "./monitor/Signals.ts"
import * as SilenceInput from "./monitor/SilenceInput.ts"
import type * as WindowInput from "./monitor/WindowInput.ts"
import * as Wrap from "./monitor/Wrap.ts"
import * as Wrapping from "./monitor/Wrapping.ts"
import * as PlanInput from "./PlanInput.ts"
import * as Checks from "./queries/Checks.ts"
import * as Flips from "./queries/Flips.ts"
import * as Pings from "./queries/Pings.ts"
import type * as Replay from "./queries/Replay.ts"
import * as Settings from "./Settings.ts"

export type { Options } from "./monitor/Opening.ts"
export type { OnTrouble, Trouble, WrapOptions } from "./monitor/Wrap.ts"

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
  return new Monitor(runtime, started, options.onTrouble)
}

/** A running engine, with the checks of one project. Must be closed, which `await using` does. */
export class Monitor extends Signals implements AsyncDisposable {
  /** Runs effects with the services of the engine: for programs that use Effect, and for servers. */
  readonly runtime: Opening.Runtime
  readonly project: Project
  readonly #channels: readonly string[]

  protected readonly wraps: Wrap.Wraps

  constructor(runtime: Opening.Runtime, started: Opening.Started, onTrouble?: Wrap.OnTrouble) {
    super()
    this.runtime = runtime
    this.project = started.project
    this.#channels = started.channels
    this.wraps = new Wrap.Wraps(Wrapping.world(runtime, started.now, onTrouble))
  }

  /** Creates a check. Rejects with `PlanInvalid`, which names the field, or `CheckLimitReached`. */
  async create(input: PlanInput.PlanInput): Promise<Check> {
    const created = await this.#run(
      Create.run({
        project: this.project.id,
        plan: (_, channels) => PlanInput.birth(input, { channels: this.#channels }, channels),
      }),
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
    const ensured = Ensure.run({ project: this.project.id, input, channels: this.#channels })
    return (await this.#run(ensured)).check
  }

  /**
   * Changes the given fields. When the schedule or its zone changes, or with `restart`, the check is expected as if its
   * last signal had come now. Rejects with `PlanInvalid` or `CheckNotFound`.
   */
  update(
    id: string,
    input: PlanInput.PlanInput,
    options: { readonly restart?: boolean } = {},
  ): Promise<Check> {
    const plan = (existing: Check, channels: readonly Channel[]) => PlanInput.plan(input, existing, channels)
    return this.#on(id, (subject) =>
      Effect.flatMap(Asked.restart(options), (restart) =>
        Update.run({ ...subject, from: restart ? "now" : undefined, plan }),
      ),
    )
  }

  /**
   * Returns what a check probably does not mean, such as a grace longer than its period; creating and changing it
   * accept that in silence.
   */
  remarks(id: string): Promise<readonly Remark[]> {
    return this.#ask(id, Queries.remarks)
  }

  /** Pauses a check: no signal is expected until it is resumed or, by default, until its next signal. */
  pause(id: string): Promise<Check> {
    return this.#on(id, Pause.run)
  }

  /** Resumes a check, which is then as a new one. Rejects with `CheckNotPaused` when it is not paused. */
  resume(id: string): Promise<Check> {
    return this.#on(id, Resume.run)
  }

  /**
   * Silences checks, and returns them: everything is expected and recorded as before, and what is still down when the
   * silence ends is told then. Returns none when no check has the tag. Rejects with `PlanInvalid` when the silence would
   * end by now (`endSilence` is for that) or in more than a year, and when it is not clear which checks are meant.
   *
   * @example
   * ```ts
   * import * as Monitor from "@overdue/engine/Monitor"
   *
   * await using monitor = await Monitor.make()
   * await monitor.ensure({ slug: "backup", tags: "db" })
   * const [check] = await monitor.silence({ tag: "db" }, { for: "2 hours" })
   * console.log(check?.details.slug, check?.state.silencedUntil !== undefined) // → backup true
   * ```
   */
  async silence(which: Silence.Which, length: SilenceInput.SilenceInput): Promise<readonly Check[]> {
    return this.#run(Effect.flatMap(SilenceInput.until(length), (until) => this.#silence(which, until)))
  }

  /** Ends the silence of checks, and returns them. Rejects with `PlanInvalid` when it is not clear which are meant. */
  endSilence(which: Silence.Which): Promise<readonly Check[]> {
    return this.#run(this.#silence(which, undefined))
  }

  /** Deletes a check with its log, and returns it as it was; `undefined` when its record is damaged. */
  delete(id: string): Promise<Check | undefined> {
    return this.#on(id, Delete.run)
  }

  /**
   * Returns a check of this monitor's project. This and every other method with an id reject with `CheckNotFound` when
   * there is none.
   */
  check(id: string): Promise<Check> {
    return this.#on(id, (subject) => this.#own(subject))
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
   * evidence, and a guess of the schedule. `quantile` is the share of signals that may come without an alarm, 0 to 1, by
   * default 1; `zone` is the time zone for a guessed cron line, by default the check's.
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
   * Stops the engine: tries the signals of `wrap` that wait once more, for at most 5 seconds, commits the signals that
   * have arrived, settles the deliveries that are being sent, and closes the store.
   */
  async close(): Promise<void> {
    await this.wraps.close()
    await this.runtime.dispose()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #silence(which: Silence.Which, until: Instant | undefined) {
    return Effect.flatMap(SilenceInput.which(which), (which) =>
      Silence.run({ project: this.project.id, which, until }),
    )
  }

  #on<A, E>(id: string, command: (subject: Subject) => Effect.Effect<A, E, Engine.Services>): Promise<A> {
    return this.#run(Effect.flatMap(Asked.id(id), (id) => command({ project: this.project.id, id })))
  }

  #own({ project, id }: Subject): Effect.Effect<Check, CheckNotFound | Store.StoreError, Engine.Services> {
    return Effect.catchTag(Checks.get(project, id), "CheckForbidden", () =>
      Effect.fail(new CheckNotFound({ check: id })),
    )
  }

  #ask<A, E>(id: string, query: (check: Check) => Effect.Effect<A, E, Engine.Services>): Promise<A> {
    return this.#on(id, (subject) => Effect.flatMap(this.#own(subject), query))
  }

  protected signal(id: string, action: Action, options: PingOptions): Promise<Receive.Receipt> {
    return this.#on(
      id,
      Effect.fnUntraced(function* ({ id }) {
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
