/** The stores on which laws are tried: an empty one for each law or, where it outlives its layer, the same one again. */
import type { Store } from "@overdue/core/Store"
import type { Layer } from "effect/Layer"

/** Returns the layer of a store. */
export type Open = () => Layer<Store, unknown>

/** Chooses a new, empty place, such as a file or a database, and returns a function that opens the store there. */
export type Place = () => Open

/**
 * Where stores come from: a function that opens an empty store each time, or, for a store that outlives its layer, its
 * places.
 */
export type Source =
  | Open
  | {
      readonly place: Place
      /** False when a place that is open cannot be opened again, by this program or another. By default true. */
      readonly isShared?: boolean
    }

/** Returns a function that opens an empty store each time. */
export const opening = (source: Source): Open =>
  typeof source === "function" ? source : () => source.place()()

/** Returns the places of a store; `undefined` when it does not outlive its layer. */
export const placeOf = (source: Source): Place | undefined =>
  typeof source === "function" ? undefined : source.place

/** Returns the places of a store that can be open several times at once; `undefined` when it cannot. */
export const sharedPlaceOf = (source: Source): Place | undefined =>
  typeof source === "function" || source.isShared === false ? undefined : source.place
