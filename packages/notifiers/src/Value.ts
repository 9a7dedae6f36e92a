/** Values of channels: parsed and described by the schema of their kind. */
import { ChannelInvalid } from "@overdue/core/Notifier"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/**
 * Returns a parser of values, which takes an object or its JSON text (in which Healthchecks stores values). It fails
 * with the name of the first invalid field, and never quotes what the field held.
 */
export const reader = <Config>(
  schema: Schema.Codec<Config, unknown>,
): ((value: unknown) => Result.Result<Config, ChannelInvalid>) => {
  const decode = Schema.decodeUnknownResult(schema, { onExcessProperty: "error" })
  const known = fieldsOf(schema)
  return (value) => {
    const object = withoutName(typeof value === "string" ? jsonOf(value) : value)
    if (object === undefined) return Result.fail(invalid([], "an object, or one as JSON text"))
    const unknown = Object.keys(object).find((field) => !known.includes(field))
    if (unknown !== undefined)
      return Result.fail(invalid([unknown], `no such field, but ${known.join(", ")}`))
    return Result.mapError(decode(object), ({ issue }) => firstOf(issue))
  }
}

/** Returns a parser that parses an object once, for as long as it is kept: many alerts are told to one channel. */
export const remembered = <A>(parse: (value: unknown) => A): ((value: unknown) => A) => {
  const known = new WeakMap<object, A>()
  return (value) => {
    if (typeof value !== "object" || value === null) return parse(value)
    const before = known.get(value)
    if (before !== undefined) return before
    const parsed = parse(value)
    known.set(value, parsed)
    return parsed
  }
}

/** Returns the JSON Schema (2020-12) of values, without `additionalProperties`, which is the same for every kind. */
export const describe = (schema: Schema.Codec<unknown, unknown>): Readonly<Record<string, unknown>> => {
  const { additionalProperties: _, ...described } = Schema.toJsonSchemaDocument(schema).schema
  return described
}

const fieldsOf = (schema: Schema.Codec<unknown, unknown>): readonly string[] =>
  Object.keys(describe(schema)["properties"] ?? {})

const firstOf = (issue: SchemaIssue.Issue): ChannelInvalid => {
  const { path = [], message } = format(issue).issues[0]!
  return invalid(
    path.map((key) => String(typeof key === "object" ? key.key : key)),
    message,
  )
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => (issue._tag === "MissingKey" ? "a value" : SchemaIssue.defaultLeafHook(issue)),
})

const invalid = (path: readonly string[], expected: string): ChannelInvalid =>
  new ChannelInvalid({ field: ["value", ...path].join("."), expected })

/** Drops `name`, which in Healthchecks' values repeats the name of the channel. */
const withoutName = (value: unknown): Readonly<Record<string, unknown>> | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  const { name: _, ...object } = value as Readonly<Record<string, unknown>> // safe because it is an object
  return object
}

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
