/**
 * The seam by which a store says how busy the connections to its database are, for monitoring. The layer of a store that
 * has a pool provides it beside the store, as it may a `Bell`.
 */
import * as Context from "effect/Context"

/** What the connections of a pool do at one moment. */
export interface Usage {
  /** Connections on which something is under way. */
  readonly busy: number
  /** Open connections on which nothing is. */
  readonly idle: number
  /** Callers that wait for a connection. */
  readonly waiting: number
}

/** Returns the usage at the moment; called when somebody looks, so it must be cheap. `undefined`: there is no pool. */
export const Connections = Context.Reference<(() => Usage) | undefined>("@overdue/core/Connections", {
  defaultValue: () => undefined,
})
