/** The store in one SQLite file: the default, with nothing to install or to run beside it. */
import { Store, type StoreError } from "@overdue/core/Store"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Flavour } from "./Flavour.ts"
import * as Migrator from "./Migrator.ts"
import * as Row from "./Row.ts"
import * as SqlStore from "./SqlStore.ts"
import * as Driver from "./sqlite/Driver.ts"
import { place } from "./sqlite/Failure.ts"

/** SQLite's flavour of SQL. A transaction that writes has the whole database, so nothing else needs a lock. */
export const flavour: Flavour = {
  types: {
    key: "INTEGER PRIMARY KEY",
    integer: "INTEGER",
    text: "TEXT",
    bytes: "BLOB",
    table: " STRICT",
  },
  lock: () => "",
  nextKeys: (connection, table, count) =>
    Effect.map(
      Row.first(connection, `SELECT max(key) FROM ${table}`, [], ([max]) => Row.optional(Row.integer, max)),
      (max = 0) => Array.from({ length: count }, (_, index) => max + 1 + index),
    ),
  exclusively: () => Effect.void,
}

/**
 * Opens a file, or makes it, and brings it to the newest schema. `:memory:` lives as long as the layer. `patience` is
 * how long to wait for another process that writes to the same file, by default five seconds.
 */
export const layer = (options: {
  readonly filename: string
  readonly patience?: Span
}): Layer.Layer<Store, StoreError> =>
  Layer.effect(
    Store,
    Effect.gen(function* () {
      const { filename, patience = 5 * second } = options
      const database = yield* Driver.open({ filename, patience })
      yield* Migrator.migrate({ database, flavour, place: place(filename) })
      return SqlStore.make(database, flavour)
    }),
  )
