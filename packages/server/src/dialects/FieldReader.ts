/** Reads the fields of a check that a request names, by a table of fields. */
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import type { Any, Field, Table } from "@overdue/core/document/Field"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Sentence from "./Sentence.ts"

/** The values of a table's fields. Those that a request leaves out are absent. */
export type Values<T extends Table> = { readonly [K in keyof T]?: T[K] extends Field<infer A> ? A : never }

/** What a dialect has beyond the fields of a check. */
export interface Options<E> {
  /** Fields of requests that no check has. */
  readonly extra?: E & Table
  /** Returns a value as the schema of its field takes it, where the dialect takes more; by default as it is. */
  readonly adapt?: (name: string, value: unknown) => unknown
}

/** Why a field is refused. */
export interface Refusal {
  /** A sentence that begins with the name of the field. */
  readonly text: string
  /** What helps to correct the value; `undefined` when `text` says it all. */
  readonly detail: string | undefined
}

/**
 * Returns what reads a JSON object by a table of fields, of which only those are read that can be set. Fields that the
 * table does not have are ignored. Fails with a sentence about the first field, in alphabetical order, that is wrong.
 */
export const make = <T extends Table, E = unknown>(table: T, options: Options<E> = {}) => {
  const read = explaining(table, options)
  return (body: Readonly<Record<string, unknown>>): Result.Result<Values<T & E>, string> =>
    Result.mapError(read(body), ({ text }) => text)
}

/** Returns the same as `make`, and fails with more than a sentence where a field has more to say. */
export const explaining = <T extends Table, E = unknown>(
  table: T,
  { extra, adapt = (_, value) => value }: Options<E> = {},
) => {
  const readers = [...CheckDocument.writable(table), ...Object.entries<Any>(extra ?? {})]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { schema, explain, isBeyond }]) => ({
      name,
      explain,
      isBeyond: isBeyond === true,
      read: Schema.decodeUnknownResult(schema),
    }))
  return (body: Readonly<Record<string, unknown>>): Result.Result<Values<T & E>, Refusal> => {
    const values: Record<string, unknown> = {}
    for (const { name, read, explain, isBeyond } of readers) {
      if (!Object.hasOwn(body, name)) continue
      const given = adapt(name, body[name])
      const value = read(given)
      if (Result.isFailure(value)) {
        const { issue } = value.failure
        const detail = explain?.(body[name])
        // The words of Healthchecks name no bounds; of a field that it does not have, there are none.
        return Result.fail(
          isBeyond
            ? { text: Sentence.whole(issue, given, name), detail }
            : { text: Sentence.of(issue, name), detail: detail ?? Sentence.bound(issue, given) },
        )
      }
      values[name] = value.success
    }
    return Result.succeed(values as Values<T & E>) // safe because each value went through the schema of its field
  }
}
