/** The answers of 66uptime's API: JSON with `data`, or a list of errors whose statuses are texts. */
import * as Schema from "effect/Schema"
import * as JsonSchema from "../../docs/JsonSchema.ts"
import { json, type HeaderFields, type Outbound } from "../../http/Http.ts"
import * as Shapes from "../../rest/Shapes.ts"
import type { Words } from "../../rest/Api.ts"
import * as SignalAnswers from "../SignalAnswers.ts"

/** Returns the answer to a request that succeeded. */
export const data = (value: unknown, status = 200): Outbound => json(status, { data: value })

/** Returns the shape of the answer to a request that succeeded. */
export const dataOf = (value: JsonSchema.JsonSchema) => JsonSchema.object({ data: value })

/** The shape of the answer to a request that created or changed something. */
export const named = dataOf(JsonSchema.object({ id: JsonSchema.of(Shapes.count) }))

/** What is refused. */
export const Failure = Schema.Struct({
  errors: Schema.Array(
    Schema.Struct({
      title: Schema.String.annotate({ description: "Says what is wrong." }),
      status: Schema.String.annotate({ description: "The status of the answer.", examples: ["404"] }),
    }),
  ),
})

/** The answer to a request that deleted something. */
export const deleted: Outbound = { status: 204, headers: {}, body: "" }

const failures = (status: number, titles: readonly string[], headers: HeaderFields = {}): Outbound =>
  json(status, { errors: titles.map((title) => ({ title, status: String(status) })) }, headers)

const failure = (status: number, title: string, headers: HeaderFields = {}): Outbound =>
  failures(status, [title], headers)

/** How requests are refused. */
export const words: Words = {
  unauthorized: failure(401, "The API key is missing or wrong, or it may only read."),
  notFound: (what) => failure(404, `${what} not found.`),
  notAllowed: failure(405, "Method not allowed."),
  invalid: (issues) =>
    failures(
      400,
      issues.map(({ field, message }) => `The ${field} field ${message}.`),
    ),
  unreadable: (sentence) => failure(400, sentence),
  refused: failure,
  tooMany: failure(429, "Too many requests."),
}

/** For every answer to a ping. */
const pinged: HeaderFields = { "access-control-allow-origin": "*", ...SignalAnswers.uncached }

const notFound = failure(404, "Heartbeat not found.", pinged)

/** How pings are refused. */
export const ofPings = {
  notFound,
  notAllowed: failure(405, "Method not allowed.", { ...pinged, allow: "GET, POST, HEAD" }),
  ...SignalAnswers.make({
    write: (status, sentence, headers) => failure(status, sentence, { ...pinged, ...headers }),
    notFound,
    // No ping names a heartbeat by anything but its code.
    ambiguous: notFound,
  }),
}

/** The answer to a ping that was taken: nobody has published what the vendor says, so there is nothing to say. */
export const taken: Outbound = {
  status: 200,
  headers: { "content-type": "text/plain; charset=utf-8", ...pinged },
  body: "",
}
