/** How the commands on a database print what they found: as a table for people, or as JSON for programs. */
import type { Io } from "../Io.ts"
import { paint } from "../Style.ts"
import { table, type Column } from "../Table.ts"

/** Prints a value as JSON; `undefined` becomes null. */
export const json = (io: Io, value: unknown): void => {
  io.stdout.write(`${JSON.stringify(value, (_, inner: unknown) => inner ?? null, 2)}\n`)
}

/** Prints items as a table that fits the terminal, if there is one. */
export const rows = <A>(io: Io, items: readonly A[], columns: readonly Column<A>[]): void => {
  const terminal = io.stdout.isTTY ? io.stdout.columns : undefined
  io.stdout.write(table(items, columns, { columns: terminal, paint: paint(io) }))
}

/** Returns an instant to the minute, in UTC: `2026-01-31 12:00`. */
export const instant = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ")

/** Returns the item with its time of creation in ISO 8601, as programs read it. */
export const isoInstants = <A extends { readonly createdAt: number }>(item: A) => ({
  ...item,
  createdAt: new Date(item.createdAt).toISOString(),
})
