/**
 * Reads the values of rows, and checks that each is what it must be: a database may be damaged or edited by hand. The
 * readers throw, and `record` adds whose value it is; `query` and `first` make a StoreError with reason `damaged` of that,
 * and `list` goes on without the record.
 */
import * as InSlices from "@overdue/core/InSlices"
import * as JsonText from "@overdue/core/JsonText"
import { StoreError, type Damage } from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import type { Connection, Row, Statement, Transaction, Value } from "./Connection.ts"

/** UTF-16 units of a damaged value that an error repeats: a policy of 200 kB says no more than its beginning. */
const longestExcerpt = 40

/** The longest span, in milliseconds: three thousand years. */
export const longest: Span = 1e14
/**
 * The last instant that is read, and the first is 1970. What is computed of it and a few spans is still within the 8.64e15
 * milliseconds that a `Date` can be; and from a much earlier one, a minute after the other would be looked at for hours.
 */
export const last: Instant = 8e15

/** A column, and what of its value is wrong when that is JSON. */
type Where = Pick<Damage, "column" | "field">

/** A value is not what it must be. */
class Unreadable extends Error {
  readonly what: string
  readonly where: Where
  damage: Damage | undefined

  constructor(what: string, where: Where) {
    super(`${placeOf(where)}: ${what}`)
    this.what = what
    this.where = where
  }
}

/** Throws that the value of a column cannot be read; `what` says what is wrong with it. */
export const unreadable = (column: string, what: string, field?: string): never => {
  throw new Unreadable(what, { column, ...(field !== undefined && field !== "" && { field }) })
}

/** Reads a text. */
export const text = (value: Value | undefined, column: string): string =>
  typeof value === "string" ? value : unreadable(column, `a text is ${kindOf(value)}`)

/** Reads an integer. */
export const integer = (value: Value | undefined, column: string): number =>
  Number.isSafeInteger(number(value, column))
    ? (value as number) // safe because `number` has looked at it
    : outside(column, Number(value))

/** Reads a number of any size, by which rows are only put in order. */
export const number = (value: Value | undefined, column: string): number =>
  typeof value === "number" ? value : unreadable(column, `a number is ${kindOf(value)}`)

/** Reads a number of things. */
export const count = (value: Value | undefined, column: string): number => {
  const found = integer(value, column)
  return found >= 0 ? found : outside(column, found)
}

/** Reads an instant. */
export const instant = (value: Value | undefined, column: string): Instant => {
  const found = integer(value, column)
  return found >= 0 && found <= last ? found : outside(column, found)
}

/** Reads a span. */
export const span = (value: Value | undefined, column: string): Span => {
  const found = integer(value, column)
  return found >= 0 && found <= longest ? found : outside(column, found)
}

const outside = (column: string, value: number): never => unreadable(column, `${value} is out of range`)

/** A span in JSON. */
export const StoredSpan = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: longest }))
/** An instant in JSON. */
export const StoredInstant = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: last }))

/** Reads bytes. */
export const bytes = (value: Value | undefined, column: string): Uint8Array =>
  value instanceof Uint8Array ? value : unreadable(column, `bytes are ${kindOf(value)}`)

/** Reads a boolean, which is stored as 0 or 1. */
export const flag = (value: Value | undefined, column: string): boolean => {
  const found = integer(value, column)
  return found === 0 || found === 1 ? found === 1 : outside(column, found)
}

/** Reads a JSON text. */
export const json = (value: Value | undefined, column: string): unknown => {
  const found = text(value, column)
  try {
    return JSON.parse(found)
  } catch {
    return unreadable(column, "it is not JSON")
  }
}

/** Returns what reads a JSON text by a schema. */
export const document = <A>(
  schema: Schema.Codec<A, unknown>,
): ((value: Value | undefined, column: string) => A) => {
  const decode = Schema.decodeUnknownResult(Schema.fromJsonString(schema))
  return (value, column) => {
    const decoded = decode(text(value, column))
    if (Result.isSuccess(decoded)) return decoded.success
    // Messages of schemas say what was expected and repeat no value.
    const { path = [], message } = format(decoded.failure.issue).issues[0]!
    const field = path.map((key) => String(typeof key === "object" ? key.key : key)).join(".")
    return unreadable(column, message, field)
  }
}

const format = SchemaIssue.makeFormatterStandardSchemaV1()

/** Returns what reads one of a set of words. */
export const word =
  <A extends string>(words: Readonly<Record<A, true>>) =>
  (value: Value | undefined, column: string): A => {
    const found = text(value, column)
    return Object.hasOwn(words, found)
      ? (found as A) // safe because it is one of the keys
      : unreadable(column, `${excerpt(found)} is none of ${Object.keys(words).join(", ")}`)
  }

/** Returns the beginning of a damaged text as an error may repeat it. */
export const excerpt = (found: string): string =>
  JsonText.tame(JSON.stringify(found.length > longestExcerpt ? `${found.slice(0, longestExcerpt)}…` : found))

/** Reads a value by `read`; null as `undefined`. */
export const optional = <A>(
  read: (value: Value | undefined, column: string) => A,
  value: Value | undefined,
  column: string,
): A | undefined => (value === null ? undefined : read(value, column))

/** Returns the value to store: null for `undefined`. */
export const orNull = <A extends Value>(value: A | undefined): A | null => value ?? null

/** Returns what `read` reads; `undefined` when it cannot be read. */
export const readable = <A>(read: () => A): A | undefined => {
  const found = tried(read)
  return Result.isSuccess(found) ? found.success : undefined
}

/** Returns `read` with whose record a row is, for errors: of which table, and by which name people find it in a log. */
export const record =
  <A>(table: string, name: (row: Row) => string, read: (row: Row) => A) =>
  (row: Row): A => {
    try {
      return read(row)
    } catch (cause) {
      if (cause instanceof Unreadable) cause.damage ??= { table, record: name(row), ...cause.where }
      throw cause
    }
  }

/** Returns the error that says what is wrong with a column of a record that has a name, and what to do about that. */
export const damage = (place: Damage, what: string, remedy: string = usualRemedy): StoreError =>
  new StoreError({
    reason: "damaged",
    detail: `the record of ${place.record} is damaged: ${placeOf(place)}: ${what}. ${remedy}`.trimEnd(),
    damage: place,
  })

const usualRemedy = "Correct it in the database, delete it, or restore the latest backup."

/** Runs a statement once for each list of parameters and returns its rows, each read by `read`. */
export const query = <A>(
  connection: Connection,
  sql: Statement,
  each: readonly Row[],
  read: (row: Row) => A,
): Effect.Effect<readonly A[], StoreError> =>
  Effect.flatMap(connection.query(sql, each), (rows) => reading(() => rows.map(read)))

/** Succeeds with what a function reads, and fails as the readers say that it cannot. */
export const reading = <A>(read: () => A): Effect.Effect<A, StoreError> => Effect.fromResult(tried(read))

/** Begins to run a statement, and returns what waits for its rows, which are read by `read`. */
export const ahead = <A>(
  connection: Transaction,
  sql: Statement,
  each: readonly Row[],
  read: (rows: readonly Row[]) => A,
): Effect.Effect<Effect.Effect<A, StoreError>, StoreError> =>
  Effect.map(
    connection.ahead(sql, each),
    Effect.flatMap((rows) => reading(() => read(rows))),
  )

/** What a list has, and why other records that belong to it cannot be read. */
export interface Listed<A> {
  readonly found: readonly A[]
  readonly damaged: readonly StoreError[]
}

/** Rows that are read before others have their turn: about a millisecond of work. */
const listedAtOnce = 256

/** Does the same as `query`, and leaves out the records that are damaged. */
export const list = <A>(
  connection: Connection,
  sql: Statement,
  each: readonly Row[],
  read: (row: Row) => A,
): Effect.Effect<Listed<A>, StoreError> =>
  Effect.flatMap(connection.query(sql, each), (rows) => {
    const found: A[] = []
    const damaged: StoreError[] = []
    return Effect.as(
      InSlices.map(rows, listedAtOnce, (row) => {
        const one = tried(() => read(row))
        if (Result.isSuccess(one)) found.push(one.success)
        else damaged.push(one.failure)
      }),
      { found, damaged },
    )
  })

/** Returns what `read` reads of a row. */
export const one = <A>(row: Row, read: (row: Row) => A): Effect.Effect<A, StoreError> =>
  Effect.fromResult(tried(() => read(row)))

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
    if (cause instanceof Unreadable) return Result.fail(errorOf(cause))
    throw cause
  }
}

const errorOf = ({ what, where, damage: at }: Unreadable): StoreError =>
  at === undefined
    ? new StoreError({
        reason: "corrupt",
        detail:
          `the database holds something that Overdue did not write: ${placeOf(where)}: ${what}. ` +
          "Restore the latest backup, or correct the row.",
      })
    : damage(at, what)

const placeOf = ({ table, column, field }: Where & { readonly table?: string }): string =>
  `column ${column}${table === undefined ? "" : ` of table ${table}`}${field === undefined ? "" : `, field ${field}`}`

const kindOf = (value: Value | undefined): string =>
  value === null || value === undefined
    ? "missing"
    : typeof value === "object"
      ? "bytes"
      : `a ${typeof value}`
