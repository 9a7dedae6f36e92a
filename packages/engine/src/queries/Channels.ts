/** Queries about channels. */
import type { Channel } from "@overdue/core/Channel"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"

/** Returns the project's channels, in order of creation. */
export const list = (project: string): Effect.Effect<readonly Channel[], Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.channels(project))

/** Returns how many deliveries wait for each channel of the project that any wait for, by the channel's id. */
export const waiting = (project: string) => Effect.flatMap(Store.Store, (store) => store.waiting(project))
