/** Queries for flips. */
import type { Check } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as SteadyClock from "../SteadyClock.ts"
import * as Checks from "./Checks.ts"

/**
 * Returns the check's flips from `from` (inclusive) to `to` (exclusive), newest first; without a bound, as far as they
 * are kept.
 */
export const list = (
  check: string,
  range: { readonly from?: Instant; readonly to?: Instant } = {},
): Effect.Effect<readonly Flip[], Store.StoreError, Store.Store> =>
  Effect.flatMap(Store.Store, (store) => store.flips(check, range))

/**
 * Returns the flips of a check from an instant on, newest first, with those that nobody has settled yet, of which its status
 * tells already; those before may be among them.
 */
export const upToNow = Effect.fnUntraced(function* (check: Check, from: Instant) {
  const [now, blind] = [yield* SteadyClock.now, yield* Checks.blind]
  const { flips } = Machine.step(check, { type: "tick" }, now, blind)
  // Somebody may have settled them since the check was read.
  const stored = (yield* list(check.id, { from })).filter(({ n }) => n <= check.state.flips)
  return [...flips.toReversed(), ...stored]
})
