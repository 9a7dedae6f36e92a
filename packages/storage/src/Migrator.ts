/** Brings a database to the newest schema, forwards only, and refuses one that is newer than this program. */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Admission from "./Admission.ts"
import type { Connection, Database } from "./Connection.ts"
import type { Flavour } from "./Flavour.ts"
import * as Migrations from "./migrations/index.ts"
import * as Mark from "./moving/Mark.ts"
import * as Row from "./Row.ts"

/** A database to bring up to date. */
export interface Target {
  readonly database: Database
  readonly flavour: Flavour
  /** Names the database in errors, at the beginning of a sentence. */
  readonly place: string
  /** Asked last; when it refuses, nothing was changed. By default everybody may open the database. */
  readonly admit?: Admission.Admit | undefined
  /** Decides instead of the usual refusal of a database that is being loaded. */
  readonly entry?: (connection: Connection) => Effect.Effect<unknown, StoreError>
}

/**
 * Runs the migrations that have not run yet, all of them or none, in one transaction: of several programs that start at
 * once, the first runs them and the others find them done. Fails with reason `newer` when the database has run
 * migrations that this program does not know.
 */
export const migrate = Effect.fnUntraced(function* (
  { database, flavour, place, admit, entry }: Target,
  migrations: readonly Migrations.Migration[] = Migrations.all,
) {
  const { types } = flavour
  const newest = migrations.at(-1)?.version ?? 0
  yield* database.transaction(
    Effect.fnUntraced(function* (connection) {
      // First: on PostgreSQL, others may be creating the same tables.
      yield* flavour.exclusively(connection)
      // Asked for, because to create what exists takes a right that to use it does not.
      if ((yield* connection.query(flavour.hasTable, [["migrations"]])).length === 0)
        yield* connection.execute(
          `CREATE TABLE migrations (version ${types.integer} NOT NULL PRIMARY KEY, name ${types.text} NOT NULL)${types.table}`,
        )
      const found = yield* Row.first(connection, "SELECT max(version) FROM migrations", [], ([max]) =>
        Row.optional(Row.integer, max, "version"),
      )
      const current = found ?? 0
      if (current > newest) return yield* Effect.fail(newer(place, current, newest))
      for (const { version, name, statements } of migrations) {
        if (version <= current) continue
        for (const statement of statements(types)) yield* connection.send(statement)
        yield* connection.send("INSERT INTO migrations (version, name) VALUES (?, ?)", [[version, name]])
      }
      if (newest >= Mark.since)
        yield* entry === undefined ? Mark.expectNone(connection, place) : entry(connection)
      return admit === undefined ? undefined : yield* Admission.ask(connection, admit, place)
    }),
  )
})

const newer = (place: string, found: number, known: number): StoreError =>
  new StoreError({
    reason: "newer",
    detail:
      `${place} has schema version ${found}, and this version of Overdue knows versions up to ${known}. ` +
      "Start the version of Overdue that last used it, or a newer one, or restore a backup from before the upgrade.",
  })
