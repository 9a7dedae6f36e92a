/** The endpoints of the management API: what one consists of, and what its operations receive. */
import type { Access, Project } from "@overdue/core/Project"
import type { ChannelInvalid } from "@overdue/core/Notifier"
import type { Defaults } from "@overdue/core/document/CheckDocument"
import type { StoreError } from "@overdue/core/Store"
import type {
  ChannelExists,
  ChannelNotFound,
  CheckExists,
  CheckForbidden,
  CheckLimitReached,
  CheckNotFound,
  CheckNotPaused,
  DeliveryNotFound,
  DeliverySettled,
  KeyExists,
  KeyNotFound,
  ProjectExists,
  ProjectNotFound,
  ServerNotFound,
  UrlKeyTaken,
} from "@overdue/engine/CommandError"
import * as Schema from "effect/Schema"
import type { Effect } from "effect/Effect"
import type { Outbound } from "../../../http/Http.ts"
import type { Services } from "../../Dialect.ts"
import type { Version } from "../checks/Versions.ts"
import type { OperationId } from "./OperationId.ts"

/**
 * The request is invalid; `text` says why, in the words of Healthchecks, and `detail` what helps to correct it where
 * those do not.
 */
export class BadRequest extends Schema.TaggedError<BadRequest>()("BadRequest", {
  text: Schema.String,
  detail: Schema.optionalKey(Schema.String),
}) {}

/** Why an operation does not succeed. */
export type Refusal =
  | BadRequest
  | ChannelInvalid
  | ChannelExists
  | ChannelNotFound
  | CheckExists
  | CheckForbidden
  | CheckLimitReached
  | CheckNotFound
  | CheckNotPaused
  | DeliveryNotFound
  | DeliverySettled
  | KeyExists
  | KeyNotFound
  | UrlKeyTaken
  | ProjectExists
  | ProjectNotFound
  | ServerNotFound
  | StoreError

/** A request that needs no key. */
export interface Open {
  readonly version: Version
  readonly header: (name: string) => string | undefined
  readonly query: URLSearchParams
  /** By which defaults and bounds the request is read: Healthchecks', unless it says `?defaults=own`. */
  readonly defaults: Defaults
  /** The parameters in the path, by the names in `Endpoint.path`. */
  readonly path: Readonly<Record<string, string>>
  /** The root of the site, without a slash at the end. */
  readonly root: string
}

/** A request whose caller has the access that the operation requires. */
export interface Authorized extends Open {
  readonly project: Project
  readonly access: Access
  /** The JSON object in the body of a POST; empty when there was no body. */
  readonly body: Readonly<Record<string, unknown>>
}

/** A request of whoever operates the installation, with the operator's key. */
export interface Operated extends Open {
  readonly body: Authorized["body"]
}

/** A request of a prober elsewhere. */
export interface Probing extends Open {
  /** The project to whose checks it keeps; `undefined`: all. */
  readonly project: Project | undefined
  readonly body: Authorized["body"]
}

/** Methods that operations may have. */
export type Method = "GET" | "POST" | "DELETE"

/**
 * An operation, with the access that it requires: `read` accepts a read-only key, `write` does not, `operate` needs the
 * operator's key, `probe` the key of probers or one that may write, `metrics` the key to the metrics of the installation,
 * `none` needs no key.
 */
export type Operation =
  | {
      readonly id: OperationId
      readonly access: "read" | "write"
      readonly run: (request: Authorized) => Effect<Outbound, Refusal, Services>
    }
  | {
      readonly id: OperationId
      readonly access: "operate"
      readonly run: (request: Operated) => Effect<Outbound, Refusal, Services>
    }
  | {
      readonly id: OperationId
      readonly access: "probe"
      readonly run: (request: Probing) => Effect<Outbound, Refusal, Services>
    }
  | {
      readonly id: OperationId
      readonly access: "metrics" | "none"
      readonly run: (request: Open) => Effect<Outbound, Refusal, Services>
    }

/** A path and its operations. */
export interface Endpoint {
  /** The path below `/api/vN`, with parameters in braces: `/checks/{uuid}/pings/`. */
  readonly path: string
  readonly methods: Readonly<Partial<Record<Method, Operation>>>
  /** The first version that has the endpoint, by default 1. */
  readonly since?: Version
  /** The last version that has the endpoint, by default 3. */
  readonly until?: Version
  /** Answers all other methods; without it, they get a 405. */
  readonly otherwise?: Operation
  /** No CORS headers, and no answer to OPTIONS. */
  readonly isPlain?: boolean
}
