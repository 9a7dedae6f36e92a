/** The services of an engine as one layer: with its loops running, or still, so that nothing happens by itself. */
import type { Bell } from "@overdue/core/Bell"
import type { Notifier } from "@overdue/core/Notifier"
import type { Store, StoreError } from "@overdue/core/Store"
import * as Layer from "effect/Layer"
import * as Awake from "./Awake.ts"
import * as Receive from "./commands/Receive.ts"
import * as LocalBell from "./LocalBell.ts"
import * as Outbox from "./Outbox.ts"
import * as Retention from "./Retention.ts"
import * as Settings from "./Settings.ts"
import * as Sweeper from "./Sweeper.ts"
import * as Trouble from "./Trouble.ts"

/** Everything that an engine offers to the doors built on it. */
export type Services = Store | Notifier | Receive.Receive | Awake.Awake | Bell | Trouble.Trouble

/** What an engine is made of. */
export interface Ingredients {
  /** May bring a `Bell` of its own; without one, the engine rings within this process. */
  readonly store: Layer.Layer<Store, StoreError>
  readonly notifiers: Layer.Layer<Notifier>
  readonly settings?: Partial<Settings.Settings> | undefined
}

/** The services of an engine that sweeps, delivers and prunes for as long as the layer lives. */
export const layer = (ingredients: Ingredients): Layer.Layer<Services, StoreError> =>
  Layer.mergeAll(Sweeper.layer, Outbox.layer, Retention.layer).pipe(
    Layer.provideMerge(still(ingredients)),
    Layer.provideMerge(settingsLayer(ingredients)),
  )

/** The same services without the loops: deadlines pass and deliveries wait until somebody settles and sends them. */
export const still = (ingredients: Ingredients): Layer.Layer<Services, StoreError> =>
  Receive.layer.pipe(
    Layer.provideMerge(Layer.mergeAll(Awake.layer, LocalBell.layer, Trouble.layer)),
    Layer.provideMerge(Layer.merge(ingredients.store, ingredients.notifiers)),
    Layer.provideMerge(settingsLayer(ingredients)),
  )

const settingsLayer = ({ settings }: Ingredients): Layer.Layer<never> =>
  Layer.succeed(Settings.Settings, Object.assign({}, Settings.defaults, settings))
