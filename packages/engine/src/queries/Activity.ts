/** Queries for monitoring: of a project, and of the whole installation. */
import * as InSlices from "@overdue/core/InSlices"
import * as Shown from "@overdue/core/Shown"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import * as SteadyClock from "../SteadyClock.ts"

/** Checks that are looked at before others have their turn: about a millisecond of work. */
const atOnce = 64

/**
 * Returns a project's checks with their statuses at `now`, how often each flipped for each reason, and its channels with
 * what waits for them.
 */
export const ofProject = Effect.fnUntraced(function* (project: string) {
  const store = yield* Store.Store
  const now = yield* SteadyClock.now
  const blind = yield* store.blind
  const checks = yield* store.checks(project, {})
  return {
    now,
    checks: yield* InSlices.map(checks, atOnce, (check) => ({
      check,
      status: Shown.statusAt(check, now, blind),
    })),
    flips: yield* store.flipCounts(project),
    channels: yield* store.channels(project),
    waiting: yield* store.waiting(project),
  }
})

/** Returns counters of pings and deliveries, and how many deliveries wait. */
export const ofInstallation = Effect.flatMap(Store.Store, (store) => store.activity)
