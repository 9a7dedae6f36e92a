/** The query for everything that is kept of a check: flips, pings and blind spans. */
import type { Check } from "@overdue/core/Check"
import type * as Statistics from "@overdue/core/Statistics"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as Retention from "../Retention.ts"
import * as Pings from "./Pings.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** The input of `Statistics` and `Replay`, oldest first, with the pings as they are listed. */
export interface History extends Statistics.History {
  readonly pings: readonly Store.PingSummary[]
}

/**
 * Returns the history of a check up to the given version of it. What was recorded after that version was read is left
 * out.
 */
export const ofCheck = Effect.fnUntraced(function* (check: Check) {
  const store = yield* Store.Store
  const now = yield* SteadyClock.now
  const flips = yield* store.flips(check.id, {})
  const pings = yield* store.pings(check.id, { limit: yield* Pings.kept(check.project) })
  const { state } = check
  return {
    check,
    flips: upTo(state.flips, flips),
    pings: upTo(state.pings, pings),
    keptFrom: now - Retention.flips,
    blind: yield* store.blind,
    // A node whose clock is ahead may have written the check.
    now: Math.max(now, state.flippedAt),
  } satisfies History
})

/** Turns a list that begins with the newest, without what is newer than the `n`th. */
const upTo = <A extends { readonly n: number }>(n: number, newestFirst: readonly A[]): readonly A[] => {
  const first = newestFirst.findIndex((each) => each.n <= n)
  return first < 0 ? [] : newestFirst.slice(first).toReversed()
}
