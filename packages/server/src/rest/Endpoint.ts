/**
 * Endpoints of the APIs of others whose errors are documented nowhere, so that their words are ours: what an endpoint
 * consists of, and what its operations receive. One table is served, and described for people and programs.
 */
import type { Access, Project } from "@overdue/core/Project"
import type { StoreError } from "@overdue/core/Store"
import type {
  CheckForbidden,
  CheckLimitReached,
  CheckNotFound,
  CheckNotPaused,
  GroupNotFound,
  ProjectNotFound,
  RateLimited,
  ServerNotFound,
} from "@overdue/engine/CommandError"
import type { Effect } from "effect/Effect"
import * as Schema from "effect/Schema"
import type { Need } from "../access/Access.ts"
import type { JsonSchema } from "../docs/JsonSchema.ts"
import type { Inbound, Outbound } from "../http/Http.ts"
import type * as Body from "../dialects/Body.ts"
import type { Services } from "../dialects/Dialect.ts"

/** Fields of a request are invalid. */
export class FieldsInvalid extends Schema.TaggedError<FieldsInvalid>()("FieldsInvalid", {
  /** One or more for each field that is. */
  issues: Schema.Array(Schema.Struct({ field: Schema.String, message: Schema.String })),
}) {}

/** There is no such thing in the project, or it is another project's. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", {
  /** What it would be, such as `Monitor`. */
  what: Schema.String,
}) {}

/** There is such a thing already, and there can be one only. */
export class Exists extends Schema.TaggedError<Exists>()("Exists", {
  /** What it is, such as `Reminder`. */
  what: Schema.String,
}) {}

/** Why an operation does not succeed. */
export type Refusal =
  | CheckForbidden
  | CheckLimitReached
  | CheckNotFound
  | CheckNotPaused
  | Exists
  | FieldsInvalid
  | GroupNotFound
  | NotFound
  | ProjectNotFound
  | RateLimited
  | ServerNotFound
  | StoreError

/** A request whose caller has the access that the operation requires. */
export interface Request {
  readonly project: Project
  readonly access: Access
  /** The parameters in the path, by the names in `Endpoint.path`. */
  readonly path: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly inbound: Inbound
  /** The fields of the body, a form or a JSON object; none when the method has no body. */
  readonly fields: Body.Fields
  /** Where the dialect is reached, without a slash at the end. */
  readonly root: string
}

/** Methods that operations may have. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE"

/** What is said of an operation. */
export interface Doc {
  readonly summary: string
  readonly description?: string
  /** Parameters of the query, by name. */
  readonly query?: Readonly<Record<string, { readonly description: string; readonly schema: JsonSchema }>>
  /** The fields of the body. */
  readonly body?: Schema.Top
  /** A body, as a form, that a page shows in the command line of its request. */
  readonly example?: string
  /** What an answer of success has in its body, in words. */
  readonly answer: string
  /** The shape of that; without it the body is empty. */
  readonly shape?: JsonSchema
  /** Why it may be refused beside what every operation is refused for, by status. */
  readonly refusals?: Readonly<Record<number, string>>
  /** Whether there is something at each path, whatever its parameters are. */
  readonly isAlwaysThere?: boolean
  /** The status of success; by default 200. */
  readonly status?: number
}

/** The refusal of what creates checks; see `Doc.refusals`. */
export const checkLimit = { 403: "The project has as many checks as it may have." } as const

/** An operation. */
export interface Operation {
  /** Names it in the description. */
  readonly id: string
  readonly access: Need
  readonly doc: Doc
  /** Whether answers may be long: each is made in turn then, see `SlicedBody`, and nothing is changed by it. */
  readonly isLong?: boolean
  /** The most bytes of its body; by default as of every other. */
  readonly longest?: number
  readonly run: (request: Request) => Effect<Outbound, Refusal, Services>
}

/** A path and its operations. */
export interface Endpoint {
  /** The path with parameters in braces: `/api/v1/monitors/{uuid}`. A slash at the end makes no difference. */
  readonly path: string
  readonly methods: Readonly<Partial<Record<Method, Operation>>>
  /** What a check is called here; by default as everywhere in the API. */
  readonly check?: string
}
