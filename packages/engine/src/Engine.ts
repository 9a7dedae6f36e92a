/** The services of an engine as one layer, with or without its loops. */
import type { Bell } from "@overdue/core/Bell"
import type { Notifier } from "@overdue/core/Notifier"
import type { Store, StoreError } from "@overdue/core/Store"
import * as Layer from "effect/Layer"
import * as Awake from "./Awake.ts"
import * as Gauges from "./Gauges.ts"
import * as Meter from "./Meter.ts"
import * as Receive from "./commands/Receive.ts"
import * as Inspection from "./Inspection.ts"
import * as LogShare from "./LogShare.ts"
import * as LocalBell from "./LocalBell.ts"
import * as Outbox from "./Outbox.ts"
import * as Retention from "./Retention.ts"
import * as Settings from "./Settings.ts"
import * as Standstill from "./Standstill.ts"
import * as SteadyClock from "./SteadyClock.ts"
import * as StoreLog from "./StoreLog.ts"
import * as Sweeper from "./Sweeper.ts"
import * as Trouble from "./Trouble.ts"
import * as TurnedAway from "./TurnedAway.ts"

/** The services that an engine provides. */
export type Services = Store | Notifier | Receive.Receive | Awake.Awake | Bell | Trouble.Trouble

/** What an engine is built from. */
export interface Ingredients {
  /** May also provide a `Bell`, which wakes other nodes; otherwise the engine uses one for this process. */
  readonly store: Layer.Layer<Store, StoreError>
  readonly notifiers: Layer.Layer<Notifier>
  readonly settings?: Partial<Settings.Settings> | undefined
}

/** Returns the layer of an engine that sweeps, delivers, prunes and inspects until the layer is closed. */
export const layer = (ingredients: Ingredients): Layer.Layer<Services, StoreError> =>
  Layer.mergeAll(Sweeper.layer, Outbox.layer, Retention.layer, Inspection.layer, Gauges.layer).pipe(
    Layer.provideMerge(still(ingredients)),
    Layer.provideMerge(settingsLayer(ingredients)),
  )

/**
 * Returns the layer of an engine without loops, in which nothing happens by itself: a caller settles deadlines with
 * `Sweeper.sweep`. For tests, and for programs that only read and run commands.
 */
export const still = (ingredients: Ingredients): Layer.Layer<Services, StoreError> =>
  Receive.layer.pipe(
    Layer.provideMerge(Awake.layer),
    Layer.provideMerge(Standstill.layer),
    Layer.provideMerge(Layer.mergeAll(LocalBell.layer, Trouble.layer, LogShare.layer, TurnedAway.layer)),
    Layer.provideMerge(SteadyClock.layer),
    Layer.provideMerge(Layer.merge(StoreLog.observed(ingredients.store), ingredients.notifiers)),
    Layer.provideMerge(Meter.layer),
    Layer.provideMerge(settingsLayer(ingredients)),
  )

const settingsLayer = ({ settings }: Ingredients): Layer.Layer<never> =>
  Layer.succeed(Settings.Settings, Object.assign({}, Settings.defaults, settings))
