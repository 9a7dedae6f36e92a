/** Reads the values of a row as what they must be. Nothing from a file is taken at its word. */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Connection, Row, Value } from "./Connection.ts"

/** What is stored is not what was written. */
class Unreadable extends Error {}

/** Says that something stored cannot be read; `query` makes it a StoreError. */
export const unreadable = (what: string): never => {
  throw new Unreadable(what)
}

export const text = (value: Value | undefined): string =>
  typeof value === "string" ? value : unreadable(`a text is ${kindOf(value)}`)

export const integer = (value: Value | undefined): number =>
  typeof value === "number" ? value : unreadable(`a number is ${kindOf(value)}`)

export const bytes = (value: Value | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : unreadable(`bytes are ${kindOf(value)}`)

export const flag = (value: Value | undefined): boolean => integer(value) !== 0

/** What a JSON text says; `what` names it in the error. */
export const json = (value: Value | undefined, what: string): unknown => {
  try {
    return JSON.parse(text(value))
  } catch {
    return unreadable(`${what} is not JSON`)
  }
}

/** One of a set of words. */
export const word =
  <A extends string>(words: Readonly<Record<A, true>>) =>
  (value: Value | undefined): A => {
    const found = text(value)
    return Object.hasOwn(words, found)
      ? (found as A) // safe because it is one of the keys
      : unreadable(`"${found}" is none of ${Object.keys(words).join(", ")}`)
  }

/** What `read` gives; null is `undefined`. */
export const optional = <A>(read: (value: Value | undefined) => A, value: Value | undefined): A | undefined =>
  value === null ? undefined : read(value)

/** How `undefined` is stored. */
export const orNull = <A extends Value>(value: A | undefined): A | null => value ?? null

/** The rows of a statement, each read by `read`. */
export const query = <A>(
  connection: Connection,
  sql: string,
  each: readonly Row[],
  read: (row: Row) => A,
): Effect.Effect<readonly A[], StoreError> =>
  Effect.flatMap(connection.query(sql, each), (rows) => reading(() => rows.map(read)))

/** One row that a statement gave. */
export const one = <A>(row: Row, read: (row: Row) => A): Effect.Effect<A, StoreError> =>
  reading(() => read(row))

/** The first row of a statement, if it has one. */
export const first = <A>(
  connection: Connection,
  sql: string,
  parameters: Row,
  read: (row: Row) => A,
): Effect.Effect<A | undefined, StoreError> =>
  Effect.map(query(connection, sql, [parameters], read), (found) => found[0])

const reading = <A>(read: () => A): Effect.Effect<A, StoreError> => {
  try {
    return Effect.succeed(read())
  } catch (cause) {
    if (cause instanceof Unreadable) return Effect.fail(corrupt(cause))
    throw cause
  }
}

const corrupt = (cause: Unreadable): StoreError =>
  new StoreError({
    reason: "corrupt",
    detail:
      `the database holds something that Overdue did not write: ${cause.message}. ` +
      "Restore the latest backup, or correct the row.",
    cause,
  })

const kindOf = (value: Value | undefined): string =>
  value === null || value === undefined
    ? "missing"
    : typeof value === "object"
      ? "bytes"
      : `a ${typeof value}`
