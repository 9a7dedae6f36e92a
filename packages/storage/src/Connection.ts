/** A connection to a database, as thin as SQLite and PostgreSQL both allow: statements in, rows out. */
import type { StoreError } from "@overdue/core/Store"
import type { Effect } from "effect/Effect"
import type { Many } from "./Many.ts"

/** A value of a column or a parameter. */
export type Value = string | number | null | Uint8Array

/** The values of a row, in the order of its columns; or the parameters of a statement, in the order of its `?`. */
export type Row = readonly Value[]

/** A statement: SQL with a `?` for each parameter, or one for many rows. */
export type Statement = string | Many

/**
 * Runs statements, each once for every list of parameters that it is given, in one call: a batch then costs the
 * database's work, not the way there. Without lists a statement runs once, without parameters.
 */
export interface Connection {
  /**
   * Returns the rows of all runs, one run after the other; those of a statement for many rows in any order. Statements that
   * write and return rows come here, too.
   */
  readonly query: (statement: Statement, each?: readonly Row[]) => Effect<readonly Row[], StoreError>
  /** Returns how many rows the runs changed. */
  readonly execute: (statement: Statement, each?: readonly Row[]) => Effect<number, StoreError>
}

/** The connection of a transaction. Where the way to the database is long, it need not be gone for each statement. */
export interface Transaction extends Connection {
  /** Begins a query, and returns what waits for its rows. Statements run in the order in which they begin. */
  readonly ahead: (
    statement: Statement,
    each?: readonly Row[],
  ) => Effect<Effect<readonly Row[], StoreError>, StoreError>
  /** Runs a statement whose result nobody waits for. When it fails, so does the transaction, at its end at the latest. */
  readonly send: (statement: Statement, each?: readonly Row[]) => Effect<void, StoreError>
}

/** A database. A call outside a transaction is a transaction of its own. */
export interface Database extends Connection {
  /**
   * Runs `unit` as one transaction: all that it writes is kept when it succeeds, and nothing when it does not. Others
   * wait until it ends, or see nothing of it.
   */
  readonly transaction: <A>(
    unit: (connection: Transaction) => Effect<A, StoreError>,
    durability?: Durability,
  ) => Effect<A, StoreError>
}

/**
 * Whether a transaction that succeeded outlasts a failure of the power or of the system (not only the end of the process,
 * which all do): `at once`, as usual, or `with the next` one that does so at once. Until then it is lost as a whole or not at
 * all. A database may always do so at once. `in portions` is `with the next` for one of many transactions that write much
 * together: what a log holds of them is taken into the file in small portions, none of which others have to wait for long.
 */
export type Durability = "at once" | "with the next" | "in portions"
