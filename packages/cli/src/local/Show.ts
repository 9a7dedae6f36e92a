/** How what was found is printed: as a table for people, or as JSON for programs. */
import type { Io } from "../Io.ts"
import { paint } from "../Style.ts"
import { table, type Column } from "../Table.ts"

/** `undefined` becomes null. */
export const json = (io: Io, value: unknown): void => {
  io.stdout.write(`${JSON.stringify(value, (_, inner: unknown) => inner ?? null, 2)}\n`)
}

export const rows = <A>(io: Io, items: readonly A[], columns: readonly Column<A>[]): void => {
  const terminal = io.stdout.isTTY ? io.stdout.columns : undefined
  io.stdout.write(table(items, columns, { columns: terminal, paint: paint(io) }))
}

/** To the minute, in UTC. */
export const instant = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ")

export const isoInstants = <A extends { readonly createdAt: number }>(item: A) => ({
  ...item,
  createdAt: new Date(item.createdAt).toISOString(),
})
