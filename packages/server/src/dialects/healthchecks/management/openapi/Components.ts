/**
 * The JSON Schemas of requests and answers, generated from the schemas and the table of fields that the API runs on.
 */
import type * as Schema from "effect/Schema"
import * as CheckDocument from "@overdue/core/document/CheckDocument"
import { ofBirth, ofRequests, tableOf } from "../../checks/Versions.ts"
import * as Channels from "../endpoints/Channels.ts"
import * as DeliveryDocument from "@overdue/core/document/DeliveryDocument"
import * as Flips from "../endpoints/Flips.ts"
import * as OwnProject from "../endpoints/OwnProject.ts"
import * as Pings from "../endpoints/Pings.ts"
import * as Probes from "../endpoints/Probes.ts"
import * as Projects from "../endpoints/Projects.ts"
import * as Silence from "../endpoints/Silence.ts"
import * as Statistics from "../endpoints/Statistics.ts"
import type { Description } from "@overdue/core/Notifier"
import type { Any, Table } from "@overdue/core/document/Field"
import * as CheckDetails from "../CheckDetails.ts"
import * as Remarks from "../Remarks.ts"
import * as JsonSchema from "../../../../docs/JsonSchema.ts"
import type { Component } from "./Doc.ts"

/** Returns the components of the newest version of the API: with the fields of a table, and the kinds of channels. */
export const components = (
  kinds: readonly Description[] = [],
  table: Table = tableOf(3),
): Readonly<Record<Component, JsonSchema.JsonSchema> & Record<string, JsonSchema.JsonSchema>> => ({
  Check: check(table),
  CheckInput: checkInput(table),
  SilenceInput: JsonSchema.of(Silence.Input),
  Silence: JsonSchema.of(Silence.Output),
  Ping: JsonSchema.of(Pings.Output),
  Flip: JsonSchema.of(Flips.Output),
  Statistics: JsonSchema.of(Statistics.Output),
  Channel: JsonSchema.of(Channels.Output),
  ChannelInput: withValues(JsonSchema.of(Channels.Input), kinds),
  ChannelChange: withValues(JsonSchema.of(Channels.Change), kinds),
  Delivery: JsonSchema.of(DeliveryDocument.Output),
  ...Object.fromEntries(kinds.map((kind) => [nameOfValue(kind), valueOf(kind)])),
  OwnProject: JsonSchema.of(OwnProject.Output),
  OwnProjectChange: JsonSchema.of(OwnProject.Change),
  Project: JsonSchema.of(Projects.Output),
  ProjectInput: JsonSchema.of(Projects.Input),
  ProjectChange: JsonSchema.of(Projects.Change),
  Key: JsonSchema.of(Projects.KeyOutput),
  KeyInput: JsonSchema.of(Projects.KeyInput),
  ClaimInput: JsonSchema.of(Probes.ClaimInput),
  Turn: JsonSchema.of(Probes.Turn),
  ReportInput: JsonSchema.of(Probes.ReportInput),
  ReportOutcome: JsonSchema.of(Probes.Outcome),
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
    properties: {
      error: { type: "string", description: "A sentence that says what is wrong." },
      detail: {
        type: "string",
        description:
          "What helps to correct it: of a schedule, which dialect it is, and what to write. Only with `remarks=1` or `defaults=own`.",
      },
    },
    required: ["error"],
  },
})

/** `webhook` → `WebhookValue`. */
const nameOfValue = ({ kind }: Description): string =>
  `${kind.replaceAll(/(?:^|[^a-z0-9]+)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())}Value`

const valueOf = ({ kind, title, documentation, value }: Description): JsonSchema.JsonSchema => ({
  ...value,
  title,
  description: `The configuration of a channel of the kind \`${kind}\`.`,
  externalDocs: { url: documentation },
})

/** The value of a channel is that of one of the kinds; of any shape in a program that tells channels by itself. */
const withValues = (input: JsonSchema.JsonSchema, kinds: readonly Description[]): JsonSchema.JsonSchema => {
  if (kinds.length === 0) return input
  const properties = input["properties"] as Readonly<Record<string, JsonSchema.JsonSchema>> // safe because it is an object's
  const anyOf = kinds.map((kind) => ({ $ref: `#/components/schemas/${nameOfValue(kind)}` }))
  return { ...input, properties: { ...properties, value: { ...properties["value"], anyOf } } }
}

const check = (table: Table): JsonSchema.JsonSchema => {
  const shown = Object.entries(table).filter(([, { show }]) => show !== undefined)
  return {
    type: "object",
    properties: {
      ...Object.fromEntries(
        // A check may have been made at one of our own doors.
        shown.map(([name, { schema, own = schema }]) => [name, withoutBounds(JsonSchema.of(own))]),
      ),
      ...detailsOf(CheckDetails.output),
      remarks: JsonSchema.of(Remarks.ofPolicy),
    },
    required: shown
      .filter(([, { mayBeAbsent, shownTo }]) => mayBeAbsent === undefined && shownTo === undefined)
      .map(([name]) => name),
  }
}

/** The properties of an object's schema. */
const detailsOf = (schema: Schema.Top): Readonly<Record<string, JsonSchema.JsonSchema>> =>
  // safe because it is an object's
  JsonSchema.of(schema)["properties"] as Readonly<Record<string, JsonSchema.JsonSchema>>

const checkInput = (table: Table): JsonSchema.JsonSchema => ({
  type: "object",
  properties: {
    ...Object.fromEntries(
      [...CheckDocument.writable(table), ...Object.entries<Any>({ ...ofRequests, ...ofBirth })].map(inputOf),
    ),
    api_key: {
      type: "string",
      description: "The API key, for clients that cannot send the header X-Api-Key.",
    },
  },
})

/** Adds the default to the schema of a field that can be set: what a new check has, unless that is nothing at all. */
const inputOf = ([name, field]: readonly [string, Any]): readonly [string, JsonSchema.JsonSchema] => {
  const otherwise = CheckDocument.defaultOf(field, "healthchecks")
  const isTold = otherwise !== undefined && otherwise !== null && field.form?.is !== "windows"
  const schema = JsonSchema.of(field.schema)
  return [name, isTold ? { ...schema, default: otherwise } : schema]
}

/** Input has bounds that a stored check need not keep: it may have been created by other means. */
const withoutBounds = (schema: JsonSchema.JsonSchema): JsonSchema.JsonSchema => {
  const { minimum: _, maximum: _2, maxLength: _3, pattern: _4, default: _5, ...rest } = schema
  return rest
}
