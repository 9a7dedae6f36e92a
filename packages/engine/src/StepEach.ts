/** One event for many checks, in one unit of work. */
import * as Bell from "@overdue/core/Bell"
import type { Check } from "@overdue/core/Check"
import type * as Machine from "@overdue/core/Machine"
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { Changes } from "./Changes.ts"

/** What happens, when, and to which of the checks; by default to all of them that there are. */
export interface Happening {
  readonly event: Machine.Event
  readonly now: Instant
  readonly concerns?: (check: Check) => boolean
}

/**
 * Applies an event to checks, lets the outbox know when channels are to be told, and returns the steps, in order. Deadlines
 * of checks that another unit of work holds are left to it: it may be another node that settles them.
 */
export const run = Effect.fnUntraced(function* (
  ids: readonly string[],
  { event, now, concerns = () => true }: Happening,
) {
  const store = yield* Store.Store
  const bell = yield* Bell.Bell
  const { steps, isTold } = yield* store.transact(
    { checks: ids, leavesHeld: event.type === "tick" },
    (loaded) => {
      const changes = new Changes(loaded)
      const steps = ids.flatMap((id) => {
        const check = loaded.check(id)
        return check !== undefined && concerns(check) ? [changes.step(check, event, now)] : []
      })
      return changes.decide({ steps, isTold: changes.isTold })
    },
  )
  if (isTold) bell.ring()
  return steps
})
