/** The fields of a check that people write in flags and files, made of the one table of fields. */
import type { Check } from "@overdue/client/management"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import * as CheckFields from "@overdue/core/document/CheckFields"
import type { Any, Form, Json, Table } from "@overdue/core/document/Field"
import * as Sentence from "@overdue/server/dialects/Sentence"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Written from "./Written.ts"

/** A field that can be written. */
export interface WrittenField {
  readonly name: string
  /** What it is, for people. */
  readonly sentence: string
  readonly form: Form
  /** Returns what is wrong with a document's value, in a sentence that begins with the field's name; `undefined`: nothing. */
  readonly problem: (value: Json) => string | undefined
  /** The default, which a check has as long as the field was never set. */
  readonly otherwise: Json
}

/** Those that everybody asks for come first. */
const leading = ["name", "slug", "tags", "desc", "timeout", "schedule", "tz", "grace"]

/** Returns the fields of a table that people write, in the order in which files and pages list them. */
export const of = (table: Table): ReadonlyMap<string, WrittenField> => {
  const rank = (name: string, { isBeyond }: Any): number => {
    if (leading.includes(name)) return leading.indexOf(name)
    return leading.length + (name === "channels" ? 2 : isBeyond === true ? 0 : 1)
  }
  return new Map(
    CheckDocument.writable(table)
      .filter(([, { isLegacy }]) => isLegacy !== true)
      .toSorted(([a, one], [b, other]) => rank(a, one) - rank(b, other))
      .map(([name, field]) => [name, written(name, field)]),
  )
}

const written = (name: string, field: Any): WrittenField => ({
  name,
  problem: problemOf(name, Schema.decodeUnknownResult(field.schema)),
  sentence: field.sentence,
  form: field.form ?? { is: "text" },
  otherwise: CheckDocument.defaultOf(field, "healthchecks") ?? (name === "tz" ? "UTC" : ""),
})

const problemOf =
  (name: string, decode: (value: unknown) => Result.Result<unknown, Schema.SchemaError>) =>
  (value: Json): string | undefined => {
    const read = decode(value)
    return Result.isFailure(read) ? Sentence.of(read.failure.issue, name) : undefined
  }

/** All fields. */
export const fields = of(CheckFields.fields)

/** Returns the value of a field; its default when the server leaves it out of its answer. */
export const valueOf = (check: Check, { name, otherwise }: WrittenField): Json => {
  // A check that is expected every so often follows no schedule, and the reverse.
  if (name === "timeout" && check.schedule !== undefined) return null
  if ((name === "schedule" || name === "tz") && check.schedule === undefined) return otherwise
  const answered = check as unknown as Readonly<Record<string, Json | undefined>> // safe because answers are JSON
  return answered[name] ?? otherwise
}

/** Returns the fields that are not at their defaults, as people write them. */
export const told = (
  check: Check,
  known: ReadonlyMap<string, WrittenField> = fields,
): readonly (readonly [name: string, value: Json])[] =>
  [...known.values()].flatMap((field): readonly (readonly [string, Json])[] => {
    const value = valueOf(check, field)
    const isUsual = value === null || equal(value, field.otherwise)
    return isUsual ? [] : [[field.name, Written.write(field.form, value)]]
  })

/** Whether two values are equal; the order of keys does not matter. */
export const equal = (a: Json, b: Json): boolean => canonical(a) === canonical(b)

const canonical = (value: Json): string =>
  JSON.stringify(value, (_, part: Json) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
