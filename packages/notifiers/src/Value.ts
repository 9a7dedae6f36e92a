/** Values of channels: read by the schema of their kind, and described by it. */
import { ChannelInvalid } from "@overdue/core/Notifier"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"

/**
 * Returns a reader of values. It takes an object or its JSON text, in which Healthchecks stores values, and refuses with
 * the name of the first field that is not what it must be, never with what the field held.
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

/** Returns the JSON Schema (2020-12) of values, without what says nothing. */
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

/** Healthchecks keeps the name that people gave the channel in its value, too, where it says nothing. */
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
