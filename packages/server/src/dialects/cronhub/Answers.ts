/** The answers of Cronhub's API: all are JSON objects that say whether the request was a success. */
import * as Schema from "effect/Schema"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { json, type HeaderFields, type Outbound } from "../../http/Http.ts"
import * as LongJson from "../../http/LongJson.ts"
import type { Words } from "../../rest/Api.ts"
import * as SignalAnswers from "../SignalAnswers.ts"

/** Returns the answer to a request that succeeded. */
export const success = (response: unknown): Outbound => json(200, { success: true, response })

/** Returns the answer to a request for a list. */
export const listed = (response: LongJson.List) => LongJson.answer({ success: true, response })

/** Returns the shape of the answer to a request that succeeded. */
export const successOf = (response: JsonSchema.JsonSchema) =>
  JsonSchema.object({ success: { const: true }, response })

/** What is refused. */
export const Failure = Schema.Struct({
  success: Schema.Literal(false),
  message: Schema.String.annotate({ description: "Says what is wrong." }),
  errors: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Array(Schema.String)).annotate({
      description: "What is wrong with each field, in sentences.",
    }),
  ),
})

const failure = (status: number, message: string, headers: HeaderFields = {}): Outbound =>
  json(status, { success: false, message }, headers)

/** How requests are refused. */
export const words: Words = {
  unauthorized: failure(401, "Unauthorized"),
  notFound: (what) => failure(404, `${what} not found`),
  notAllowed: failure(405, "Method not allowed"),
  invalid: (issues) => {
    const errors: Record<string, string[]> = {}
    for (const { field, message } of issues) (errors[field] ??= []).push(`The ${field} field ${message}.`)
    return json(422, { success: false, message: "The given data was invalid.", errors })
  },
  unreadable: (sentence) => failure(400, sentence),
  refused: failure,
  tooMany: failure(429, "Too many requests"),
}

/** For every answer to a ping. */
const pinged: HeaderFields = { "access-control-allow-origin": "*", ...SignalAnswers.uncached }

const notFound = failure(404, "Monitor not found", pinged)

/** How pings are refused. */
export const ofPings = {
  notFound,
  ...SignalAnswers.make({
    write: (status, sentence, headers) => failure(status, sentence, { ...pinged, ...headers }),
    notFound,
    // No ping names a monitor by anything but its code.
    ambiguous: notFound,
  }),
}

/** Returns the answer to a ping that was taken. */
export const taken = (status: string, lastPing: string | null): Outbound =>
  json(200, { success: true, monitor_status: status, monitor_last_ping: lastPing }, pinged)
