/** The store in one SQLite file: the default, with nothing to install or to run beside it. */
import { Store, type StoreError } from "@overdue/core/Store"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Admit } from "./Admission.ts"
import * as Migrator from "./Migrator.ts"
import * as SqlStore from "./SqlStore.ts"
import * as Driver from "./sqlite/Driver.ts"
import { place } from "./sqlite/Failure.ts"
import { flavour } from "./sqlite/Flavour.ts"

/**
 * Returns the layer of the store in a file, which is made when it does not exist and brought to the newest schema.
 * `:memory:` lives as long as the layer. `patience` is how long to wait for another process that writes to the same file,
 * in milliseconds, by default five seconds.
 */
export const layer = (options: {
  readonly filename: string
  readonly patience?: Span
  /** Decides whether the database may be opened; by default it may. */
  readonly admit?: Admit
}): Layer.Layer<Store, StoreError> =>
  Layer.effect(
    Store,
    Effect.gen(function* () {
      const { filename, patience = 5 * second, admit } = options
      const database = yield* Driver.open({ filename, patience })
      yield* Migrator.migrate({ database, flavour, place: place(filename), admit })
      return SqlStore.make(database, flavour)
    }),
  )
