/** Rows of `node:sqlite`, also when one of them is damaged. */
import type { SQLInputValue, StatementSync } from "node:sqlite"
import type { Row, Value } from "../Connection.ts"

/** Runs a prepared statement and returns its rows. */
export const all = (statement: StatementSync, parameters: Row): readonly Row[] => {
  try {
    return statement.all(...input(parameters)) as unknown as readonly Row[] // safe because the statement returns arrays, and numbers for integers
  } catch (cause) {
    if (!isOutOfRange(cause) || !/^\s*(?:SELECT|WITH)\b/.test(statement.sourceSQL)) throw cause
    return inexactly(statement, parameters)
  }
}

const isOutOfRange = (cause: unknown): boolean =>
  cause instanceof RangeError && "code" in cause && cause.code === "ERR_OUT_OF_RANGE"

/**
 * Reads again rows of which one has an integer that no number is exact for, and which node:sqlite refuses for that, all of
 * them. Only a damaged row has one: `Row` finds out which it is. What writes is not run twice.
 */
const inexactly = (statement: StatementSync, parameters: Row): readonly Row[] => {
  statement.setReadBigInts(true)
  try {
    const rows = statement.all(...input(parameters)) as unknown as readonly (readonly (Value | bigint)[])[] // safe because the statement returns arrays
    return rows.map((row) => row.map((value) => (typeof value === "bigint" ? Number(value) : value)))
  } finally {
    statement.setReadBigInts(false)
  }
}

/** Returns parameters as `node:sqlite` takes them. */
export const input = (parameters: Row): SQLInputValue[] => parameters as SQLInputValue[] // safe because every Value is one; node:sqlite does not change it
