/** What wrapped jobs need of a running engine: its clock, sleeps that can be ended, and its log. */
import { second } from "@overdue/core/Time"
import type { Instant } from "@overdue/core/Time"
import * as Uuid from "@overdue/core/Uuid"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Opening from "./Opening.ts"
import type * as Wrap from "./Wrap.ts"

/** Shortest time between two lines of the log about signals that are kept: a store that is away fails all of them. */
const quietFor = 10 * second

/** Returns it for an engine. Without `onTrouble`, the log tells of signals that could not be stored. */
export const world = (
  runtime: Opening.Runtime,
  now: () => Instant,
  onTrouble: Wrap.OnTrouble = logging(now),
): Wrap.World => ({
  now,
  onTrouble,
  sleep: async (span, signal) => {
    try {
      return Exit.isSuccess(await runtime.runPromiseExit(Effect.sleep(span), { signal }))
    } catch {
      // The engine is closed.
      return false
    }
  },
})

const logging = (now: () => Instant): Wrap.OnTrouble => {
  let saidAt = -Infinity
  return ({ check, kind, error, isKept, at }) => {
    if (isKept && Math.abs(now() - saidAt) < quietFor) return
    if (isKept) saidAt = now()
    const fate = isKept ? "is kept, and stored as soon as that is possible" : "is lost"
    const what = `the ${kind} of check ${Uuid.hint(check)} at ${new Date(at).toISOString()} ${fate}`
    const line = Effect.logWarning(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    // Not in the engine, which may be closed by then.
    Effect.runFork(line)
  }
}
