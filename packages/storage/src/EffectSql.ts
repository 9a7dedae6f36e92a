/** The store over the SqlClient of an Effect application: its pool, its transactions and its spans. */
import { Store, StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { BeginTransaction, SqlClient } from "effect/sql/SqlClient"
import type { Connection as SqlConnection } from "effect/sql/SqlConnection"
import type { SqlError } from "effect/sql/SqlError"
import type { Database, Row, Statement, Transaction } from "./Connection.ts"
import * as Many from "./Many.ts"
import * as Migrator from "./Migrator.ts"
import * as SqlStore from "./SqlStore.ts"
import * as Postgres from "./postgres/Flavour.ts"
import * as Spelling from "./postgres/Spelling.ts"
import * as Sqlite from "./sqlite/Flavour.ts"

/**
 * The store in the SQLite or PostgreSQL database of the application's SqlClient, brought to the newest schema. A unit of work
 * inside a transaction of the application is part of it, and is durable when that commits; how durable is for the client's
 * settings to say (`PRAGMA synchronous`, `synchronous_commit`). Fails when the client speaks another dialect, or is one of
 * SQLite that does not check foreign keys.
 */
export const layer: Layer.Layer<Store, StoreError, SqlClient> = Layer.effect(
  Store,
  Effect.gen(function* () {
    const client = yield* SqlClient
    const flavour = client.onDialectOrElse({
      sqlite: () => Sqlite.flavour,
      pg: () => Postgres.flavour,
      orElse: () => undefined,
    })
    if (flavour === undefined)
      return yield* refuse("is neither SQLite nor PostgreSQL. Provide the SqlClient of one of them.")
    const database = make(client)
    if (flavour === Sqlite.flavour) {
      const [[isChecking] = []] = yield* database.query("PRAGMA foreign_keys")
      if (isChecking !== 1) return yield* refuse("does not check foreign keys. Run PRAGMA foreign_keys = ON.")
    }
    yield* Migrator.migrate({ database, flavour, place: "The database of the SqlClient" })
    return SqlStore.make(database, flavour)
  }),
)

/** Returns the database that a client has connections to. */
export const make = (client: SqlClient): Database => {
  const spell = client.onDialectOrElse({ pg: () => Spelling.spell, orElse: () => questioned })
  const begin = beginning(client)
  const transaction: Database["transaction"] = (unit) =>
    Effect.suspend(() => {
      let isDecided = false
      const decided = Effect.flatMap(Effect.serviceOption(client.transactionService), (running) =>
        Effect.tap(unit(overConnection(Option.getOrThrow(running)[0], spell)), () =>
          Effect.sync(() => (isDecided = true)),
        ),
      )
      return client.withTransaction(decided).pipe(
        Effect.provideService(BeginTransaction, begin),
        Effect.mapError((error) => (error instanceof StoreError ? error : translate(error, isDecided))),
      )
    })
  return {
    query: (statement, each) => {
      const { text, runs } = spell(statement, each)
      return Effect.mapBoth(
        Effect.forEach(runs, (parameters) => client.unsafe(text, parameters).values),
        { onFailure: (error) => translate(error), onSuccess: rowsOf },
      )
    },
    execute: (statement, each) => transaction((unit) => unit.execute(statement, each)),
    transaction,
  }
}

/** A statement as a client's database reads it, and the parameters of each of its runs. */
type Spell = (
  statement: Statement,
  each?: readonly Row[],
) => { readonly text: string; readonly runs: readonly (readonly unknown[])[] }

const once: readonly Row[] = [[]]

const questioned: Spell = (statement, each = once) => ({
  text: Many.single(statement),
  runs: each,
})

/**
 * Returns the statement that begins a transaction; `undefined` for the client's own. On SQLite it takes the lock for
 * writing at once: a transaction that reads first and finds the database changed when it comes to write fails, however
 * long the client would wait for a lock.
 */
const beginning = (client: SqlClient): string | undefined =>
  client.onDialectOrElse({ sqlite: () => "BEGIN IMMEDIATE", orElse: () => undefined })

/**
 * Runs statements on the connection of a transaction. Not as statements of the client: a span for each of them is half of
 * what a ping costs (`pnpm bench sql`), and the transaction has one.
 */
const overConnection = (connection: SqlConnection, spell: Spell): Transaction => {
  const query: Transaction["query"] = (statement, each) => {
    const { text, runs } = spell(statement, each)
    return Effect.mapBoth(
      Effect.forEach(runs, (parameters) => connection.executeValues(text, parameters)),
      { onFailure: (error) => translate(error), onSuccess: rowsOf },
    )
  }
  const execute: Transaction["execute"] = (statement, each) => {
    const { text, runs } = spell(statement, each)
    return Effect.flatMap(
      Effect.mapError(
        Effect.forEach(runs, (parameters) => connection.executeRaw(text, parameters)),
        (error) => translate(error),
      ),
      countOf,
    )
  }
  // How the client goes the way to its database is for the client to say.
  return {
    query,
    execute,
    ahead: (statement, each) => Effect.map(query(statement, each), Effect.succeed),
    send: (statement, each) => Effect.asVoid(execute(statement, each)),
  }
}

const rowsOf = (found: readonly (readonly (readonly unknown[])[])[]): readonly Row[] =>
  found.flatMap(Spelling.values)

/** How drivers name the number of rows that a statement changed: pg; node:sqlite, better-sqlite3; libsql. */
const counters = ["rowCount", "changes", "rowsAffected"]

const countOf = (results: readonly unknown[]): Effect.Effect<number, StoreError> => {
  let sum = 0
  for (const result of results) {
    const counter = counters.find((name) => typeof result === "object" && result !== null && name in result)
    if (counter === undefined)
      return refuse("has a driver that does not say how many rows a statement changed.")
    sum += Number((result as Record<string, number | bigint | null>)[counter]) // safe because `counter` is in it
  }
  return Effect.succeed(sum)
}

const refuse = (why: string): Effect.Effect<never, StoreError> =>
  Effect.fail(new StoreError({ reason: "failed", detail: `The database of the SqlClient ${why}` }))

/** `isDecided`: the commit was under way, so that a broken connection leaves open whether it happened. */
const translate = (error: SqlError, isDecided: boolean = false): StoreError => {
  const { cause } = error.reason
  const message = cause instanceof Error ? cause.message : error.message
  const failure = (reason: StoreError["reason"], detail: string) =>
    new StoreError({ reason, detail, cause: error })
  switch (error.reason._tag) {
    case "UniqueViolation":
    case "ConstraintError":
      return failure("constraint", `This contradicts what is stored: ${message}.`)
    case "ConnectionError":
      return failure(
        isDecided ? "unknown-outcome" : "unavailable",
        `The database of the SqlClient cannot be reached (${message}). Check that it runs.`,
      )
    case "DeadlockError":
    case "SerializationError":
    case "LockTimeoutError":
    case "StatementTimeoutError":
      return failure("busy", `The database of the SqlClient is held by others (${message}). Try again.`)
    case "AuthenticationError":
    case "AuthorizationError":
      return failure(
        "failed",
        `The database of the SqlClient refuses its user (${message}). Grant what is missing.`,
      )
    case "SqlSyntaxError":
      return failure("failed", `The database of the SqlClient refused a statement (${message}).`)
    case "UnknownError":
      return isDecided
        ? failure("unknown-outcome", `The database of the SqlClient failed during a commit (${message}).`)
        : failure("failed", `The database of the SqlClient refused a statement (${message}).`)
  }
}
