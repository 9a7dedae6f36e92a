/**
 * Tells the operator why the store fails, in the store's own words, and health checks whether it still does.
 *
 * A store that is away fails thousands of pings a second for the same reason, so each reason is logged at most once in
 * ten seconds.
 */
import { Said } from "@overdue/core/Said"
import { StoreError } from "@overdue/core/Store"
import { hour, second, type Span } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Monotonic from "./Monotonic.ts"

/** Shortest time between two lines about the same reason, and for how long what kept signals from the store is believed. */
const quietFor: Span = 10 * second

/** Logs failures of the store, and knows whether signals can be committed. */
export class Trouble extends Context.Service<
  Trouble,
  {
    /**
     * Logs a failure, unless one with the same reason was logged less than ten seconds ago, or one of the same damaged
     * record less than an hour; those are counted, and the next line says how many.
     */
    readonly note: (error: StoreError) => Effect.Effect<void>
    /** To be called when signals could not be committed. */
    readonly begin: (error: StoreError) => Effect.Effect<void>
    /** To be called when signals were committed: what failed before is over. */
    readonly over: () => void
    /**
     * Fails with what kept signals from being committed in the last ten seconds, when none were committed since. A small
     * note may still find room on a disk that is full for everything else.
     */
    readonly standing: Effect.Effect<void, StoreError>
  }
>()("@overdue/engine/Trouble") {}

/** Whether a failure keeps any signal from being stored: one record that cannot be says nothing about others. */
export const isOfAll = ({ reason }: StoreError): boolean => !/^(?:constraint|damaged|closed)$/.test(reason)

/** Logs why `what` happened: a failure of the store by `note`, and everything else, which is a bug, with its cause. */
export const report = Effect.fnUntraced(function* (what: string, cause: Cause.Cause<StoreError>) {
  const trouble = yield* Trouble
  const error = Cause.squash(cause)
  yield* error instanceof StoreError ? trouble.note(error) : Effect.logError(what, cause)
})

/**
 * Does the work of a loop that goes on after every failure, bugs included: why it failed is logged (`report`), and the
 * result is `undefined`. Whoever stops the loop in the middle of it is no failure.
 */
export const outlive = <A, R>(
  what: string,
  work: Effect.Effect<A, StoreError, R>,
): Effect.Effect<A | undefined, never, R | Trouble> =>
  Effect.catchCause(work, (cause) =>
    Cause.hasInterruptsOnly(cause) ? Effect.interrupt : Effect.as(report(what, cause), undefined),
  )

/** The layer of the service; what was logged is remembered for as long as the layer is open. */
export const layer: Layer.Layer<Trouble> = Layer.sync(Trouble, () => {
  const reasons = new Said(quietFor)
  // One damaged record may be asked for all day.
  const records = new Said(hour)
  let last: { readonly error: StoreError; readonly at: Span } | undefined
  return {
    begin: Effect.fnUntraced(function* (error) {
      if (!isOfAll(error)) return
      last = { error, at: yield* Monotonic.now }
    }),
    over: () => {
      last = undefined
    },
    standing: Effect.gen(function* () {
      if (last === undefined || (yield* Monotonic.now) - last.at >= quietFor) return
      return yield* last.error
    }),
    note: Effect.fnUntraced(function* ({ reason, detail }) {
      // Whoever closed it knows.
      if (reason === "closed") return
      const now = yield* Monotonic.now
      const before = reason === "damaged" ? records.again(detail, now) : reasons.again(reason, now)
      if (before === undefined) return
      const unsaid = before === 0 ? "" : ` (and ${before} times more since the last line)`
      yield* Effect.logError(`the store failed: ${detail}${unsaid}`)
    }),
  }
})
