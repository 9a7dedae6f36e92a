/** SQLite's flavour of SQL, whichever driver runs it. */
import * as Effect from "effect/Effect"
import type { Flavour } from "../Flavour.ts"

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
  keys: { first: (table) => `(SELECT coalesce(max(key), 0) + 1 FROM ${table})`, size: Infinity },
  hasTable: "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
  // A large body lies in pages of its own, which are read only when it is asked for.
  bodiesApartFrom: undefined,
  // The next key is one above the largest.
  countOn: () => Effect.void,
  exclusively: () => Effect.void,
}
