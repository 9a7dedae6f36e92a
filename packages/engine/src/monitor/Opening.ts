/** Opening a monitor: its options, and the engine, the project and the channel that it begins with. */
import type { Alert } from "@overdue/core/Alert"
import type * as Notifier from "@overdue/core/Notifier"
import type { Project } from "@overdue/core/Project"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as References from "effect/References"
import * as CallbackNotifier from "../CallbackNotifier.ts"
import * as ChannelCommands from "../commands/Channels.ts"
import * as Projects from "../commands/Projects.ts"
import * as Engine from "../Engine.ts"
import * as MemoryStore from "../MemoryStore.ts"
import * as Omitted from "../Omitted.ts"
import type * as Settings from "../Settings.ts"
import * as SteadyClock from "../SteadyClock.ts"
import type * as Wrap from "./Wrap.ts"

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
  /**
   * Called with each signal of `wrap` that could not be stored, and with each that is lost. By default, the log says so.
   * What it throws is ignored.
   */
  readonly onTrouble?: Wrap.OnTrouble
  /** The prober that asks for checks with a probe (`@overdue/probes`); by default nobody does. */
  readonly probes?: Layer.Layer<never, never, Engine.Services>
  /** Settings that differ from `Settings.defaults`. */
  readonly settings?: Partial<Settings.Settings>
  /** Name of the project in which this monitor's checks are; by default `default`. Created when it does not exist. */
  readonly project?: string
}

/** A running engine, and a function that runs effects with its services. */
export type Runtime = ManagedRuntime.ManagedRuntime<Engine.Services, Store.StoreError>

/** What a monitor finds in its store, or creates there, when it is opened. */
export interface Started {
  readonly project: Project
  /** Ids of the channels that a new check tells, unless it names its own. */
  readonly channels: readonly string[]
  readonly now: () => Instant
}

/**
 * Starts the engine, which logs warnings and errors only: its host has news of its own. Rejects with a `StoreError`, and
 * leaves nothing running, when the store cannot be opened.
 */
export const open = async (
  options: Options,
): Promise<{ readonly runtime: Runtime; readonly started: Started }> => {
  const notifiers = options.notifiers ?? CallbackNotifier.none
  const engine = Engine.layer({
    store: options.store ?? MemoryStore.layer,
    notifiers: options.onAlert === undefined ? notifiers : CallbackNotifier.layer(options.onAlert, notifiers),
    settings: options.settings,
  })
  const runtime = ManagedRuntime.make(
    (options.probes ?? Layer.empty).pipe(
      Layer.provideMerge(engine),
      Layer.provideMerge(Layer.succeed(References.MinimumLogLevel, "Warn")),
    ),
  )
  try {
    const started = await runtime.runPromise(
      start(options.project ?? "default", options.onAlert !== undefined),
    )
    return { runtime, started }
  } catch (error) {
    await runtime.dispose()
    throw error
  }
}

const start = Effect.fnUntraced(function* (name: string, hasCallback: boolean) {
  const store = yield* Store.Store
  const { found, damaged } = yield* Omitted.of(store.projects)
  const project = found.find((existing) => existing.name === name)
  // The one that is meant is the damaged one most likely, and another would be its double.
  if (project === undefined && damaged[0] !== undefined) return yield* damaged[0]
  const owner = project ?? (yield* Projects.create({ name }))
  const { nowUnsafe: now } = yield* SteadyClock.SteadyClock
  if (!hasCallback) return { project: owner, channels: [], now } satisfies Started
  const channels = yield* store.channels(owner.id)
  const channel =
    channels.find(({ kind }) => kind === CallbackNotifier.kind) ??
    (yield* ChannelCommands.create({
      project: owner.id,
      name: CallbackNotifier.kind,
      kind: CallbackNotifier.kind,
      value: {},
    }))
  return { project: owner, channels: [channel.id], now } satisfies Started
})
