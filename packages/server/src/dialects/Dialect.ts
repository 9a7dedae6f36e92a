/** A dialect: the whole surface of one vendor's service, its API, pings and badges, over the one engine. */
import type * as Engine from "@overdue/engine/Engine"
import type * as Context from "effect/Context"
import type { Handler, Outbound, Inbound } from "../http/Http.ts"
import type { Site } from "../Site.ts"

/** What routes may ask for. The `Site` that a route sees has the dialect's own root. */
export type Services = Engine.Services | Site

/** Answers with an Effect, in a fiber of its own. */
export interface Route {
  /** Names the route in logs, which must not show its path: keys and ids of checks stand in paths. */
  readonly name: string
  /** The path, from where the dialect is reached. One that ends in `*` stands for all that begin with what is before it. */
  readonly path: string
  readonly handle: Handler<Services>
}

/** Answers from a callback, without a fiber: for what is asked so often that a fiber would show. */
export interface DirectRoute {
  readonly name: string
  /** Called once, when the server is made. */
  readonly open: (services: Context.Context<Services>) => Take
}

/** Returns false when the request is not the route's. Otherwise `done` is called once, at once or later. */
export type Take = (inbound: Inbound, done: (outbound: Outbound) => void) => boolean

export interface Dialect {
  /** Names the dialect in logs, and in the settings of operators. */
  readonly name: string
  /** Path below which the dialect is reached, `/hc`. The first of the dialects is reached at the root as well. */
  readonly mount: string
  /** Names of hosts at whose root the dialect is reached, and no other: set by the operator. Lower case, no port. */
  readonly hosts: readonly string[]
  /** The first that takes a request answers it. */
  readonly routes: readonly (Route | DirectRoute)[]
}
