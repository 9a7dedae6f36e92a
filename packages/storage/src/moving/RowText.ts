/**
 * Rows as lines of JSON. A row has one text only, whichever database it is in, so that digests of texts tell whether two
 * databases hold the same: numbers are written in the shortest form that is exact, bytes in base64.
 */
import * as Storable from "@overdue/core/Storable"
import type { StoreError } from "@overdue/core/Store"
import type { Row, Value } from "../Connection.ts"
import * as Reading from "../Row.ts"
import type { Column, Table } from "./Catalogue.ts"
import * as Limits from "./Limits.ts"

/** Returns the text of a row. Throws a `StoreError` with reason `damaged` for a value that no column of its kind may have. */
export const write = (table: Table, row: Row): string => {
  let isPlain = true
  for (const [index, column] of table.columns.entries()) {
    const wrong = fault(column, row[index])
    if (wrong !== undefined) throw damaged(table, row, { column: column.name, what: wrong })
    const value = row[index]
    if (typeof value === "string" ? !Storable.is(value) : value instanceof Uint8Array) isPlain = false
  }
  const text = JSON.stringify(isPlain ? row : row.map(encoded))
  if (text.length * most > Limits.line && Buffer.byteLength(text) > Limits.line)
    throw damaged(table, row, {
      column: largest(table, row),
      what: "it is larger than anything that Overdue stores",
    })
  return text
}

/** Bytes that a UTF-16 unit takes at most. */
const most = 3

/** What a database of an earlier version took may be what others have no room for. */
const encoded = (value: Value): Value => {
  if (typeof value === "string") return Storable.of(value)
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64")
    : value
}

/** Returns the row of a text; or what is wrong with it, as the end of a sentence. */
export const read = (table: Table, text: string): Row | string => {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return "is not JSON"
  }
  if (!Array.isArray(found) || found.length !== table.columns.length)
    return `is not a list of ${table.columns.length} values`
  const row: Value[] = []
  for (const [index, column] of table.columns.entries()) {
    const value = decoded(column, found[index])
    const wrong = fault(column, value)
    if (wrong !== undefined) return `has a wrong value in column ${column.name}: ${wrong}`
    row.push(value as Value) // safe because `fault` has looked at it
  }
  return write(table, row) === text ? row : "is not written as `overdue dump` writes it"
}

const decoded = (column: Column, value: unknown): unknown =>
  column.kind === "bytes" && typeof value === "string" ? new Uint8Array(Buffer.from(value, "base64")) : value

/** Returns what is wrong with a value; `undefined` when nothing is. */
const fault = ({ kind, isNullable }: Column, value: unknown): string | undefined => {
  if (value === null) return isNullable ? undefined : "nothing is there"
  switch (kind) {
    case "integer":
      return Number.isSafeInteger(value) ? undefined : "it is not an integer of 53 bits"
    case "number":
      return Number.isFinite(value) ? undefined : "it is not a finite number"
    case "text":
      return typeof value === "string" && value.isWellFormed() ? undefined : "it is not a text"
    case "bytes":
      return value instanceof Uint8Array ? undefined : "it is not bytes in base64"
  }
}

/** Returns the values of the key of a row. */
export const keyOf = (table: Table, row: Row): Row =>
  table.key.map((name) => row[table.columns.findIndex((column) => column.name === name)]!)

const largest = (table: Table, row: Row): string => {
  const lengths = row.map((value) => (typeof value === "number" ? 0 : (value?.length ?? 0)))
  return table.columns[lengths.indexOf(Math.max(...lengths))]!.name
}

const damaged = (
  table: Table,
  row: Row,
  { column, what }: { readonly column: string; readonly what: string },
): StoreError => {
  const record = `row ${JSON.stringify(keyOf(table, row))}`
  return Reading.damage({ table: table.name, record, column }, what)
}
