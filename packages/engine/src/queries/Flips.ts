/** The query for flips. */
import type { Flip } from "@overdue/core/Flip"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"

/**
 * Returns the check's flips from `from` (inclusive) to `to` (exclusive), newest first; without a bound, as far as they
 * are kept.
 */
export const list = (
  check: string,
  range: { readonly from?: Instant; readonly to?: Instant } = {},
): Effect.Effect<readonly Flip[], Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.flips(check, range))
