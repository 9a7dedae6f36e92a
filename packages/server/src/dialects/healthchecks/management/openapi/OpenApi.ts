/** The OpenAPI 3.1 document of API v3, generated from the endpoints, the table of fields and the schemas of answers. */
import type { Description } from "@overdue/core/Notifier"
import type { Endpoint, Method, Operation } from "../Endpoint.ts"
import { components } from "./Components.ts"
import { empty, json, ref, type Answer, type Doc } from "./Doc.ts"
import * as Docs from "./Docs.ts"
import type { Content, DescribedOperation, DescribedParameter, Document } from "../../../../docs/Document.ts"
import type { JsonSchema } from "../../../../docs/JsonSchema.ts"
import { pingPaths } from "./PingPaths.ts"

const version = 3

/** Returns the document of a service that is reached at `root`, and has channels of these kinds. */
export const make = (
  endpoints: readonly Endpoint[],
  root: string,
  kinds: readonly Description[],
): Document => ({
  openapi: "3.1.0",
  info: {
    title: "Overdue",
    version: String(version),
    description:
      "Overdue alerts you when a job does not report in time. The API is compatible with Healthchecks: clients of Healthchecks work unchanged, and can ignore the additional fields and endpoints.",
  },
  servers: [{ url: root }],
  tags: chapters,
  paths: { ...pingPaths, ...pathsOf(endpoints) },
  components: {
    schemas: components(kinds),
    securitySchemes: {
      key: {
        type: "apiKey",
        in: "header",
        name: "X-Api-Key",
        description:
          "An API key of the project. A read-only key can read checks, flips, statistics and badges.",
      },
    },
  },
})

const chapters = [
  {
    name: "Pings",
    description: "Signals from jobs: they started, succeeded or failed. Pings need no API key.",
  },
  {
    name: "Checks",
    description: "A check describes when a job is expected to report, and holds its current status.",
  },
  { name: "History", description: "The pings that arrived, the changes of status, and statistics." },
  { name: "Channels", description: "A channel is where alerts go when a check goes down or comes up again." },
  { name: "Badges", description: "Images and JSON documents that show the status of checks in public." },
  {
    name: "Projects",
    description:
      "The project of the API key; and all projects and their API keys for whoever operates the installation, with the key that the server has as `OVERDUE_ADMIN_KEY` and with no other.",
  },
  {
    name: "Probes",
    description:
      "For probers elsewhere, such as `overdue probe`: with the key that the server has as `OVERDUE_PROBER_KEY`, which opens nothing else, or with a read-write key of a project, whose checks alone they get then.",
  },
  { name: "Service", description: "Health, metrics and documentation of the service itself." },
] as const

const pathsOf = (endpoints: readonly Endpoint[]): Document["paths"] => {
  const paths: Record<string, Record<string, DescribedOperation>> = {}
  const found = endpoints
    .filter(({ since = 1, until = version }) => since <= version && version <= until)
    .flatMap(({ path, methods }) =>
      // safe because the keys of `methods` are methods
      Object.entries(methods).map(([method, operation]) => ({ path, method: method as Method, operation })),
    )
  for (const id of Docs.order) {
    // Operations on a check have two paths, by id and by unique key. The description of the parameter mentions both.
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
      ? { 400: failure("The body is not a JSON object, or a field is invalid; the error names the field.") }
      : {}),
    ...(access === "none"
      ? {}
      : {
          401: failure(
            "The API key is missing or wrong, or is read-only where a read-write key is required.",
          ),
        }),
    ...(access === "none" ? {} : missing(path)),
    ...doc.answers,
    ...(access === "none"
      ? {}
      : {
          429: failure(
            "Too many requests with this API key in the last minute. Wait for the number of seconds in Retry-After.",
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

/** Answers of operations on one check or channel that the project does not have. */
const missing = (path: string): Readonly<Record<string, Answer>> => {
  if (path.includes("{delivery}")) return { 404: failure("The project has no alert with this id.") }
  if (!path.includes("{uuid}")) return {}
  if (path.startsWith("/channels/")) return { 404: failure("The project has no channel with this id.") }
  if (path.startsWith("/projects/")) return { 404: failure("There is no project, or no key, with this id.") }
  const notFound = path.includes("{n}")
    ? "No check has this id, or the check keeps no ping with this number and a body."
    : "No check has this id."
  return { 403: empty("The check belongs to another project."), 404: failure(notFound) }
}

const failure = (description: string): Answer => json(description, ref("Error"))

const content = (type: string, schema: JsonSchema): Content => ({ [type]: { schema } })

const pathParameters = (path: string): readonly DescribedParameter[] =>
  Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name: name!,
    in: "path",
    required: true,
    description: name === "n" ? "Number of the ping, `n` in the list of pings." : ofWhat(path),
    schema: name === "n" ? { type: "integer", minimum: 1 } : { type: "string" },
  }))

const ofWhat = (path: string): string => {
  if (path.startsWith("/channels/")) return "Id of the channel, a UUID in lower case."
  if (path.startsWith("/deliveries/")) return "Id of the delivery, as the list of deliveries has it."
  if (path.startsWith("/projects/")) return "Id of the project, a UUID in lower case, or of the key."
  if (path.startsWith("/notifications/")) return "Id of the message."
  return "Id of the check, a UUID in lower case. To get a check, its flips or its statistics, its `unique_key` can be used instead."
}

const queryParameters = ({ query = {} }: Doc): readonly DescribedParameter[] =>
  Object.entries(query).map(([name, { description, schema }]) => ({ name, in: "query", description, schema }))
