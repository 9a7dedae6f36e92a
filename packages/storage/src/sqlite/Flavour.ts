/** SQLite's flavour of SQL, whichever driver runs it. */
import * as Effect from "effect/Effect"
import type { Flavour } from "../Flavour.ts"
import * as Row from "../Row.ts"

/** A transaction that writes has the whole database to itself, so nothing in it needs a lock. */
export const flavour: Flavour = {
  types: {
    key: "INTEGER PRIMARY KEY",
    integer: "INTEGER",
    number: "REAL",
    text: "TEXT",
    bytes: "BLOB",
    table: " STRICT",
    ordered: " STRICT, WITHOUT ROWID",
    countByBlocks: () => [],
    tune: () => [],
  },
  lock: () => "",
  unitsAtOnce: 1,
  keys: (table, count) => ({
    sql: `SELECT max(key) FROM ${table}`,
    parameters: [],
    read: ([row = []]) => {
      const max = Row.optional(Row.integer, row[0], "key") ?? 0
      return Array.from({ length: count }, (_, index) => max + 1 + index)
    },
  }),
  keyBlock: undefined,
  hasTable: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
  // A large body lies in pages of its own, which are read only when it is asked for.
  bodiesApartFrom: undefined,
  // The next key is one above the largest.
  countOn: () => Effect.void,
  exclusively: () => Effect.void,
}
