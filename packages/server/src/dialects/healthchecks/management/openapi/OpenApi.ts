/** The OpenAPI 3.1 document of the newest version of the API, made of the tables that it runs on. */
import type { Endpoint, Method, Operation } from "../Endpoint.ts"
import { components } from "./Components.ts"
import { empty, json, ref, type Answer, type Doc, type JsonSchema } from "./Doc.ts"
import * as Docs from "./Docs.ts"
import type { Content, DescribedOperation, DescribedParameter, Document } from "./Document.ts"
import { pingPaths } from "./PingPaths.ts"

const version = 3

export const make = (endpoints: readonly Endpoint[], root: string): Document => ({
  openapi: "3.1.0",
  info: {
    title: "Overdue",
    version: String(version),
    description:
      "Knows when a job is overdue. The API is that of Healthchecks; what it has beyond that does no harm to its clients.",
  },
  servers: [{ url: root }],
  tags: chapters,
  paths: { ...pingPaths, ...pathsOf(endpoints) },
  components: {
    schemas: components(),
    securitySchemes: {
      key: {
        type: "apiKey",
        in: "header",
        name: "X-Api-Key",
        description: "A key of the project. Reading checks, flips and badges takes a read-only key as well.",
      },
    },
  },
})

const chapters = [
  { name: "Pings", description: "What jobs send: that they started, succeeded or failed. No key is needed." },
  { name: "Checks", description: "What is expected of jobs, and what has become of them." },
  { name: "History", description: "What arrived, and when the status changed." },
  { name: "Channels", description: "Where to tell that a check went down or came up again." },
  { name: "Badges", description: "Images and documents that show the status of checks." },
  { name: "Service", description: "The service itself." },
] as const

const pathsOf = (endpoints: readonly Endpoint[]): Document["paths"] => {
  const paths: Record<string, Record<string, DescribedOperation>> = {}
  const found = endpoints
    .filter(({ since = 1, until = version }) => since <= version && version <= until)
    .flatMap(({ path, methods }) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method: method as Method, operation })),
    )
  for (const id of Docs.order) {
    // A check has two kinds of path, by id and by unique key, which the description of its parameter tells.
    const first = found.find(({ operation }) => operation.id === id)
    if (first === undefined) continue
    const path = `/api/v${version}${first.path}`
    paths[path] = {
      ...paths[path],
      [first.method.toLowerCase()]: describe(first.path, first.method, first.operation),
    }
  }
  return paths
}

const describe = (path: string, method: Method, { id, access }: Operation): DescribedOperation => {
  const doc: Doc = Docs.of(id)
  const answers: Readonly<Record<string, Answer>> = {
    ...(method === "POST" && access !== "none"
      ? { 400: failure("The request is not what it must be.") }
      : {}),
    ...(access === "none" ? {} : { 401: failure("The key is missing, or is not one that may do this.") }),
    ...(path.includes("{uuid}") && access !== "none"
      ? { 403: empty("It belongs to another project."), 404: failure("There is none.") }
      : {}),
    ...doc.answers,
    ...(access === "none"
      ? {}
      : {
          429: failure(
            "The key has had its requests for this minute; Retry-After tells for how many seconds.",
          ),
        }),
  }
  return {
    operationId: id,
    tags: [doc.tag],
    summary: doc.summary,
    ...(doc.description === undefined ? {} : { description: doc.description }),
    security: access === "none" ? [] : [{ key: [] }],
    parameters: [...pathParameters(path), ...queryParameters(doc)],
    ...(doc.body === undefined ? {} : { requestBody: { content: content("application/json", doc.body) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, { description, type, schema }]) => [
        status,
        schema === undefined
          ? { description }
          : { description, content: content(type ?? "application/json", schema) },
      ]),
    ),
  }
}

const failure = (description: string): Answer => json(description, ref("Error"))

const content = (type: string, schema: JsonSchema): Content => ({ [type]: { schema } })

const pathParameters = (path: string): readonly DescribedParameter[] =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name: name!,
    in: "path",
    required: true,
    description: name === "n" ? "Number of the ping." : ofWhat(path),
    schema: name === "n" ? { type: "integer", minimum: 1 } : { type: "string" },
  }))

const ofWhat = (path: string): string => {
  if (path.startsWith("/channels/")) return "Id of the channel."
  if (path.startsWith("/notifications/")) return "Id of the message."
  return "Id of the check, a UUID in lower case. A GET of the check, of its flips or of its statistics takes its unique key as well."
}

const queryParameters = ({ query = {} }: Doc): readonly DescribedParameter[] =>
  Object.entries(query).map(([name, { description, schema }]) => ({ name, in: "query", description, schema }))

/** The document is JSON. */
export const print = (document: Document): string => JSON.stringify(document, undefined, 1)
