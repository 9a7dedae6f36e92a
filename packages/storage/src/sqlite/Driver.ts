/**
 * `node:sqlite` as a connection.
 *
 * Not through Effect's SqlClient: its spans and scopes for each statement cost 11 to 15 µs a ping, a third of the
 * database's own work on it, and this costs 3.
 */
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite"
import { StoreError } from "@overdue/core/Store"
import type { Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import type { Connection, Database, Row } from "../Connection.ts"
import { place, translate } from "./Failure.ts"

export interface Options {
  readonly filename: string
  /** How long to wait for a lock that another process holds. */
  readonly patience: Span
}

/** The event loop stands still while SQLite itself waits, so that wait is short, and repeated. */
const wait: Span = 50

/** "OVER": says in the file's header whose database it is. */
const applicationId = 0x4f564552

/**
 * Pings touch a few rows all over the file, so smaller pages write a fifth less; 8 MiB of log make checkpoints rare and
 * short. FULL: a commit returns when it is on the disk.
 */
const settings = `
  PRAGMA page_size = 2048;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -16000;
  PRAGMA wal_autocheckpoint = 4096;
  PRAGMA journal_size_limit = 67108864;
`

/** Opens a database for as long as the scope lives. */
export const open = ({ filename, patience }: Options) =>
  Effect.map(
    Effect.acquireRelease(
      patiently(
        patience,
        Effect.try({ try: () => connect(filename), catch: (cause) => translated(cause, filename) }),
      ),
      (sqlite) => Effect.sync(() => sqlite.close()),
    ),
    (sqlite) => make(sqlite, { filename, patience }),
  )

/** Tries again while another process holds the lock. The schedule is made only then: it costs more than a statement. */
const patiently = <A>(patience: Span, effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
  Effect.catchIf(
    effect,
    (error) => error.reason === "busy",
    () =>
      Effect.retry(effect, {
        while: (error) => error.reason === "busy",
        times: Math.ceil(patience / (2 * wait)),
        schedule: Schedule.spaced(wait),
      }),
  )

const connect = (filename: string): DatabaseSync => {
  const sqlite = new DatabaseSync(filename, { timeout: wait })
  try {
    claim(sqlite, filename)
    sqlite.exec(settings)
  } catch (cause) {
    sqlite.close()
    throw cause
  }
  return sqlite
}

/** Refuses to make itself at home in another program's database. */
const claim = (sqlite: DatabaseSync, filename: string): void => {
  const found = sqlite.prepare("PRAGMA application_id").get()?.["application_id"]
  if (found === applicationId) return
  const tables = sqlite.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]
  if (found !== 0 || tables !== 0) {
    throw new StoreError({
      reason: "failed",
      detail: `${place(filename)} belongs to another program. Name another file.`,
    })
  }
  sqlite.exec(`PRAGMA page_size = 2048; PRAGMA application_id = ${applicationId}`)
}

const translated = (cause: unknown, filename: string): StoreError =>
  cause instanceof StoreError ? cause : translate(cause, filename)

const once: readonly Row[] = [[]]

const make = (sqlite: DatabaseSync, { filename, patience }: Options): Database => {
  const prepared = new Map<string, StatementSync>()
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql)
    if (known !== undefined) return known
    const statement = sqlite.prepare(sql)
    // Half the cost of an object for each row.
    statement.setReturnArrays(true)
    prepared.set(sql, statement)
    return statement
  }

  const attempt = <A>(work: () => A): Effect.Effect<A, StoreError> =>
    Effect.try({ try: work, catch: (cause) => translate(cause, filename) })

  const connection: Connection = {
    query: (sql, each = once) =>
      attempt(() => {
        const statement = prepare(sql)
        if (each.length === 1) return all(statement, each[0]!)
        const rows: Row[] = []
        for (const parameters of each) rows.push(...all(statement, parameters))
        return rows
      }),
    execute: (sql, each = once) =>
      attempt(() => {
        const statement = prepare(sql)
        let changes = 0
        for (const parameters of each) changes += Number(statement.run(...input(parameters)).changes)
        return changes
      }),
  }

  /** After some failures (a full disk) SQLite has done it already. */
  const rollback = attempt(() => {
    if (sqlite.isTransaction) prepare("ROLLBACK").run()
  })

  const begin = patiently(
    patience,
    Effect.andThen(
      // What a failing disk left open.
      rollback,
      attempt(() => void prepare("BEGIN IMMEDIATE").run()),
    ),
  )

  const commit = Effect.try({
    try: () => void prepare("COMMIT").run(),
    catch: (cause) => translate(cause, filename, true),
  })

  /** A fiber may be made to pause inside a transaction; nobody else may then use its connection. */
  const semaphore = Semaphore.makeUnsafe(1)

  const transaction: Database["transaction"] = (unit) =>
    semaphore.withPermit(
      Effect.uninterruptible(
        Effect.gen(function* () {
          yield* begin
          const exit = yield* Effect.exit(
            Effect.tap(
              Effect.suspend(() => unit(connection)),
              () => commit,
            ),
          )
          // The first failure is the one to tell of; the next transaction tries the rollback again.
          if (Exit.isFailure(exit)) yield* Effect.ignore(rollback)
          return yield* exit
        }),
      ),
    )

  return {
    query: (sql, each) => semaphore.withPermit(patiently(patience, connection.query(sql, each))),
    execute: (sql, each) => transaction(({ execute }) => execute(sql, each)),
    transaction,
  }
}

const all = (statement: StatementSync, parameters: Row): readonly Row[] =>
  statement.all(...input(parameters)) as unknown as readonly Row[] // safe because the statement returns arrays, and numbers for integers

const input = (parameters: Row): SQLInputValue[] => parameters as SQLInputValue[] // safe because every Value is one; node:sqlite does not change it
