/** Keys of new rows, which must be known before the rows are written: some name others of the same batch. */
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Row as Values } from "./Connection.ts"
import type { Flavour } from "./Flavour.ts"
import * as Row from "./Row.ts"

/** Returns what a SELECT in a transaction asks for to have keys for `count` new rows of a table. */
export const asking = ({ keys }: Flavour, table: string, count: number): readonly string[] => {
  const blocks = count === 0 ? 0 : Math.max(1, Math.ceil(count / keys.size))
  return Array.from({ length: blocks }, () => keys.first(table))
}

/** Succeeds with the keys of the blocks that were found, ascending, which no other transaction gets. */
export const reading = (
  { keys }: Flavour,
  found: Values,
  count: number,
): Effect.Effect<readonly number[], StoreError> =>
  Row.reading(() =>
    found.flatMap((value) => {
      const first = Row.integer(value, "key")
      return Array.from({ length: Math.min(keys.size, count) }, (_, index) => first + index)
    }),
  )

/** Asks for keys for `count` new rows, in a transaction, and returns them. */
export const next = (connection: Connection, flavour: Flavour, table: string, count: number) =>
  Effect.flatMap(connection.query(`SELECT ${asking(flavour, table, count).join(", ")}`), ([found = []]) =>
    reading(flavour, found, count),
  )
