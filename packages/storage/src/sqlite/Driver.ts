/**
 * `node:sqlite` as a connection.
 *
 * Not through Effect's SqlClient, which `EffectSql` offers to applications that have one. `pnpm bench sql`, on two cores,
 * the decision included: in units of work of 64, a ping costs 6.8 µs here, 8.5 by the client's connection and 16 by its
 * statements, each of which has a span; alone, 22, 36 and 50.
 */
import { DatabaseSync } from "node:sqlite"
import { StoreError } from "@overdue/core/Store"
import type { Span } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Schedule from "effect/Schedule"
import * as Semaphore from "effect/Semaphore"
import type { Database, Durability, Row, Transaction } from "../Connection.ts"
import * as Many from "../Many.ts"
import { expectWritable, place, translate } from "./Failure.ts"
import * as Handle from "./Handle.ts"
import * as Privacy from "./Privacy.ts"
import * as Rows from "./Rows.ts"

/** Which database to open. */
export interface Options {
  /** A path, or `:memory:`. */
  readonly filename: string
  /** How long to wait for a lock that another process holds, in milliseconds. */
  readonly patience: Span
}

/** The event loop stands still while SQLite itself waits for a lock, so that wait is short, and repeated. */
const wait: Span = 50

/** "OVER": says in the file's header whose database it is. */
export const applicationId = 0x4f564552

/** "OVBK": a backup, which holds the secret and must be restored before it is used. */
export const backupId = 0x4f56424b

/**
 * What is set in every database. Pings touch a few rows all over the file, so smaller pages write a fifth less; 8 MiB of
 * write-ahead log make checkpoints rare and short. FULL: a commit returns when it is on the disk.
 */
export const settings = `
  PRAGMA page_size = 2048;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -16000;
  PRAGMA wal_autocheckpoint = 4096;
  PRAGMA journal_size_limit = 67108864;
`

/**
 * Opens a database, makes its file when there is none, and closes it with the scope. Fails with the sentence for the
 * operator when the file cannot be opened, is no database, or belongs to another program.
 */
export const open = ({ filename, patience }: Options) =>
  Effect.map(
    Effect.acquireRelease(
      patiently(
        patience,
        Effect.try({
          try: () => Handle.open({ filename, applicationId, connect: () => connect(filename) }),
          catch: (cause) => translated(cause, filename),
        }),
      ),
      (handle) => Effect.sync(handle.close),
    ).pipe(Effect.tap(() => keepPrivate(filename))),
    (handle) => make(handle, { filename, patience }),
  )

const keepPrivate = (filename: string) =>
  Effect.suspend(() => {
    const sentence = Privacy.narrow(filename)
    return sentence === undefined ? Effect.void : Effect.logWarning(sentence)
  })

/** Tries again while another process holds the lock. Only then is a schedule made: it costs more than a statement. */
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

/** Returns what waits for a lock in turn with all others who do: it is not waited for anew by each of a queue. */
const queue = (patience: Span) => {
  /** Since when another process has been holding the lock. */
  let heldSince: Span | undefined
  return <A>(effect: Effect.Effect<A, StoreError>): Effect.Effect<A, StoreError> =>
    Effect.flatMap(Clock.monotonicTimeNanos, (nanos) => {
      const now = Number(nanos) / 1e6
      const left = heldSince === undefined ? patience : Math.max(0, patience - (now - heldSince))
      return patiently(left, effect).pipe(
        Effect.tap(() => Effect.sync(() => (heldSince = undefined))),
        Effect.tapError(({ reason }) =>
          Effect.sync(() => (heldSince = reason === "busy" ? (heldSince ?? now) : undefined)),
        ),
      )
    })
}

const connect = (filename: string): DatabaseSync => {
  Privacy.create(filename)
  const sqlite = new DatabaseSync(filename, { timeout: wait })
  try {
    expectWritable(filename)
    claim(sqlite, filename)
    sqlite.exec(settings)
  } catch (cause) {
    sqlite.close()
    throw cause
  }
  return sqlite
}

/** Writes into a new file whose database it is; throws when the file belongs to another program. */
const claim = (sqlite: DatabaseSync, filename: string): void => {
  const found = sqlite.prepare("PRAGMA application_id").get()?.["application_id"]
  if (found === applicationId) return
  const tables = sqlite.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"]
  if (found === backupId) {
    throw new StoreError({
      reason: "failed",
      detail: `${place(filename)} is a backup. Restore it with \`overdue restore\`, and open what that makes.`,
    })
  }
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

/** Does something with SQLite, and fails as it does. */
type Attempt = <A>(work: () => A) => Effect.Effect<A, StoreError>

const connectionOf = (prepare: Handle.Handle["prepare"], attempt: Attempt): Transaction => {
  const query: Transaction["query"] = (sql, each = once) =>
    attempt(() => {
      const statement = prepare(Many.single(sql))
      if (each.length === 1) return Rows.all(statement, each[0]!)
      const rows: Row[] = []
      for (const parameters of each) rows.push(...Rows.all(statement, parameters))
      return rows
    })
  const execute: Transaction["execute"] = (sql, each = once) =>
    attempt(() => {
      const statement = prepare(Many.single(sql))
      let changes = 0
      for (const parameters of each) changes += Number(statement.run(...Rows.input(parameters)).changes)
      return changes
    })
  // The database is in this process: there is no way to save.
  return {
    query,
    execute,
    ahead: (sql, each) => Effect.map(query(sql, each), Effect.succeed),
    send: (sql, each) => Effect.asVoid(execute(sql, each)),
  }
}

const make = (handle: Handle.Handle, { filename, patience }: Options): Database => {
  const { prepare } = handle
  const attempt: Attempt = (work) => Effect.try({ try: work, catch: (cause) => translated(cause, filename) })
  const connection = connectionOf(prepare, attempt)

  /** Only when a transaction is open: after some failures, such as a full disk, SQLite has rolled back by itself. */
  const rollback = attempt(() => {
    if (handle.isTransaction()) prepare("ROLLBACK").run()
  })

  const writing = queue(patience)
  // Who reads does not need the lock that another process holds, and must not have writers begin to wait for it anew.
  const reading = queue(patience)

  const news = noticeBoard()
  /** Whether the last unit of work had no room, or met a disk that fails. */
  let isCramped = false

  const beginning = (durability: Durability) =>
    writing(
      Effect.andThen(
        // A transaction may still be open: its own rollback failed with the disk.
        rollback,
        attempt(() => {
          news.post(handle.expect())
          if (isCramped) makeRoom(handle)
          handle.outlast(durability)
          prepare("BEGIN IMMEDIATE").run()
        }),
      ),
    )
  const begin = {
    "at once": beginning("at once"),
    "with the next": beginning("with the next"),
    "in portions": beginning("in portions"),
  }

  const commit = Effect.try({
    try: () => {
      prepare("COMMIT").run()
      handle.note()
    },
    catch: (cause) => translate(cause, filename, true),
  })

  /** One fiber at a time: a unit of work may pause inside its transaction, and others would write into that. */
  const semaphore = Semaphore.makeUnsafe(1)

  // One generator for all: of a function that is made for each transaction, V8 has what it holds outlive quick collections.
  const run = Effect.fnUntraced(function* <A>(
    unit: (connection: Transaction) => Effect.Effect<A, StoreError>,
    durability: Durability,
  ) {
    yield* begin[durability]
    yield* news.tell
    const exit = yield* Effect.exit(
      Effect.tap(
        Effect.suspend(() => unit(connection)),
        () => commit,
      ),
    )
    isCramped = Exit.isFailure(exit) && hadNoRoom(exit.cause)
    // A failed rollback must not hide the failure before it; the next transaction rolls back again.
    if (Exit.isFailure(exit)) yield* Effect.ignore(rollback)
    return yield* exit
  })

  const transaction: Database["transaction"] = (unit, durability = "at once") =>
    semaphore.withPermit(Effect.uninterruptible(run(unit, durability)))

  return {
    query: (sql, each) => semaphore.withPermit(reading(connection.query(sql, each))),
    execute: (sql, each) => transaction(({ execute }) => execute(sql, each)),
    transaction,
  }
}

/** What the operator has to be told once. */
const noticeBoard = () => {
  let notice: string | undefined
  return {
    post: (news: string | undefined): void => {
      notice = news ?? notice
    },
    tell: Effect.suspend(() => {
      const told = notice
      notice = undefined
      return told === undefined ? Effect.void : Effect.logWarning(told)
    }),
  }
}

/** The log may be at the limit for a file while there is room in the other one: then it begins anew. */
const makeRoom = ({ prepare }: Handle.Handle): void => {
  try {
    prepare("PRAGMA wal_checkpoint(TRUNCATE)").all()
  } catch {
    // What follows finds out whether there is room.
  }
}

/** A limit for the size of a file looks like a disk that fails. */
const hadNoRoom = (cause: Cause.Cause<unknown>): boolean => {
  const error = Cause.squash(cause)
  return error instanceof StoreError && /^(?:full|unavailable|unknown-outcome)$/.test(error.reason)
}
