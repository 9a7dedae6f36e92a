/**
 * The stores on which laws are tried: an empty one for each law or, where stores can be shared, the same one several
 * times.
 */
import type { Store } from "@overdue/core/Store"
import type { Layer } from "effect/Layer"

/** Returns the layer of a store. */
export type Open = () => Layer<Store, unknown>

/** Chooses a new, empty place, such as a file or a database, and returns a function that opens the store there. */
export type Place = () => Open

/**
 * Where stores come from: a function that opens an empty store each time, or, for a store that several programs can
 * open, its places.
 */
export type Source = Open | { readonly place: Place }

/** Returns a function that opens an empty store each time. */
export const opening = (source: Source): Open =>
  typeof source === "function" ? source : () => source.place()()

/** Returns the places of a store; `undefined` when it cannot be opened twice. */
export const placeOf = (source: Source): Place | undefined =>
  typeof source === "function" ? undefined : source.place
