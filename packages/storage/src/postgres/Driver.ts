/**
 * `@effect/sql-pg` as a database, on connections of its own: statements are sent one after the other without waiting for
 * the answers in between, so that a unit of work goes to the server and back twice.
 */
import type { Usage } from "@overdue/core/Connections"
import { StoreError } from "@overdue/core/Store"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { Database } from "../Connection.ts"
import * as Address from "./Address.ts"
import * as Commits from "./Commits.ts"
import * as Patience from "./Patience.ts"
import * as Pool from "./Pool.ts"
import * as Session from "./Session.ts"
import * as Transactions from "./Transactions.ts"

/** Which database to open, and how long what may take. */
export interface Options {
  readonly address: Address.Address
  /** How long to try while the database is away or held, in milliseconds; by default five seconds. Who pings waits so long. */
  readonly patience?: Span | undefined
  readonly limits?: Session.Limits | undefined
}

/** A database in PostgreSQL. */
export interface Driver extends Database {
  /** Opens a session beside the others. */
  readonly session: Effect.Effect<Session.Session, StoreError>
  /** The name of the database, at the beginning of a sentence. */
  readonly place: string
  readonly figures: () => Usage
  /** Notes from now on in the database which transactions were committed; the table for that must be there. */
  readonly noteCommits: () => void
}

/** Opens a database, and closes it with the scope. Its first use fails with the sentence for the operator. */
export const open = Effect.fnUntraced(function* ({
  address,
  patience = 5 * second,
  limits = Session.limits,
}: Options) {
  const place = Address.place(address)
  const settings = Session.settingsOf(address, limits)
  const session = Session.opener(address, settings)
  const pool = new Pool.Pool({
    open: session,
    most: address.connections,
    place,
    patience,
    answerWithin: limits.answer,
  })
  yield* Effect.addFinalizer(() => pool.close)
  yield* Effect.forkScoped(pool.watch)
  return make(pool, { place, session, settings, patience })
})

/** Where a database is. */
interface Where {
  readonly place: string
  readonly session: Effect.Effect<Session.Session, StoreError>
  readonly settings: Readonly<Record<string, string>>
  readonly patience: Span
}

const make = (pool: Pool.Pool, { place, session, settings, patience }: Where): Driver => {
  const patiently = Patience.make(patience)
  const transactions = new Transactions.Transactions(place, settings)

  const transaction: Database["transaction"] = (work, durability = "at once") =>
    Effect.uninterruptible(
      patiently(
        Effect.flatMap(
          pool.use((link) => transactions.attempt(work, durability, link)),
          (attempted) =>
            attempted.failed === undefined
              ? Effect.succeed(attempted.value)
              : Effect.as(resolve(attempted, attempted.failed), attempted.value),
        ),
      ),
    )

  /** Finds out whether a transaction was committed whose connection broke before that was said; fails unless it was. */
  const resolve = ({ commit }: Transactions.Attempted<unknown>, failed: StoreError) =>
    commit === undefined
      ? Effect.fail(failed)
      : patiently(pool.use((link) => transactions.query(link, Commits.asking, [Commits.asked(commit)]))).pipe(
          // Still nobody knows, and whoever waits is told so.
          Effect.mapError(() => failed),
          Effect.flatMap(([row]) => {
            if (row === undefined) return Effect.fail(failed)
            return row[0] === commit.n ? Effect.void : Effect.fail(lost(place, failed))
          }),
        )

  return {
    query: (sql, each) =>
      Effect.uninterruptible(patiently(pool.use((link) => transactions.query(link, sql, each)))),
    execute: (sql, each) => transaction((unit) => unit.execute(sql, each)),
    transaction,
    session,
    place,
    figures: () => pool.figures,
    noteCommits: () => transactions.noteCommits(),
  }
}

const lost = (place: string, cause: StoreError): StoreError =>
  new StoreError({
    reason: "unavailable",
    detail: `${place} lost its connection, and kept nothing of a transaction. It is tried again.`,
    cause,
  })
