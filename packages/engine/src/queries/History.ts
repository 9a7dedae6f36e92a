/** Reads all that is kept of a check: its flips, its pings, and when nobody was awake. */
import type { Check } from "@overdue/core/Check"
import type * as Statistics from "@overdue/core/Statistics"
import * as Store from "@overdue/core/Store"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Retention from "../Retention.ts"
import * as Pings from "./Pings.ts"

/** What `Statistics` and `Replay` go by. Oldest first; with the pings as they are listed. */
export interface History extends Statistics.History {
  readonly pings: readonly Store.PingSummary[]
}

/** As it was when the check was read: what came in since then is left out. */
export const ofCheck = Effect.fnUntraced(function* (check: Check) {
  const store = yield* Store.Store
  const now = yield* Clock.currentTimeMillis
  const flips = yield* store.flips(check.id, {})
  const pings = yield* store.pings(check.id, { limit: yield* Pings.kept(check.project) })
  const { state } = check
  return {
    check,
    flips: flips.filter(({ n }) => n <= state.flips).toReversed(),
    pings: pings.filter(({ n }) => n <= state.pings).toReversed(),
    keptFrom: now - Retention.flips,
    blind: yield* store.blind,
    // The check may have been written by a node whose clock is ahead.
    now: Math.max(now, state.asOf),
  } satisfies History
})
