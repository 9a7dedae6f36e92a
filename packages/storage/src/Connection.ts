/** A connection to a database, as thin as SQLite and PostgreSQL both allow: statements in, rows out. */
import type { StoreError } from "@overdue/core/Store"
import type { Effect } from "effect/Effect"

export type Value = string | number | null | Uint8Array

/** The values of a row, in the order of its columns; or the parameters of a statement, in the order of its `?`. */
export type Row = readonly Value[]

/**
 * Both verbs run one statement once for each list of parameters, as one hop: what a batch costs is then the database's
 * work, not the way there. Without lists it runs once, without parameters.
 */
export interface Connection {
  /** The rows that the runs gave, one run after the other. */
  readonly query: (sql: string, each?: readonly Row[]) => Effect<readonly Row[], StoreError>
  /** How many rows the runs changed. */
  readonly execute: (sql: string, each?: readonly Row[]) => Effect<number, StoreError>
}

/** Outside a transaction, each hop is one by itself. */
export interface Database extends Connection {
  /** All that `unit` does, or nothing when it does not succeed. Others wait, or see nothing of it, until it ends. */
  readonly transaction: <A>(unit: (connection: Connection) => Effect<A, StoreError>) => Effect<A, StoreError>
}
