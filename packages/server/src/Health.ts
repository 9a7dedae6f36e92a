/** `/healthz`: tells load balancers and supervisors whether the service can do its work, without a key. */
import { Awake } from "@overdue/engine/Awake"
import { Trouble } from "@overdue/engine/Trouble"
import type { StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import type { Route } from "./dialects/Dialect.ts"
import { empty, text } from "./http/Http.ts"

/**
 * Succeeds when the store can be written to, on which everything that the service does depends: a note could be written,
 * and signals that came lately were stored. Fails as the store does.
 */
export const check: Effect.Effect<void, StoreError, Awake | Trouble> = Effect.andThen(
  Effect.flatMap(Awake, ({ prove }) => prove),
  Effect.flatMap(Trouble, ({ standing }) => standing),
)

const well = text(200, "OK", { "cache-control": "no-store" })

/** The route. It does not say why the service is unhealthy: that is in the log. */
export const route: Route = {
  name: "health",
  path: "/healthz",
  handle: ({ method }) =>
    method === "GET" || method === "HEAD"
      ? Effect.as(check, well)
      : Effect.succeed(empty(405, { allow: "GET, HEAD" })),
}
