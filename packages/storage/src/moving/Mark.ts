/**
 * The mark that a database carries which was loaded from a dump: while it is being loaded nobody else opens it, and later it
 * says which installation it is of, so that what is new there can be loaded as well.
 */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Connection } from "../Connection.ts"
import * as Row from "../Row.ts"

/** The name of the setting that holds the mark. */
export const setting = "load"

/** The version of the schema from which on there are settings. */
export const since = 6

const Mark = Schema.Struct({
  /** Names the load, of which the last that began goes on. */
  id: Schema.String,
  /** Which installation the dump is of, see `Format.Header`. */
  from: Schema.String,
  isUnderWay: Schema.Boolean,
  /** When the dump was taken. */
  takenAt: Schema.optionalKey(Schema.String),
  /** The last instant at which an engine ran, as the dump has it: afterwards it is another one once a server has run. */
  awakeAt: Schema.NullOr(Schema.Finite),
})

/** A mark. */
export interface Mark extends Schema.Schema.Type<typeof Mark> {}

const document = Row.document(Mark)

/** Returns the mark of a database; `undefined` when it has none. */
export const of = (connection: Connection): Effect.Effect<Mark | undefined, StoreError> =>
  Row.first(connection, "SELECT value FROM settings WHERE name = ?", [setting], ([value]) =>
    document(value, "value"),
  )

/** Gives a database its mark, in a transaction. */
export const put = (connection: Connection, mark: Mark): Effect.Effect<number, StoreError> =>
  connection.execute(
    "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    [[setting, JSON.stringify(mark)]],
  )

/** Fails while a database is being loaded, for whoever does anything else with it. */
export const expectNone = Effect.fnUntraced(function* (connection: Connection, place: string) {
  const found = yield* of(connection)
  if (found?.isUnderWay !== true) return
  yield* new StoreError({
    reason: "failed",
    detail:
      `${place} is being loaded from a dump, or a load of it was cut off, so not all of it is there. ` +
      "Wait until `overdue load` has ended, or run it again with the whole dump.",
  })
})

/** Fails when another load of the database has begun since. To be run in each transaction that writes. */
export const expectOwn = Effect.fnUntraced(function* (connection: Connection, id: string) {
  const found = yield* of(connection)
  if (found?.id === id && found.isUnderWay) return
  yield* new StoreError({
    reason: "failed",
    detail: "another `overdue load` into the same database has begun, and goes on in the place of this one.",
  })
})
