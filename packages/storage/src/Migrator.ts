/** Brings a database to the newest schema, forwards only, and refuses one that is newer than this program. */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Database } from "./Connection.ts"
import type { Dialect } from "./Dialect.ts"
import * as Migrations from "./migrations/index.ts"
import * as Row from "./Row.ts"

/**
 * Runs what has not run yet, all or nothing: two programs that start at once do not run anything twice. `place` names
 * the database in errors.
 */
export const migrate = Effect.fnUntraced(function* (
  database: Database,
  { types }: Dialect,
  place: string,
  migrations: readonly Migrations.Migration[] = Migrations.all,
) {
  const newest = migrations.at(-1)?.version ?? 0
  yield* database.transaction(
    Effect.fnUntraced(function* (connection) {
      yield* connection.execute(
        `CREATE TABLE IF NOT EXISTS migrations (version ${types.integer} NOT NULL PRIMARY KEY, name ${types.text} NOT NULL)${types.table}`,
      )
      const found = yield* Row.first(connection, "SELECT max(version) FROM migrations", [], ([max]) =>
        Row.optional(Row.integer, max),
      )
      const current = found ?? 0
      if (current > newest) return yield* Effect.fail(newer(place, current, newest))
      for (const { version, name, statements } of migrations) {
        if (version <= current) continue
        for (const statement of statements(types)) yield* connection.execute(statement)
        yield* connection.execute("INSERT INTO migrations (version, name) VALUES (?, ?)", [[version, name]])
      }
      return undefined
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
