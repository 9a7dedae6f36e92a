/** The documentation of an operation, as plain data. */
import * as JsonSchema from "../../../../docs/JsonSchema.ts"

/** What the OpenAPI document says of one operation. */
export interface Doc {
  /** The chapter that the operation is listed in. */
  readonly tag: "Pings" | "Checks" | "History" | "Channels" | "Badges" | "Projects" | "Probes" | "Service"
  readonly summary: string
  readonly description?: string
  /** Query parameters by name. All of them are optional. */
  readonly query?: Readonly<Record<string, Parameter>>
  /** Schema of the JSON in the request's body; absent: the operation reads no body. */
  readonly body?: JsonSchema.JsonSchema
  /** Answers by status. Those that follow from the access and the path (400, 401, 403, 404, 429) are added. */
  readonly answers: Readonly<Record<number, Answer>>
}

/** A query parameter. */
export interface Parameter {
  readonly description: string
  readonly schema: JsonSchema.JsonSchema
}

/** One answer of an operation; without a schema, its body is empty. */
export interface Answer {
  readonly description: string
  readonly type?: "application/json" | "text/plain" | "text/html"
  readonly schema?: JsonSchema.JsonSchema
}

/** Names of the schemas that the document defines once and refers to. */
export type Component =
  | "Check"
  | "CheckInput"
  | "SilenceInput"
  | "Silence"
  | "Ping"
  | "Flip"
  | "Statistics"
  | "Channel"
  | "ChannelInput"
  | "ChannelChange"
  | "Delivery"
  | "Project"
  | "OwnProject"
  | "OwnProjectChange"
  | "ProjectInput"
  | "ProjectChange"
  | "Key"
  | "KeyInput"
  | "ClaimInput"
  | "Turn"
  | "ReportInput"
  | "ReportOutcome"
  | "BadgeUrls"
  | "Error"

/** Returns a reference to a component. */
export const ref = (component: Component): JsonSchema.JsonSchema => JsonSchema.ref(component)

/** Returns an answer whose body is JSON. */
export const json = (description: string, schema: JsonSchema.JsonSchema): Answer => ({
  description,
  type: "application/json",
  schema,
})

/** Returns an answer that lists components under a name: `{"checks": [...]}`. */
export const listOf = (name: string, component: Component): Answer =>
  json(`The ${name}.`, JsonSchema.object({ [name]: JsonSchema.list(ref(component)) }))

/** Returns an answer whose body is plain text. */
export const text = (description: string): Answer => ({
  description,
  type: "text/plain",
  schema: { type: "string" },
})

/** Returns an answer without a body. */
export const empty = (description: string): Answer => ({ description })
