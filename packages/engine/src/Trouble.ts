/**
 * Tells the operator why the store fails, in the store's own words, and health checks whether it still does.
 *
 * A store that is away fails thousands of pings a second for the same reason, so each reason is logged at most once in
 * ten seconds.
 */
import { StoreError } from "@overdue/core/Store"
import { hour, second, type Span } from "@overdue/core/Time"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Monotonic from "./Monotonic.ts"

/** Shortest time between two lines about the same reason. */
const quietFor: Span = 10 * second
/** The same for one damaged record, which somebody may ask for all day. */
const quietOfDamaged: Span = hour
/** Damaged records of which the lines are remembered; until one of them is forgotten, others are not logged. */
const mostDamaged = 1_000

/** Logs failures of the store, and knows whether signals can be committed. */
export class Trouble extends Context.Service<
  Trouble,
  {
    /**
     * Logs a failure, unless one with the same reason was logged less than ten seconds ago, or one of the same damaged
     * record less than an hour; those are counted, and the next line says how many.
     */
    readonly note: (error: StoreError) => Effect.Effect<void>
    /** To be called when signals could not be committed. One record that cannot be stored says nothing about others. */
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
  const noted = new Map<string, Noted>()
  let last: { readonly error: StoreError; readonly at: Span } | undefined
  return {
    begin: Effect.fnUntraced(function* (error) {
      if (error.reason === "constraint" || error.reason === "damaged") return
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
      const isDamaged = reason === "damaged"
      const what = isDamaged ? detail : reason
      const before = noted.get(what)
      if (before !== undefined && now - before.at < (isDamaged ? quietOfDamaged : quietFor)) {
        before.unsaid += 1
        return
      }
      if (before === undefined && isDamaged && noted.size >= mostDamaged) {
        for (const [other, { at }] of noted) if (now - at >= quietOfDamaged) noted.delete(other)
        if (noted.size >= mostDamaged) return
      }
      noted.set(what, { at: now, unsaid: 0 })
      const unsaid =
        before === undefined || before.unsaid === 0
          ? ""
          : ` (and ${before.unsaid} times more since the last line)`
      yield* Effect.logError(`the store failed: ${detail}${unsaid}`)
    }),
  }
})
