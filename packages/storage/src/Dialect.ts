/** What differs between the SQL of one database and another's. */

export interface Dialect {
  readonly types: Types
  /** Ends a SELECT of rows that its transaction goes on to change; empty where a transaction locks the database. */
  readonly forUpdate: string
  /** The same, without those that another transaction holds. */
  readonly skipLocked: string
}

/** How a migration declares columns and tables. */
export interface Types {
  /** A primary key that the database counts up. */
  readonly key: string
  /** Holds every safe integer. */
  readonly integer: string
  readonly text: string
  readonly bytes: string
  /** Follows the closing bracket of a table. */
  readonly table: string
}
