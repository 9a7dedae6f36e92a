/** Where the laws find stores to try: each time an empty one, and for stores that can be shared, again the same one. */
import type { Store } from "@overdue/core/Store"
import type { Layer } from "effect/Layer"

/** Opens a store, each time that it is called. */
export type Open = () => Layer<Store, unknown>

/** Names a place that is new and empty, such as a file or a database, and returns what opens the store there. */
export type Place = () => Open

/**
 * A function opens an empty store each time; nobody else can open the same one. A store on a disk or on a server has a
 * place instead, which several programs can open.
 */
export type Source = Open | { readonly place: Place }

/** Returns what opens an empty store each time. */
export const opening = (source: Source): Open =>
  typeof source === "function" ? source : () => source.place()()

/** Returns the places of a store; `undefined` when it cannot be opened twice. */
export const placeOf = (source: Source): Place | undefined =>
  typeof source === "function" ? undefined : source.place
