/**
 * What is moved from one database to another: every table of the newest schema, as the migrations make it. It is read from
 * a database in memory that they are run on, so that no table and no column can be forgotten.
 */
import { DatabaseSync, type SQLOutputValue } from "node:sqlite"
import type * as Many from "../Many.ts"
import * as Migrations from "../migrations/index.ts"
import { flavour } from "../sqlite/Flavour.ts"
import * as Mark from "./Mark.ts"

/** A column. */
export interface Column {
  readonly name: string
  readonly kind: Many.Type
  readonly isNullable: boolean
}

/** Rows of another table that refer to one, and that keep it from being deleted. */
export interface Dependent {
  readonly table: string
  readonly columns: readonly string[]
  /** The columns that they refer to, in the same order. */
  readonly to: readonly string[]
}

/** A table. */
export interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** The names of the columns of the primary key, in its order. */
  readonly key: readonly string[]
  /** Whether the database counts the key up. */
  readonly isCounted: boolean
  /** Further sets of columns of which no two rows have the same values. */
  readonly unique: readonly (readonly string[])[]
  /** Those of them that rows of other tables refer to. */
  readonly anchors: readonly (readonly string[])[]
  readonly dependents: readonly Dependent[]
  /** Which of its rows are moved, as a condition of SQL; `undefined`: all are. */
  readonly only: string | undefined
}

/** The version of the schema whose tables these are. */
export const version = Migrations.all.at(-1)?.version ?? 0

/** Returns all tables; each stands after those that its rows refer to. */
export const tables = (): readonly Table[] => (known ??= read())

let known: readonly Table[] | undefined

const kinds: Readonly<Record<string, Many.Type>> = {
  INTEGER: "integer",
  REAL: "number",
  TEXT: "text",
  BLOB: "bytes",
}

/** Rows that say something of a database, and nothing of the installation. */
const left: Readonly<Record<string, string>> = { settings: `name <> '${Mark.setting}'` }

const read = (): readonly Table[] => {
  using sqlite = new DatabaseSync(":memory:")
  for (const { statements } of Migrations.all)
    for (const statement of statements(flavour.types)) sqlite.exec(statement)
  // PostgreSQL wants what is referred to first, too, so the order of their creation is one of references.
  const names = list(sqlite, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid").map(nameOf)
  const references = names.flatMap((name) => referencesOf(sqlite, name))
  return names.map((name) => tableOf(sqlite, name, references))
}

interface Reference extends Dependent {
  readonly parent: string
  readonly isBlocking: boolean
}

const tableOf = (sqlite: DatabaseSync, name: string, references: readonly Reference[]): Table => {
  const columns = list(sqlite, "SELECT * FROM pragma_table_info(?) ORDER BY cid", name)
  const key = columns
    .filter(({ pk }) => Number(pk) > 0)
    .toSorted((one, other) => Number(one["pk"]) - Number(other["pk"]))
  const unique = list(sqlite, "SELECT name FROM pragma_index_list(?) WHERE origin = 'u' ORDER BY seq", name)
    .map(nameOf)
    .map((index) => list(sqlite, "SELECT name FROM pragma_index_info(?) ORDER BY seqno", index).map(nameOf))
  const toIt = references.filter(({ parent }) => parent === name)
  return {
    name,
    columns: columns.map((column) => ({
      name: nameOf(column),
      kind: kinds[String(column["type"])]!,
      isNullable: column["notnull"] === 0 && column["pk"] === 0,
    })),
    key: key.map(nameOf),
    isCounted: key.length === 1 && key[0]!["notnull"] === 0,
    unique,
    anchors: unique.filter((set) => toIt.some(({ to }) => to.join() === set.join())),
    dependents: toIt.filter(({ isBlocking }) => isBlocking),
    only: left[name],
  }
}

const referencesOf = (sqlite: DatabaseSync, table: string): readonly Reference[] => {
  const found = list(sqlite, "SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq", table)
  return [...Map.groupBy(found, ({ id }) => id).values()].map((parts) => ({
    table,
    parent: String(parts[0]!["table"]),
    columns: parts.map(({ from }) => String(from)),
    to: parts.map(({ to }) => String(to)),
    isBlocking: parts[0]!["on_delete"] === "NO ACTION",
  }))
}

type Found = Readonly<Record<string, SQLOutputValue>>

const list = (sqlite: DatabaseSync, sql: string, ...parameters: readonly string[]): readonly Found[] =>
  sqlite.prepare(sql).all(...parameters)

const nameOf = ({ name }: Found): string => String(name)
