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
import type { Flavour } from "./Flavour.ts"
import * as Migrator from "./Migrator.ts"
import * as SqlStore from "./SqlStore.ts"
import * as Failure from "./postgres/Failure.ts"
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
    const dialect = client.onDialectOrElse({
      sqlite: () => sqlite,
      pg: () => postgres,
      orElse: () => undefined,
    })
    if (dialect === undefined)
      return yield* refuse("is neither SQLite nor PostgreSQL. Provide the SqlClient of one of them.")
    const { flavour } = dialect
    const database = make(client, dialect)
    if (dialect === sqlite) {
      const [[isChecking] = []] = yield* database.query("PRAGMA foreign_keys")
      if (isChecking !== 1) return yield* refuse("does not check foreign keys. Run PRAGMA foreign_keys = ON.")
    }
    yield* Migrator.migrate({ database, flavour, place })
    return SqlStore.make(database, flavour)
  }),
)

/** Begins the sentences that say what is wrong. */
const place = "The database of the SqlClient"

/** Returns the database that a client has connections to. */
const make = (client: SqlClient, dialect: Dialect): Database => {
  const { spell, begin, translate } = dialect
  const failure = (error: SqlError): StoreError => translate(error, false)
  const transaction: Database["transaction"] = (unit) =>
    Effect.suspend(() => {
      let isDecided = false
      const decided = Effect.flatMap(Effect.serviceOption(client.transactionService), (running) =>
        Effect.tap(unit(overConnection(Option.getOrThrow(running)[0], dialect)), () =>
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
        { onFailure: failure, onSuccess: rowsOf },
      )
    },
    execute: (statement, each) => transaction((unit) => unit.execute(statement, each)),
    transaction,
  }
}

/** What differs between the databases that a client may have. */
interface Dialect {
  readonly flavour: Flavour
  readonly spell: Spell
  /** The statement that begins a transaction; `undefined` for the client's own. */
  readonly begin: string | undefined
  /** Returns the StoreError for what failed. `isCommit`: the commit was under way, which may or may not have happened. */
  readonly translate: (error: SqlError, isCommit: boolean) => StoreError
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
 * Runs statements on the connection of a transaction. Not as statements of the client: a span for each of them is half of
 * what a ping costs (`pnpm bench sql`), and the transaction has one.
 */
const overConnection = (connection: SqlConnection, { spell, translate }: Dialect): Transaction => {
  const failure = (error: SqlError): StoreError => translate(error, false)
  const query: Transaction["query"] = (statement, each) => {
    const { text, runs } = spell(statement, each)
    return Effect.mapBoth(
      Effect.forEach(runs, (parameters) => connection.executeValues(text, parameters)),
      { onFailure: failure, onSuccess: rowsOf },
    )
  }
  const execute: Transaction["execute"] = (statement, each) => {
    const { text, runs } = spell(statement, each)
    return Effect.flatMap(
      Effect.mapError(
        Effect.forEach(runs, (parameters) => connection.executeRaw(text, parameters)),
        failure,
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
  Effect.fail(new StoreError({ reason: "failed", detail: `${place} ${why}` }))

const ofSqlite: Dialect["translate"] = (error, isCommit) => {
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
        isCommit ? "unknown-outcome" : "unavailable",
        `${place} cannot be reached (${message}). Check that it runs.`,
      )
    case "DeadlockError":
    case "SerializationError":
    case "LockTimeoutError":
    case "StatementTimeoutError":
      return failure("busy", `${place} is held by others (${message}). Try again.`)
    case "AuthenticationError":
    case "AuthorizationError":
      return failure("failed", `${place} refuses its user (${message}). Grant what is missing.`)
    case "SqlSyntaxError":
      return failure("failed", `${place} refused a statement (${message}).`)
    case "UnknownError":
      return isCommit
        ? failure("unknown-outcome", `${place} failed during a commit (${message}).`)
        : failure("failed", `${place} refused a statement (${message}).`)
  }
}

const sqlite: Dialect = {
  flavour: Sqlite.flavour,
  spell: questioned,
  // Takes the lock for writing at once: a transaction that reads first and finds the database changed when it comes to write
  // fails, however long the client would wait for a lock.
  begin: "BEGIN IMMEDIATE",
  translate: ofSqlite,
}

const postgres: Dialect = {
  flavour: Postgres.flavour,
  spell: Spelling.spell,
  begin: undefined,
  translate: (error, isCommit) => Failure.translate(error, place, isCommit),
}
