/**
 * The JSON Schemas of requests and answers, generated from the schemas and the table of fields that the API runs on.
 */
import * as Schema from "effect/Schema"
import { fields } from "../../checks/CheckFields.ts"
import * as Channels from "../endpoints/Channels.ts"
import * as Flips from "../endpoints/Flips.ts"
import * as Pings from "../endpoints/Pings.ts"
import * as Statistics from "../endpoints/Statistics.ts"
import type { Any } from "../../checks/Field.ts"
import type { Component, JsonSchema } from "./Doc.ts"

/** Returns every schema that the document refers to. */
export const components = (): Readonly<Record<Component, JsonSchema>> => ({
  Check: check(),
  CheckInput: checkInput(),
  Ping: convert(Pings.Shown),
  Flip: convert(Flips.Shown),
  Statistics: convert(Statistics.Shown),
  Channel: convert(Channels.Shown),
  ChannelInput: convert(Channels.Input),
  BadgeUrls: {
    type: "object",
    description:
      "The addresses of one badge in each format. Those whose name ends in 3 show `late` as a status of its own; the others show it as `up`.",
    properties: Object.fromEntries(
      ["svg", "svg3", "json", "json3", "shields", "shields3"].map((name) => [
        name,
        { type: "string", format: "uri" },
      ]),
    ),
  },
  Error: {
    type: "object",
    properties: { error: { type: "string", description: "A sentence that says what is wrong." } },
    required: ["error"],
  },
})

const table = Object.entries<Any>(fields)

const check = (): JsonSchema => {
  const shown = table.filter(([, { show }]) => show !== undefined)
  return {
    type: "object",
    properties: Object.fromEntries(
      shown.map(([name, field]) => [name, withoutBounds(convert(field.schema))]),
    ),
    required: shown
      .filter(([, { mayBeAbsent, shownTo }]) => mayBeAbsent === undefined && shownTo === undefined)
      .map(([name]) => name),
  }
}

const checkInput = (): JsonSchema => ({
  type: "object",
  properties: {
    ...Object.fromEntries(
      table
        .filter(([name, { set }]) => set !== undefined || name === "unique")
        .map(([name, { schema }]) => [name, convert(schema)]),
    ),
    api_key: {
      type: "string",
      description: "The API key, for clients that cannot send the header X-Api-Key.",
    },
  },
})

/** Input has bounds that a stored check need not keep: it may have been created by other means. */
const withoutBounds = (schema: JsonSchema): JsonSchema => {
  const { minimum: _, maximum: _2, maxLength: _3, pattern: _4, default: _5, ...rest } = schema
  return rest
}

const convert = (schema: Schema.Constraint): JsonSchema =>
  tidy(Schema.toJsonSchemaDocument(schema).schema) as JsonSchema

/** Removes what says nothing to a reader: the bounds of JavaScript's integers, and `additionalProperties: true`. */
const tidy = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(tidy)
  if (typeof value !== "object" || value === null) return value
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
