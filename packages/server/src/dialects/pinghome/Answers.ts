/** The answers of Pinghome's API: JSON objects that say what has happened in `message`. */
import type { Instant } from "@overdue/core/Time"
import * as Schema from "effect/Schema"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { json, type HeaderFields, type Outbound } from "../../http/Http.ts"
import * as LongJson from "../../http/LongJson.ts"
import * as Shapes from "../../rest/Shapes.ts"
import type { Words } from "../../rest/Api.ts"
import * as SignalAnswers from "../SignalAnswers.ts"

const said = (status: number, message: string, headers: HeaderFields = {}): Outbound =>
  json(status, { message }, headers)

/** How requests are refused. */
export const words: Words = {
  unauthorized: said(401, "Unauthorized"),
  notFound: (what) => said(404, `${what} not found`),
  notAllowed: said(405, "Method not allowed"),
  invalid: (issues) => json(422, { message: "Validation failed", errors: issues }),
  unreadable: (sentence) =>
    json(422, { message: "Validation failed", errors: [{ field: "body", message: sentence }] }),
  refused: said,
  tooMany: said(429, "Too many requests"),
}

const message: JsonSchema.JsonSchema = { type: "string", description: "Says what has happened." }
const id = JsonSchema.of(Shapes.uuid)

/** Returns the shape of an answer that says what has happened. */
export const saidOf = (more: Readonly<Record<string, JsonSchema.JsonSchema>> = {}) =>
  JsonSchema.object({ message, ...more })

/** The shape of the answer to a request that has changed or deleted something. */
export const changedShape = JsonSchema.object({ message, id })

/** The shape of the answer to a request that has deleted several things. */
export const deletedShape = JsonSchema.object({ message, ids: JsonSchema.list(id) })

/** Returns the shape of the answer to a request that created something. */
export const createdOf = (more: Readonly<Record<string, JsonSchema.JsonSchema>> = {}) =>
  saidOf({ id, ...more })

const number = JsonSchema.of(Shapes.count)

/** Returns the shape of an answer with a page of what is defined once under a name. */
export const pageOf = (name: string) => {
  const data = JsonSchema.list(JsonSchema.ref(name))
  return JsonSchema.object({ data, page: number, limit: number, total: number, total_pages: number })
}

/** What is refused. */
export const Failure = Schema.Struct({
  message: Schema.String.annotate({ description: "Says what is wrong." }),
  errors: Schema.optionalKey(
    Schema.Array(Schema.Struct({ field: Schema.String, message: Schema.String })).annotate({
      description: "What is wrong with each field.",
    }),
  ),
})

/** Returns the answer to a request that created something. */
export const created = (what: string, id: string, more: Readonly<Record<string, unknown>> = {}): Outbound =>
  json(201, { message: `${what} created`, id, ...more })

/** Returns the answer to a request that has changed or deleted something; `done` says what happened. */
export const changed = (done: string, id: string): Outbound => json(200, { message: done, id })

/** Returns the answer to a request that has deleted several things. */
export const deleted = (done: string, ids: readonly string[]): Outbound => json(200, { message: done, ids })

/** Which page of a list. */
export interface Paging {
  readonly page: number
  readonly limit: number
}

/** Returns the answer with a page of a list that has `total` items. */
export const page = (data: LongJson.List, { page, limit }: Paging, total: number) =>
  LongJson.answer({ data, page, limit, total, total_pages: Math.ceil(total / limit) })

/** Returns an instant as Pinghome writes it: `2026-01-31T12:00:00.000Z`. */
export const instant = (at: Instant): string => new Date(at).toISOString()

/** The same of an instant that there may not be. */
export const instantOrNull = (at: Instant | undefined): string | null =>
  at === undefined ? null : instant(at)

/** For every answer to an event. */
const ofEvent: HeaderFields = { "access-control-allow-origin": "*", ...SignalAnswers.uncached }

const notFound = said(404, "Heartbeat not found", ofEvent)

/** How events are refused. */
export const ofEvents = {
  notFound,
  notAllowed: (allow: string) => said(405, "Method not allowed", { ...ofEvent, allow }),
  invalid: (message: string) =>
    json(422, { message: "Validation failed", errors: [{ field: "result", message }] }, ofEvent),
  ...SignalAnswers.make({
    write: (status, sentence, headers) => said(status, sentence, { ...ofEvent, ...headers }),
    notFound,
    // No event names a heartbeat by anything but its id.
    ambiguous: notFound,
  }),
}

/** The answer to an event that was taken. */
export const taken = said(200, "Heartbeat event received", ofEvent)

/** The answer to an event that was logged and changes nothing. */
export const ignored = said(200, "Heartbeat event ignored", ofEvent)
