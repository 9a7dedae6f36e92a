/** What is said of an operation in the OpenAPI document: plain data beside the code that it describes. */
import type { Json } from "@overdue/core/document/Field"

export interface Doc {
  /** The chapter that it stands in. */
  readonly tag: "Pings" | "Checks" | "History" | "Channels" | "Badges" | "Service"
  readonly summary: string
  readonly description?: string
  /** Parameters of the query, none of which is required. */
  readonly query?: Readonly<Record<string, Parameter>>
  /** Schema of the JSON in the body. */
  readonly body?: JsonSchema
  /** By status, besides those that keys and paths bring about. */
  readonly answers: Readonly<Record<number, Answer>>
}

export interface Parameter {
  readonly description: string
  readonly schema: JsonSchema
}

export interface Answer {
  readonly description: string
  readonly type?: "application/json" | "text/plain" | "text/html"
  readonly schema?: JsonSchema
}

export type JsonSchema = { readonly [key: string]: Json }

export type Component =
  | "Check"
  | "CheckInput"
  | "Ping"
  | "Flip"
  | "Statistics"
  | "Channel"
  | "ChannelInput"
  | "BadgeUrls"
  | "Error"

export const ref = (component: Component): JsonSchema => ({ $ref: `#/components/schemas/${component}` })

export const object = (properties: Readonly<Record<string, JsonSchema>>): JsonSchema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
})

/** An answer in JSON. */
export const json = (description: string, schema: JsonSchema): Answer => ({
  description,
  type: "application/json",
  schema,
})

/** `{"checks": [...]}` */
export const listOf = (name: string, component: Component): Answer =>
  json(`The ${name}.`, object({ [name]: { type: "array", items: ref(component) } }))

export const text = (description: string): Answer => ({
  description,
  type: "text/plain",
  schema: { type: "string" },
})

export const empty = (description: string): Answer => ({ description })
