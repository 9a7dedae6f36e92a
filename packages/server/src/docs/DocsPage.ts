/** The OpenAPI document as one HTML page without scripts, fonts or anything else from the network. */
import { style } from "./DocsStyle.ts"
import type { DescribedOperation, DescribedParameter, Document } from "./Document.ts"
import type { JsonSchema } from "./JsonSchema.ts"

/** An API of this server, as its pages list it. */
export interface Neighbour {
  readonly title: string
  /** Where its page is. */
  readonly docs: string
}

/** What a page says beside what is in its document. */
export interface Beside {
  /** Bodies of requests to show, by the ids of operations. */
  readonly examples?: Readonly<Record<string, string>>
  /** What is said of bodies: continues "bodies are". By default JSON. */
  readonly bodies?: string
  /** The other APIs of this server. */
  readonly neighbours?: readonly Neighbour[]
}

/** Returns the page as HTML. */
export const print = (
  document: Document,
  { examples = {}, bodies = "JSON", neighbours = [] }: Beside = {},
): string => {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Entry => ({ path, method, operation })),
  )
  const chapters = document.tags.map(({ name, description }) => ({
    name,
    description,
    entries: operations.filter(({ operation }) => operation.tags.includes(name)),
  }))
  const { title, version, description } = document.info
  const root = document.servers[0]!.url
  const key = keyOf(document)
  const schemas = Object.entries(document.components.schemas)
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)} API</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head><body>` +
    `<nav aria-label="Contents"><strong>${escape(title)} API v${escape(version)}</strong>` +
    chapters.map(contents).join("") +
    (schemas.length === 0 ? "" : `<h2><a href="#schemas">Schemas</a></h2>`) +
    `${alsoSpoken(neighbours)}</nav>` +
    `<main><h1>${escape(title)} API v${escape(version)}</h1><p>${prose(description)}</p>` +
    `<p>The address of this service is <code>${escape(root)}</code>. Send an API key of the project in the header ` +
    `<code>${escape(key.header)}</code>; bodies are ${bodies}. <a href="openapi.json">Download the OpenAPI 3.1 document.</a></p>` +
    chapters.map((each) => chapter(each, { root, key, examples })).join("") +
    (schemas.length === 0
      ? ""
      : `<section id="schemas"><h2>Schemas</h2>${schemas
          .map(([name, schema]) => component(name, schema))
          .join("")}</section>`) +
    `</main></body></html>`
  )
}

interface Entry {
  readonly path: string
  readonly method: string
  readonly operation: DescribedOperation
}

/** The header that has the key: its name for people, and how a command line sends it. */
interface Key {
  readonly header: string
  readonly sent: string
}

/** What articles have in common. */
interface Shared {
  readonly root: string
  readonly key: Key
  readonly examples: Readonly<Record<string, string>>
}

const keyOf = ({ components }: Document): Key =>
  components.securitySchemes["key"]?.["type"] === "http"
    ? { header: "Authorization: Bearer …", sent: `-H "Authorization: Bearer $KEY"` }
    : { header: "X-Api-Key", sent: `-H "X-Api-Key: $KEY"` }

const alsoSpoken = (others: readonly Neighbour[]): string =>
  others.length === 0
    ? ""
    : `<h2>Other APIs here</h2><ul>${others
        .map(({ title, docs }) => `<li><a href="${escape(docs)}">${escape(title)}</a></li>`)
        .join("")}</ul>`

interface Chapter {
  readonly name: string
  readonly description: string
  readonly entries: readonly Entry[]
}

const contents = ({ name, entries }: Chapter): string =>
  `<h2><a href="#${name}">${name}</a></h2><ul>${entries
    .map(({ operation }) => `<li><a href="#${operation.operationId}">${escape(operation.summary)}</a></li>`)
    .join("")}</ul>`

const chapter = ({ name, description, entries }: Chapter, shared: Shared): string =>
  `<section id="${name}"><h2>${name}</h2><p>${prose(description)}</p>${entries
    .map((each) => article(each, shared))
    .join("")}</section>`

const article = ({ path, method, operation }: Entry, shared: Shared): string => {
  const { operationId, summary, description, parameters, requestBody, responses, security } = operation
  const [body] = Object.entries(requestBody?.content ?? {})
  return (
    `<article id="${operationId}"><h3>${escape(summary)}</h3>` +
    `<p class="address"><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code></p>` +
    (description === undefined ? "" : `<p>${prose(description)}</p>`) +
    (parameters.length === 0 ? "" : table(["Parameter", "Type", "Meaning"], parameters.map(parameterRow))) +
    (body === undefined ? "" : described(body)) +
    table(
      ["Answer", "Body", "Meaning"],
      Object.entries(responses).map(([status, { description, content = {} }]) => [
        `<b>${status}</b>`,
        Object.entries(content)
          .map(([type, { schema }]) => (type === "application/json" ? typeOf(schema) : escape(type)))
          .join("") || "empty",
        prose(description),
      ]),
    ) +
    `<pre>${escape(example({ path, method, operation }, shared, security.length > 0))}</pre></article>`
  )
}

/** What is sent: a component by its name, the fields of anything else. */
const described = ([type, { schema }]: readonly [string, { readonly schema: JsonSchema }]): string => {
  if (type !== "application/json") return "<p>Body: optional, of any type</p>"
  return schema["properties"] === undefined ? `<p>Body: ${typeOf(schema)}</p>` : fieldsOf(schema)
}

const fieldsOf = (schema: JsonSchema): string => {
  // safe because these keywords are what JSON Schema says they are (draft 2020-12)
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>)
  const required = (schema["required"] ?? []) as readonly string[]
  return table(
    ["Field", "Type", "Meaning"],
    properties.map(([field, of]) => [
      `<code>${escape(field)}</code>${required.includes(field) ? "<br><small>required</small>" : ""}`,
      typeOf(of),
      meaning(of),
    ]),
  )
}

const parameterRow = ({ name, in: place, description, schema }: DescribedParameter): readonly string[] => [
  `<code>${escape(name)}</code><br><small>${place === "path" ? "in the path" : "in the query, optional"}</small>`,
  typeOf(schema),
  prose(description),
]

const component = (name: string, schema: JsonSchema): string => {
  // safe because these keywords are what JSON Schema says they are (draft 2020-12)
  const properties = Object.entries((schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>)
  const required = (schema["required"] ?? []) as readonly string[]
  const { description } = schema
  return (
    `<article id="schema-${name}"><h3>${name}</h3>` +
    (typeof description === "string" ? `<p>${prose(description)}</p>` : "") +
    table(
      ["Field", "Type", "Meaning"],
      properties.map(([field, of]) => [
        `<code>${escape(field)}</code>${required.includes(field) ? "<br><small>always present</small>" : ""}`,
        typeOf(of),
        meaning(of),
      ]),
    ) +
    `</article>`
  )
}

const meaning = (schema: JsonSchema): string => {
  const { description, default: otherwise, examples } = schema
  const parts = [typeof description === "string" ? prose(description) : ""]
  if (otherwise !== undefined) parts.push(`By default <code>${escape(JSON.stringify(otherwise))}</code>.`)
  if (Array.isArray(examples)) {
    parts.push(`Such as ${examples.map((each) => `<code>${escape(String(each))}</code>`).join(", ")}.`)
  }
  return parts.join(" ")
}

/** A schema in a few words. */
const typeOf = (schema: JsonSchema): string => {
  const { $ref, type, items, anyOf, allOf, properties, format, minimum, maximum, maxLength } = schema
  if (typeof $ref === "string") {
    const name = $ref.slice($ref.lastIndexOf("/") + 1)
    return `<a href="#schema-${name}">${name}</a>`
  }
  if ("const" in schema) return `<code>${escape(JSON.stringify(schema["const"]))}</code>`
  if (Array.isArray(schema["enum"])) {
    return schema["enum"].map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(" or ")
  }
  if (Array.isArray(type)) return type.join(" or ")
  // safe because these keywords are what JSON Schema says they are (draft 2020-12), in the casts below as well
  if (Array.isArray(anyOf)) return (anyOf as readonly JsonSchema[]).map(typeOf).join(" or ")
  if (Array.isArray(allOf)) return (allOf as readonly JsonSchema[]).map(typeOf).join(" and ")
  if (type === "array") return items === undefined ? "list" : `list of ${typeOf(items as JsonSchema)}`
  if (type === "object" && properties !== undefined) {
    // safe because `properties` has a schema for each
    const fields = Object.entries(properties as Readonly<Record<string, JsonSchema>>)
    return `{ ${fields.map(([name, of]) => `<code>${escape(name)}</code>: ${typeOf(of)}`).join(", ")} }`
  }
  const kind = typeof format === "string" ? format : typeof type === "string" ? type : "any JSON"
  if (typeof minimum === "number" && typeof maximum === "number") return `${kind}, ${minimum} to ${maximum}`
  return typeof maxLength === "number" ? `${kind}, at most ${maxLength} characters` : kind
}

const example = (
  { path, method, operation }: Entry,
  { root, key, examples }: Shared,
  isKeyed: boolean,
): string => {
  const parts = ["curl"]
  if (method !== "get" && !(method === "post" && operation.tags.includes("Pings"))) {
    parts.push(`-X ${method.toUpperCase()}`)
  }
  if (isKeyed) parts.push(key.sent)
  const given = examples[operation.operationId]
  if (given !== undefined) parts.push(`-d '${given}'`)
  parts.push(root + path.replace(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`))
  return parts.join(" ")
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table><thead><tr>${head.map((cell) => `<th>${cell}</th>`).join("")}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join("")}</tr>`)
    .join("")}</tbody></table>`

/** Text in which backquotes mark code. */
const prose = (text: string): string => escape(text).replace(/`([^`]+)`/g, "<code>$1</code>")

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" }

const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character]!)
