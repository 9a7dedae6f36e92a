/** How the commands on a database print what they found: as a table for people, or as JSON for programs. */
import type { Io } from "../Io.ts"
import { columnsOf, paint } from "../Style.ts"
import { table, type Column } from "../Table.ts"

export { print as json } from "../Json.ts"

/** Prints items as a table that fits the terminal, if there is one. */
export const rows = <A>(io: Io, items: readonly A[], columns: readonly Column<A>[]): void => {
  io.stdout.write(table(items, columns, { columns: columnsOf(io), paint: paint(io) }))
}

/** Returns an instant to the minute, in UTC: `2026-01-31 12:00`. */
export const instant = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ")

/** Returns the item with its time of creation in ISO 8601, as programs read it. */
export const isoInstants = <A extends { readonly createdAt: number }>(item: A) => ({
  ...item,
  createdAt: new Date(item.createdAt).toISOString(),
})
