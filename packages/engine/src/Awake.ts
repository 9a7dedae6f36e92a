/**
 * Records when a node of the installation was awake, so that time in which none was is not held against a job.
 *
 * Every decision asks this service first, which most times costs one comparison of numbers.
 */
import * as Store from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Settings } from "./Settings.ts"

/**
 * How old the stored note may become while this node is awake. Until it is that old the node may have decided
 * something, and decisions stay; so a blind span begins only then.
 */
const noteEvery: Span = 5_000

/** For how long an answer of `prove` is given again. */
const proofHolds: Span = 1_000

/** Stores when this node was awake. */
export class Awake extends Context.Service<
  Awake,
  {
    /** Must be run before a decision at `now`; afterwards every blind span up to `now` is stored. */
    readonly note: (now: Instant) => Effect.Effect<void, Store.StoreError>
    /**
     * Writes a note, to find out whether the store can be written to; fails as the store does. Anybody may ask for the
     * health of a server, so within a second all get the same answer.
     */
    readonly prove: Effect.Effect<void, Store.StoreError>
  }
>()("@overdue/engine/Awake") {}

/** The layer of the service; logs a warning for each blind span that it finds. */
export const layer = Layer.effect(
  Awake,
  Effect.gen(function* () {
    const store = yield* Store.Store
    const { blindAfter } = yield* Settings
    const valid = Math.min(noteEvery, blindAfter ?? noteEvery)
    let notedAt = -Infinity
    const write = Effect.fnUntraced(function* (now: Instant) {
      const span = yield* store.awake(now, blindAfter, valid)
      notedAt = now
      if (span !== undefined) {
        yield* Effect.logWarning(
          `nobody was awake from ${new Date(span.from).toISOString()} to ${new Date(span.to).toISOString()}: ` +
            "deadlines inside that time move on",
        )
      }
    })
    const prove = yield* Effect.cachedWithTTL(Effect.flatMap(Clock.currentTimeMillis, write), proofHolds)
    return {
      note: (now) =>
        blindAfter === undefined || (now >= notedAt && now - notedAt < valid) ? Effect.void : write(now),
      prove,
    }
  }),
)

/** Returns the present instant for a decision, with every blind span up to it stored. */
export const decisionAt = Effect.gen(function* () {
  const awake = yield* Awake
  const now = yield* Clock.currentTimeMillis
  yield* awake.note(now)
  return now
})
