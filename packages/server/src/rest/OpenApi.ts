/** The OpenAPI 3.1 document of an API, generated from its table of endpoints. */
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import type { DescribedOperation, DescribedParameter, Document } from "../docs/Document.ts"
import * as JsonSchema from "../docs/JsonSchema.ts"
import type { Api, Described, Words } from "./Api.ts"
import type { Doc, Operation } from "./Endpoint.ts"

/** Returns the document of an API that is reached at `root`. */
export const make = (api: Api, root: string): Document => ({
  openapi: "3.1.0",
  info: { title: api.title, version: "1", description: `${api.description} ${ofReaders}` },
  servers: [{ url: root }],
  tags: [
    { name: "Pings", description: "Signals from jobs. They need no key." },
    { name: "API", description: "What is configured, and what has become of it." },
  ],
  paths: { ...pingsOf(api.pings), ...pathsOf(api) },
  components: {
    schemas: Record.map(api.schemas, JsonSchema.of),
    securitySchemes: {
      key:
        api.keyIn === "X-Api-Key"
          ? { type: "apiKey", in: "header", name: "X-Api-Key" }
          : { type: "http", scheme: "bearer" },
    },
  },
})

const ofReaders =
  "A read-only key reads everything here, also the ids by which jobs ping, and changes nothing."

const pingsOf = (pings: readonly Described[]): Document["paths"] =>
  Object.fromEntries(
    pings.map(({ id, path, summary, description, query, answer, shape, refusals }) => [
      path,
      {
        get: {
          operationId: id,
          tags: ["Pings"],
          summary,
          description,
          security: [],
          parameters: [...pathParameters(path), ...queryParameters(query)],
          responses: {
            200: answerOf(answer, shape),
            404: refusal("There is no such check."),
            ...refusalsOf(refusals),
            429: tooMany,
          },
        },
      },
    ]),
  )

/** An answer whose body is JSON, or empty. */
const answerOf = (description: string, schema: JsonSchema.JsonSchema | undefined) => ({
  description,
  ...(schema !== undefined && { content: { "application/json": { schema } } }),
})

const refusal = (description: string) => answerOf(description, JsonSchema.ref("Error"))

const refusalsOf = (refusals: Doc["refusals"] = {}) =>
  Object.fromEntries(Object.entries(refusals).map(([status, why]) => [status, refusal(why)]))

const tooMany = refusal("Too many requests; `Retry-After` says for how many seconds to wait.")

/** What may be wrong with a body, by the statuses that a dialect has for it. */
const ofBody = ({ invalid, unreadable }: Words) => ({
  [unreadable("").status]: refusal("The body could not be read."),
  [invalid([]).status]: refusal("Fields of the body are missing or wrong; it says which."),
})

const pathsOf = ({ endpoints, words }: Api): Document["paths"] =>
  Object.fromEntries(
    endpoints.map(({ path, methods }) => [
      path,
      Object.fromEntries(
        Object.entries(methods).map(([method, operation]) => [
          method.toLowerCase(),
          describe(path, operation, words),
        ]),
      ),
    ]),
  )

const describe = (path: string, { id, access, doc }: Operation, words: Words): DescribedOperation => ({
  operationId: id,
  tags: ["API"],
  summary: doc.summary,
  ...(doc.description !== undefined && { description: doc.description }),
  security: [{ key: [] }],
  parameters: [...pathParameters(path), ...queryParameters(doc.query)],
  ...(doc.body !== undefined && { requestBody: bodyOf(doc.body) }),
  responses: {
    [doc.status ?? 200]: answerOf(doc.answer, doc.shape),
    ...(doc.body !== undefined && ofBody(words)),
    401: refusal(`The key is missing or wrong${access === "write" ? ", or is read-only" : ""}.`),
    ...(path.includes("{") &&
      doc.isAlwaysThere !== true && { 404: refusal("The project has nothing with this id.") }),
    ...refusalsOf(doc.refusals),
    429: tooMany,
  },
})

/** What is sent, in which a number may also be a text. */
const bodyOf = (body: Schema.Top): NonNullable<DescribedOperation["requestBody"]> => {
  const schema = JsonSchema.of(Schema.toEncoded(body))
  return {
    ...(schema["required"] !== undefined && { required: true }),
    content: {
      "application/json": { schema },
      "application/x-www-form-urlencoded": { schema },
      "multipart/form-data": { schema },
    },
  }
}

const names: Readonly<Record<string, string>> = {
  uuid: "A UUID in lower case.",
  serial: "A number.",
}

const pathParameters = (path: string): readonly DescribedParameter[] =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name: name!,
    in: "path" as const,
    required: true as const,
    description: names[name!] ?? "The id.",
    schema: { type: name === "serial" ? "integer" : "string" },
  }))

const queryParameters = (query: Doc["query"] = {}): readonly DescribedParameter[] =>
  Object.entries(query).map(([name, { description, schema }]) => ({ name, in: "query", description, schema }))
