/**
 * What an engine does when its clock was set back: nothing that was recorded ahead of it may keep a deadline or an alert
 * away until the clock is there again.
 */
import * as State from "@overdue/core/State"
import * as Store from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as EachAlone from "./EachAlone.ts"
import { lease } from "./outbox/Attempts.ts"
import * as StepEach from "./StepEach.ts"

/** The most checks whose clock is cut in one transaction. */
const atOnce = 500

/**
 * Cuts what is recorded after `now`; with `ifAheadBy` only when the stored note of being awake lies further than that
 * after `now`. A check that cannot be cut is logged and left as it is.
 */
export const run = Effect.fnUntraced(function* (now: Instant, ifAheadBy?: Span) {
  const store = yield* Store.Store
  const tried = new Set<string>()
  while (true) {
    const ahead = yield* store.turnBack(now, lease, ifAheadBy)
    const ids = ahead.filter((id) => !tried.has(id))
    if (ids.length === 0) return
    for (let first = 0; first < ids.length; first += atOnce) {
      const part = ids.slice(first, first + atOnce)
      yield* EachAlone.run(part, "cut to the present", (some) => cut(some, now))
      for (const id of part) tried.add(id)
    }
  }
})

/** Applies the machine's event `clock` to checks in one unit of work. Somebody else may have been faster. */
const cut = (ids: readonly string[], now: Instant) =>
  StepEach.run(ids, {
    event: { type: "clock" },
    now,
    concerns: ({ state }) => State.mayBeAhead(state, now),
  })
