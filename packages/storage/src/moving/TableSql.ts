/** Statements about the rows of a table between two keys, which SQLite and PostgreSQL read alike. */
import type { Row } from "../Connection.ts"
import * as Many from "../Many.ts"
import type { Table } from "./Catalogue.ts"

/** Keys of a table: above `after`, up to `to`. Without a bound, there is none. */
export interface Range {
  readonly after?: Row | undefined
  readonly to?: Row | undefined
}

/** A condition, and the parameters of it. */
export interface Condition {
  readonly sql: string
  readonly parameters: Row
}

/** Returns the condition of a range. */
export const within = (table: Table, { after, to }: Range): Condition => {
  const key = tuple(table.key)
  const holes = holesFor(table.key)
  const parts = [
    ...(table.only === undefined ? [] : [table.only]),
    ...(after === undefined ? [] : [`${key} > ${holes}`]),
    ...(to === undefined ? [] : [`${key} <= ${holes}`]),
  ]
  return { sql: parts.join(" AND ") || "1 = 1", parameters: [...(after ?? []), ...(to ?? [])] }
}

/** Returns the statement that counts all rows. */
export const counting = (table: Table): string =>
  `SELECT count(*) FROM ${table.name} WHERE ${within(table, {}).sql}`

/** Returns the statement that counts rows, and the bytes of their texts and bytes; of so many rows at most. */
export const weighing = (table: Table, { sql }: Condition, most: number): string =>
  `SELECT count(*), coalesce(sum(weight), 0) FROM
    (SELECT ${weight(table)} AS weight FROM ${table.name} WHERE ${sql} LIMIT ${most}) AS weighed`

/** Whether rows may be large. */
export const isHeavy = (table: Table): boolean => weighty(table).length > 0

/** Returns the statement that lists keys in their order, each with the bytes of the texts and bytes of its row. */
export const keys = (table: Table, { sql }: Condition, limit: number): string =>
  `SELECT ${list(table.key)}, ${weight(table)} FROM ${table.name} WHERE ${sql} ORDER BY ${list(table.key)} LIMIT ${limit}`

/** Returns the statement that lists rows in the order of their keys. */
export const rows = (table: Table, { sql }: Condition, limit: number): string =>
  `SELECT ${list(table.columns.map(({ name }) => name))} FROM ${table.name} WHERE ${sql} ORDER BY ${list(table.key)} LIMIT ${limit}`

/** Returns the statement that writes rows, in place of those with the same keys. */
export const writing = (table: Table): Many.Many => {
  const columns = Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]))
  const others = table.columns.filter(({ name }) => !table.key.includes(name))
  const change = others.map(({ name }) => `${quoted(name)} = excluded.${quoted(name)}`)
  const end = `ON CONFLICT (${list(table.key)}) DO UPDATE SET ${change.join(", ")}`
  return Many.insert(table.name, columns, end)
}

/**
 * Returns the statements that delete the rows of a condition, in their order: first the rows that refer to them and that
 * keep them from being deleted.
 */
export const removing = (table: Table, condition: string, tables: readonly Table[]): readonly string[] => [
  ...table.dependents.flatMap(({ table: name, columns, to }) =>
    removing(
      tables.find((one) => one.name === name)!,
      `${tuple(columns)} IN (SELECT ${list(to)} FROM ${table.name} WHERE ${condition})`,
      tables,
    ),
  ),
  `DELETE FROM ${table.name} WHERE ${condition}`,
]

/** Returns the condition that columns have values that are given. */
export const equal = (columns: readonly string[]): string => `${tuple(columns)} = ${holesFor(columns)}`

const weighty = (table: Table): readonly string[] =>
  table.columns.filter(({ kind }) => kind === "text" || kind === "bytes").map(({ name }) => name)

const weight = (table: Table): string =>
  weighty(table)
    .map((name) => `coalesce(octet_length(${quoted(name)}), 0)`)
    .join(" + ") || "0"

const quoted = (name: string): string => `"${name}"`
const list = (names: readonly string[]): string => names.map(quoted).join(", ")
const tuple = (names: readonly string[]): string => `(${list(names)})`
const holesFor = (names: readonly string[]): string => `(${names.map(() => "?").join(", ")})`
