/** What PostgreSQL reads: parameters that are numbered, and values as texts. */
import type { Row, Statement, Value } from "../Connection.ts"

/** A statement as PostgreSQL reads it, and the parameters of each of its runs. */
export interface Spelled {
  readonly text: string
  readonly runs: readonly (readonly (string | Uint8Array | null)[])[]
}

const once: readonly Row[] = [[]]

/** Statements whose parameters are numbered; there are as many as the program has. */
const numbered = new Map<string, string>()

const numbering = (sql: string): string => {
  const known = numbered.get(sql)
  if (known !== undefined) return known
  let count = 0
  const spelled = sql.replace(/\?/g, () => `$${(count += 1)}`)
  numbered.set(sql, spelled)
  return spelled
}

/**
 * Returns a statement with lists of parameters as PostgreSQL reads it. Values are texts, of which it finds the type by their
 * place in the statement: with types of their own, a number and a null would be two statements to prepare.
 */
export const spell = (statement: Statement, each: readonly Row[] = once): Spelled =>
  typeof statement === "string"
    ? { text: numbering(statement), runs: each.map((row) => row.map(parameter)) }
    : { text: statement.all, runs: each.length === 0 ? [] : [columns(each)] }

const parameter = (value: Value): string | Uint8Array | null =>
  typeof value === "number" ? String(value) : value

/** Returns the columns of rows, each as an array. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
const columns = (rows: readonly Row[]): readonly string[] =>
  rows[0]!.map((_, place) => {
    let text = "{"
    for (const row of rows) text += (text === "{" ? "" : ",") + element(row[place]!)
    return `${text}}`
  })

const element = (value: Value): string => {
  if (value === null) return "NULL"
  if (typeof value === "number") return String(value)
  if (typeof value === "string") return `"${/["\\]/.test(value) ? value.replace(/["\\]/g, "\\$&") : value}"`
  return `"\\\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}"`
}

/** Returns rows as the client has read them: of 64 bits it makes a bigint. */
export const values = (rows: readonly (readonly unknown[])[]): readonly Row[] =>
  rows.map((row) => row.map(valueOf))

const valueOf = (found: unknown): Value => {
  if (typeof found === "bigint" || typeof found === "boolean") return Number(found)
  return found as Value // safe because `Row` checks what it reads
}
