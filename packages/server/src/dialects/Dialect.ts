/** What a dialect is: a vendor's API over the one engine, as routes below path prefixes. */
import type * as Engine from "@overdue/engine/Engine"
import type { Handler } from "../http/Http.ts"
import type { Site } from "../Site.ts"

/** What routes may ask for. */
export type Services = Engine.Services | Site

export interface Route {
  /** Paths that begin with it belong to the route. */
  readonly prefix: string
  readonly handle: Handler<Services>
}

export interface Dialect {
  readonly name: string
  readonly routes: readonly Route[]
}
