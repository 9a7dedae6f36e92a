/** What a request asks of a check: the fields that it names, read and checked. */
import { fields, type Fields } from "@overdue/core/document/CheckFields"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import type { Any, Field, Table } from "@overdue/core/document/Field"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Sentence from "../management/Sentence.ts"
import { ofRequests } from "./Versions.ts"

type Readable = Fields & typeof ofRequests

/** Fields that the request leaves out are absent. */
export type Spec = { readonly [K in keyof Readable]?: Readable[K] extends Field<infer A> ? A : never }

/** Returns what reads a JSON object by a table of fields. Fields that the API does not know are ignored. */
export const reader = (table: Table) => {
  // In alphabetical order: the error that is reported is the first one in it.
  const readers = [...CheckDocument.writable(table), ...Object.entries<Any>(ofRequests)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { schema }]) => ({ name, read: Schema.decodeUnknownResult(schema) }))
  return (body: Readonly<Record<string, unknown>>): Result.Result<Spec, string> => {
    const spec: Record<string, unknown> = {}
    for (const { name, read } of readers) {
      if (!Object.hasOwn(body, name)) continue
      const value = read(asPython(name, body[name]))
      if (Result.isFailure(value)) return Result.fail(Sentence.of(value.failure.issue, name))
      spec[name] = value.success
    }
    return Result.succeed(spec) // safe because each value went through the schema of its field
  }
}

/** Reads what the API knows: versions differ in what they make of it, not in what they take. */
export const read = reader(fields)

/** In Python true is 1 and false is 0: Healthchecks finds a timeout of `true` too small rather than no number. */
const asPython = (name: string, value: unknown): unknown =>
  typeof value === "boolean" && (name === "timeout" || name === "grace") ? Number(value) : value
