/**
 * Statements for many rows at once. A database in the same process runs one statement for each row, which costs no more; for
 * one that is elsewhere there is a statement that takes whole columns: of 48 rows, it costs a fifth.
 */

/** What a column holds, as `Types` declares it. */
export type Type = "integer" | "number" | "text" | "bytes"

/** A statement in two forms that do the same for lists of parameters. */
export interface Many {
  /** For each list: parameters are `?`. */
  readonly one: string
  /** For all lists together: the parameters are the columns of the lists, as arrays, and are numbered. */
  readonly all: string
  /** Whether it neither sees nor changes what those do that are apart as well: in a transaction, they may be one statement. */
  readonly isApart?: true
}

/** Returns a statement that is apart from others; no two that are may touch the same row. */
export const apart = (statement: Many): Many => ({ ...statement, isApart: true })

/** Returns what runs for each list of parameters. */
export const single = (statement: string | Many): string =>
  typeof statement === "string" ? statement : statement.one

/** Columns and what they hold, in the order of the parameters. */
export type Columns = Readonly<Record<string, Type>>

const arrays: Readonly<Record<Type, string>> = {
  integer: "bigint[]",
  number: "double precision[]",
  text: "text[]",
  bytes: "bytea[]",
}

/** Returns arrays as a source of rows, of a statement that is written out in full. */
export const rows = (types: readonly Type[]): string =>
  `unnest(${types.map((type, index) => `$${index + 1}::${arrays[type]}`).join(", ")})`

/** Returns what inserts rows; `end` is what follows. */
export const insert = (table: string, columns: Columns, end: string = ""): Many => {
  const names = Object.keys(columns)
  const into = `INSERT INTO ${table} (${names.join(", ")})`
  return {
    one: `${into} VALUES (${names.map(() => "?").join(", ")}) ${end}`,
    all: `${into} SELECT * FROM ${rows(Object.values(columns))} ${end}`,
  }
}

/** What an update does beyond columns that get parameters. */
export interface Beyond {
  /** What is set to the same in all rows. */
  readonly also?: string
  /** What must be true of a row as well. */
  readonly where?: string
  readonly end?: string
}

/** Returns what sets columns of the rows that have the given keys; no two lists may have the same key. */
export const update = (
  table: string,
  columns: Columns,
  keys: Columns,
  { also, where, end = "" }: Beyond = {},
): Many => {
  const names = Object.keys(columns)
  const keyNames = Object.keys(keys)
  const beyond = also === undefined ? [] : [also]
  const condition = where === undefined ? [] : [where]
  return {
    one: `UPDATE ${table} SET ${[...names.map((name) => `${name} = ?`), ...beyond].join(", ")}
      WHERE ${[...keyNames.map((name) => `${name} = ?`), ...condition].join(" AND ")} ${end}`,
    all: `UPDATE ${table} SET ${[...names.map((name) => `${name} = given.${name}`), ...beyond].join(", ")}
      FROM ${rows([...Object.values(columns), ...Object.values(keys)])} AS given (${[...names, ...keyNames].join(", ")})
      WHERE ${[...keyNames.map((name) => `${table}.${name} = given.${name}`), ...condition].join(" AND ")} ${end}`,
  }
}

/** Returns what runs a query for each list, given the names of its parameters, which no column of it may have. */
export const each = (one: string, parameters: Columns): Many => {
  const names = Object.keys(parameters)
  let place = 0
  return {
    one,
    all: `SELECT found.* FROM ${rows(Object.values(parameters))} AS given (${names.join(", ")})
      CROSS JOIN LATERAL (${one.replace(/\?/g, () => `given.${names[place++]}`)}) AS found`,
  }
}

/** Returns what selects the rows that have one of the given values in a column. */
export const select = (
  selection: string,
  column: string,
  type: Type,
  { order, lock = "" }: { readonly order?: string; readonly lock?: string } = {},
): Many => ({
  one: `${selection} WHERE ${column} = ?${lock}`,
  all: `${selection} WHERE ${column} = ANY ($1::${arrays[type]})${order === undefined ? "" : ` ORDER BY ${order}`}${lock}`,
})
