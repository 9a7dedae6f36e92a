/** What a request asks of a check: the fields that it names, read and checked. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { fields, type Fields, type Name } from "./CheckFields.ts"
import type { Any, Field } from "./Field.ts"
import * as Sentence from "../management/Sentence.ts"

/** Fields that the request leaves out are absent. */
export type Spec = { readonly [K in Name]?: Fields[K] extends Field<infer A> ? A : never }

/** In alphabetical order: the error that is reported is the first one in it. */
const readers = Object.entries<Any>(fields)
  .filter(([name, field]) => field.set !== undefined || name === "unique")
  .toSorted(([a], [b]) => (a < b ? -1 : 1))
  .map(([name, { schema }]) => ({ name, read: Schema.decodeUnknownResult(schema) }))

/** Reads a JSON object. Fields that the API does not know are ignored. */
export const read = (body: Readonly<Record<string, unknown>>): Result.Result<Spec, string> => {
  const spec: Record<string, unknown> = {}
  for (const { name, read } of readers) {
    if (!Object.hasOwn(body, name)) continue
    const value = read(asPython(name, body[name]))
    if (Result.isFailure(value)) return Result.fail(Sentence.of(value.failure.issue, name))
    spec[name] = value.success
  }
  return Result.succeed(spec) // safe because each value went through the schema of its field
}

/** In Python true is 1 and false is 0: Healthchecks finds a timeout of `true` too small rather than no number. */
const asPython = (name: string, value: unknown): unknown =>
  typeof value === "boolean" && (name === "timeout" || name === "grace") ? Number(value) : value
