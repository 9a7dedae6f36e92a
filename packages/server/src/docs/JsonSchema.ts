/** JSON Schemas, as documents show them. */
import * as Schema from "effect/Schema"

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** Returns a reference to a schema that the document defines once. */
export const ref = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** Returns the schema of an object that has all of these properties. */
export const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
})

/** Returns the schema of a list. */
export const list = (items: JsonSchema): JsonSchema => ({ type: "array", items })

const isNoNumber = (value: unknown): boolean =>
  JSON.stringify(value) === '{"type":"string","enum":["Infinity","-Infinity","NaN"]}'

/** Returns the JSON Schema of what a schema accepts in JSON. */
export const of = (schema: Schema.Constraint): JsonSchema =>
  // safe because removing keys and values leaves a schema
  tidy(Schema.toJsonSchemaDocument(schema).schema) as JsonSchema

/**
 * Removes what says nothing to a reader: the bounds of JavaScript's integers, `additionalProperties: true`, and the words
 * for numbers that JSON does not have, none of which is ever an answer.
 */
const tidy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter((item) => !isNoNumber(item)).map(tidy)
  if (typeof value !== "object" || value === null) return value
  const { anyOf, ...rest } = value as JsonSchema // safe because it is a part of one
  const [only, ...others] = Array.isArray(anyOf) ? anyOf.filter((item) => !isNoNumber(item)) : []
  if (only !== undefined && others.length === 0) return tidy({ ...Object(only), ...rest })
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([name, inner]) =>
          Math.abs(Number(inner)) !== Number.MAX_SAFE_INTEGER &&
          !(name === "additionalProperties" && inner === true),
      )
      .map(([name, inner]) => [name, tidy(inner)]),
  )
}
