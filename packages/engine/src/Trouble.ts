/**
 * Tells the operator why the store fails, in the store's own words.
 *
 * A store that is away fails thousands of pings a second for the same reason, so each reason is logged at most once in
 * ten seconds.
 */
import { StoreError } from "@overdue/core/Store"
import { second, type Span } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Shortest time between two lines about the same reason. */
const quietFor: Span = 10 * second

/** Logs failures of the store. */
export class Trouble extends Context.Service<
  Trouble,
  {
    /**
     * Logs a failure, unless one with the same reason was logged less than ten seconds ago; those are counted, and the
     * next line says how many.
     */
    readonly note: (error: StoreError) => Effect.Effect<void>
  }
>()("@overdue/engine/Trouble") {}

interface Noted {
  /** On the monotonic clock, so that a clock that is set back silences nothing. */
  at: Span
  /** Failures since then that were not logged. */
  unsaid: number
}

/** Logs why `what` happened: a failure of the store by `note`, and everything else, which is a bug, with its cause. */
export const report = Effect.fnUntraced(function* (what: string, cause: Cause.Cause<StoreError>) {
  const trouble = yield* Trouble
  const error = Cause.squash(cause)
  yield* error instanceof StoreError ? trouble.note(error) : Effect.logError(what, cause)
})

/** The layer of the service; what was logged is remembered for as long as the layer is open. */
export const layer: Layer.Layer<Trouble> = Layer.sync(Trouble, () => {
  const noted = new Map<StoreError["reason"], Noted>()
  return {
    note: Effect.fnUntraced(function* ({ reason, detail }) {
      const now = Number(yield* Clock.monotonicTimeNanos) / 1e6
      const last = noted.get(reason)
      if (last !== undefined && now - last.at < quietFor) {
        last.unsaid += 1
        return
      }
      noted.set(reason, { at: now, unsaid: 0 })
      const unsaid =
        last === undefined || last.unsaid === 0 ? "" : ` (and ${last.unsaid} times more since the last line)`
      yield* Effect.logError(`the store failed: ${detail}${unsaid}`)
    }),
  }
})
