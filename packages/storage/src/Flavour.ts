/** What differs between the SQL of one database and another's. */
import type { StoreError } from "@overdue/core/Store"
import type { Effect } from "effect/Effect"
import type { Connection } from "./Connection.ts"

/** How one database does what SQL leaves open. */
export interface Flavour {
  readonly types: Types
  /**
   * Returns the clause that ends a SELECT whose rows the transaction goes on to change, with a space in front; empty
   * where a transaction locks the whole database. `table` is a table of the SELECT by its alias: the rows that it is
   * joined with stay unlocked, or all pings of a project would wait for one another. With `waits`, the SELECT waits for
   * rows that another transaction holds; without, it leaves them out.
   */
  readonly lock: (table: string, waits: boolean) => string
  /** See `Store.unitsAtOnce`. */
  readonly unitsAtOnce: number
  /** How keys are had for new rows of a table whose key is of type `Types.key`; see `Keys`. */
  readonly keys: KeyBlocks
  /**
   * Bytes of the body of a ping above which it is stored apart from the row of the ping; `undefined` where bodies are not
   * read with rows anyway.
   */
  readonly bodiesApartFrom: number | undefined
  /** The query whose parameter is the name of a table, and that returns a row when there is one. */
  readonly hasTable: string
  /** Has the keys of such a table go on after its largest one, which was not one of those; in a transaction. */
  readonly countOn: (connection: Connection, table: string) => Effect<void, StoreError>
  /** Waits until no other program migrates the database, and keeps all others out until the transaction ends. */
  readonly exclusively: (connection: Connection) => Effect<void, StoreError>
}

/** Keys by the block: as many as follow each other. Those that are not used stay without rows. */
export interface KeyBlocks {
  /** Returns an expression for the first key of a block that no other transaction gets. */
  readonly first: (table: string) => string
  /** How many keys a block has. */
  readonly size: number
}

/** How a migration declares columns and tables. */
export interface Types {
  /** A primary key that the database counts up. */
  readonly key: string
  /** Holds every safe integer. */
  readonly integer: string
  /** Holds every number of JavaScript that is finite. */
  readonly number: string
  /** Compared by its code points, not by a language's alphabet. */
  readonly text: string
  readonly bytes: string
  /** Follows the closing bracket of a table. */
  readonly table: string
  /** The same of a table with small rows that are read in the order of their primary key, and best lie in that. */
  readonly ordered: string
  /** Returns what has keys of a table, of type `key`, counted by blocks. */
  readonly countByBlocks: (table: string) => readonly string[]
  /** Returns what gives a table settings for how its rows are stored and cleared up, where a database has such. */
  readonly tune: (table: string, settings: Readonly<Record<string, number>>) => readonly string[]
}
