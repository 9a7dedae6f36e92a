/** What an endpoint of the Healthchecks APIs is, and what it is given. */
import type { Access, Project } from "@overdue/core/Project"
import type { ChannelInvalid } from "@overdue/core/Notifier"
import type { StoreError } from "@overdue/core/Store"
import type {
  ChannelNotFound,
  CheckForbidden,
  CheckLimitReached,
  CheckNotFound,
  CheckNotPaused,
  ProjectNotFound,
} from "@overdue/engine/CommandError"
import * as Schema from "effect/Schema"
import type { Effect } from "effect/Effect"
import type { Outbound } from "../../../http/Http.ts"
import type { Services } from "../../Dialect.ts"
import type { Version } from "../checks/CheckFields.ts"
import type { OperationId } from "./OperationId.ts"

/** The request is not what the API takes, in Healthchecks' words. */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", { text: Schema.String }) {}

export type Refusal =
  | BadRequest
  | ChannelInvalid
  | ChannelNotFound
  | CheckForbidden
  | CheckLimitReached
  | CheckNotFound
  | CheckNotPaused
  | ProjectNotFound
  | StoreError

/** A request without a key. */
export interface Open {
  readonly version: Version
  readonly header: (name: string) => string | undefined
  readonly query: URLSearchParams
  /** What the path names, by the names in the endpoint's path. */
  readonly path: Readonly<Record<string, string>>
  /** Of the site, without a slash at the end. */
  readonly root: string
}

/** A request with a key that opens the endpoint. */
export interface Authorized extends Open {
  readonly project: Project
  readonly access: Access
  /** The JSON object of a POST; empty when there was none. */
  readonly body: Readonly<Record<string, unknown>>
}

export type Method = "GET" | "POST" | "DELETE"

/** `read`: a read-only key will do. `write`: it will not. `none`: no key is asked for. */
export type Operation =
  | {
      readonly id: OperationId
      readonly access: "read" | "write"
      readonly run: (request: Authorized) => Effect<Outbound, Refusal, Services>
    }
  | {
      readonly id: OperationId
      readonly access: "none"
      readonly run: (request: Open) => Effect<Outbound, Refusal, Services>
    }

export interface Endpoint {
  /** Below `/api/vN`, with names in braces: `/checks/{uuid}/pings/`. */
  readonly path: string
  readonly methods: Readonly<Partial<Record<Method, Operation>>>
  /** The first and the last version that have it; without them, all. */
  readonly since?: Version
  readonly until?: Version
  /** Answers every other method. */
  readonly otherwise?: Operation
  /** Says nothing to browsers that ask on behalf of other sites. */
  readonly isPlain?: boolean
}
