/**
 * Reads the values of rows, and checks that each is what it must be: a database may be damaged or edited by hand. The
 * readers throw; `query`, `one` and `first` make a StoreError with reason `corrupt` of that.
 */
import { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Connection, Row, Value } from "./Connection.ts"

/** A value is not what it must be. */
class Unreadable extends Error {}

/** Throws that something stored cannot be read; `what` says what it is and what is wrong with it. */
export const unreadable = (what: string): never => {
  throw new Unreadable(what)
}

/** Reads a text. */
export const text = (value: Value | undefined): string =>
  typeof value === "string" ? value : unreadable(`a text is ${kindOf(value)}`)

/** Reads a number. */
export const integer = (value: Value | undefined): number =>
  typeof value === "number" ? value : unreadable(`a number is ${kindOf(value)}`)

/** Reads bytes. */
export const bytes = (value: Value | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : unreadable(`bytes are ${kindOf(value)}`)

/** Reads a boolean, which is stored as 0 or 1. */
export const flag = (value: Value | undefined): boolean => integer(value) !== 0

/** Reads a JSON text; `what` names it in the error. */
export const json = (value: Value | undefined, what: string): unknown => {
  try {
    return JSON.parse(text(value))
  } catch {
    return unreadable(`${what} is not JSON`)
  }
}

/** Returns what reads one of a set of words. */
export const word =
  <A extends string>(words: Readonly<Record<A, true>>) =>
  (value: Value | undefined): A => {
    const found = text(value)
    return Object.hasOwn(words, found)
      ? (found as A) // safe because it is one of the keys
      : unreadable(`"${found}" is none of ${Object.keys(words).join(", ")}`)
  }

/** Reads a value by `read`; null as `undefined`. */
export const optional = <A>(read: (value: Value | undefined) => A, value: Value | undefined): A | undefined =>
  value === null ? undefined : read(value)

/** Returns the value to store: null for `undefined`. */
export const orNull = <A extends Value>(value: A | undefined): A | null => value ?? null

/** Returns what `read` reads; `undefined` when it cannot be read. */
export const readable = <A>(read: () => A): A | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Runs a statement once for each list of parameters and returns its rows, each read by `read`. */
export const query = <A>(
  connection: Connection,
  sql: string,
  each: readonly Row[],
  read: (row: Row) => A,
): Effect.Effect<readonly A[], StoreError> =>
  Effect.flatMap(connection.query(sql, each), (rows) => reading(() => rows.map(read)))

/** Returns one row, read by `read`. */
export const one = <A>(row: Row, read: (row: Row) => A): Effect.Effect<A, StoreError> =>
  reading(() => read(row))

/** Runs a statement and returns its first row, read by `read`; `undefined` when it has none. */
export const first = <A>(
  connection: Connection,
  sql: string,
  parameters: Row,
  read: (row: Row) => A,
): Effect.Effect<A | undefined, StoreError> =>
  Effect.map(query(connection, sql, [parameters], read), (found) => found[0])

/** Returns what `read` reads, or the error that says what is wrong with it. */
export const tried = <A>(read: () => A): Result.Result<A, StoreError> => {
  try {
    return Result.succeed(read())
  } catch (cause) {
    if (cause instanceof Unreadable) return Result.fail(corrupt(cause))
    throw cause
  }
}

const reading = <A>(read: () => A): Effect.Effect<A, StoreError> => Effect.fromResult(tried(read))

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
