import type { Database } from "@overdue/storage/Connection"
import * as Migrator from "@overdue/storage/Migrator"
import * as Migrations from "@overdue/storage/migrations/index"
import * as Driver from "@overdue/storage/sqlite/Driver"
import { flavour } from "@overdue/storage/sqlite/Flavour"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Files from "./Files.ts"

const using = <A, E>(use: (database: Database) => Effect.Effect<A, E>, filename = ":memory:"): Promise<A> =>
  Effect.runPromise(Effect.scoped(Effect.flatMap(Driver.open({ filename, patience: 1000 }), use)))

const target = (database: Database) => ({ database, flavour, place: "The database x" })

const migrate = (database: Database, ...migrations: readonly Migrations.Migration[]) =>
  Migrator.migrate(target(database), migrations)

const recorded = (database: Database) =>
  database.query("SELECT version, name FROM migrations ORDER BY version")

const first = { version: 1, name: "first", statements: () => ["CREATE TABLE a (n INTEGER)"] }
const second = { version: 2, name: "second", statements: () => ["ALTER TABLE a ADD COLUMN m INTEGER"] }
const broken = {
  version: 2,
  name: "broken",
  statements: () => ["CREATE TABLE b (n INTEGER)", "CREATE TABLE a (n INTEGER)"],
}

describe("migrations", () => {
  it("count from 1 without gaps", () => {
    expect(Migrations.all.map(({ version }) => version)).toEqual(Migrations.all.map((_, index) => index + 1))
  })

  it("are recorded by number and name", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* Migrator.migrate(target(database))
        expect(yield* recorded(database)).toEqual(Migrations.all.map(({ version, name }) => [version, name]))
      }),
    ))

  it("run once, and those that are new run later", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* migrate(database, first)
        yield* migrate(database, first)
        yield* migrate(database, first, second)
        yield* migrate(database, first, second)
        expect(yield* recorded(database)).toEqual([
          [1, "first"],
          [2, "second"],
        ])
        expect(yield* database.execute("INSERT INTO a (n, m) VALUES (1, 2)")).toBe(1)
      }),
    ))

  it("leave the database as it was when one of them fails", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* migrate(database, first)
        const error = yield* Effect.flip(migrate(database, first, broken))
        expect(error.reason).toBe("failed")
        expect(yield* recorded(database)).toEqual([[1, "first"]])
        expect(yield* database.query("SELECT name FROM sqlite_schema WHERE name = 'b'")).toEqual([])
      }),
    ))

  it("refuse a database that knows more of them", () =>
    using((database) =>
      Effect.gen(function* () {
        yield* migrate(database, first, second)
        const error = yield* Effect.flip(migrate(database, first))
        expect(error).toMatchObject({ reason: "newer", permanent: true })
        expect(error.detail).toBe(
          "The database x has schema version 2, and this version of Overdue knows versions up to 1. " +
            "Start the version of Overdue that last used it, or a newer one, or restore a backup from before the upgrade.",
        )
      }),
    ))

  it("run once when two programs start at once", async () => {
    const filename = Files.fresh()
    const start = using((database) => Migrator.migrate(target(database)), filename)
    const other = using((database) => Migrator.migrate(target(database)), filename)
    await Promise.all([start, other])
    await using(
      (database) =>
        Effect.gen(function* () {
          expect(yield* recorded(database)).toHaveLength(Migrations.all.length)
        }),
      filename,
    )
  })
})
