/** Reads the flips of a check. */
import type { Flip } from "@overdue/core/Flip"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"

/** The check's flips at or after `from` and before `to`, newest first. */
export const list = (
  check: string,
  range: { readonly from?: Instant; readonly to?: Instant } = {},
): Effect.Effect<readonly Flip[], Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.flips(check, range))
