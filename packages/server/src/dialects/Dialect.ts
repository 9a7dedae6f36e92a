/** A dialect: everything that one vendor's service offers over HTTP (API, pings, badges), over the one engine. */
import type * as Engine from "@overdue/engine/Engine"
import * as Context from "effect/Context"
import type { Neighbour } from "../docs/DocsPage.ts"
import type { Handler, Outbound, Inbound } from "../http/Http.ts"
import type { Site } from "../Site.ts"

/** The services that routes may require. `Site.root` is where the dialect itself is reached. */
export type Services = Engine.Services | Site

/** A route whose handler is an Effect, run in a fiber for each request. */
export interface Route {
  /** Names the route in logs, which must not show paths: they contain API keys and ids of checks. */
  readonly name: string
  /** The path, relative to where the dialect is reached. `/badge/*` matches every path that begins with `/badge/`. */
  readonly path: string
  readonly handle: Handler<Services>
}

/** A route that answers from a callback. A fiber for each request costs more than the rest of a ping. */
export interface DirectRoute {
  readonly name: string
  /** Called once, when the server starts. */
  readonly open: (services: Context.Context<Services>) => DirectTake
}

/**
 * Returns false when the request is for another route. Otherwise it calls `done` once: before it returns true, or later,
 * by the time the promise that it returns resolves. What it throws, or rejects with, is answered with a 500 and logged;
 * so a handler that awaits, the body of the request say, must return its promise.
 */
export type DirectTake = (inbound: Inbound, done: (outbound: Outbound) => void) => boolean | Promise<void>

/** Returns false when the request is for another route. Otherwise it calls `done` once, at once or later. */
export type Take = (inbound: Inbound, done: (outbound: Outbound) => void) => boolean

/** All dialects of the server, as their pages list them; by default none. */
export const AllSpoken = Context.Reference<() => readonly Neighbour[]>("@overdue/server/AllSpoken", {
  defaultValue: () => () => [],
})

/** A dialect. */
export interface Dialect {
  /** Names the dialect in logs and in settings. */
  readonly name: string
  /** What people call it. */
  readonly title: string
  /** The path of its page for people, relative to where it is reached; `undefined` when it has none. */
  readonly docs?: string
  /** The path below which the dialect is reached, such as `/hc`. The first dialect is reached at the root as well. */
  readonly mount: string
  /** Names of the virtual hosts at whose root this dialect alone is reached, set by the operator. Without a port. */
  readonly hosts: readonly string[]
  /** The routes. The first one that matches a request answers it. */
  readonly routes: readonly (Route | DirectRoute)[]
}
