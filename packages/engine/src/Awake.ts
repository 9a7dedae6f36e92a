/**
 * Keeps note of when somebody was awake, so that a time in which nobody was is not held against anyone's job.
 *
 * Whoever is about to decide asks first; most times that is one comparison of numbers.
 */
import * as Store from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Settings } from "./Settings.ts"

/**
 * How old the stored note may become while this node is awake. A blind span begins when the note before it has become
 * that old: until then somebody may have decided, and what was decided stays.
 */
const noteEvery: Span = 5_000

/** How long an answer to whether the store can be written to holds. */
const proofHolds: Span = 1_000

export class Awake extends Context.Service<
  Awake,
  {
    /** To be run before a decision at `now`: afterwards every blind span up to `now` is stored. */
    readonly note: (now: Instant) => Effect.Effect<void, Store.StoreError>
    /**
     * Writes a note, to see whether the store can be written to. Fails as the store does. Strangers may ask: within a
     * second, all get the same answer.
     */
    readonly prove: Effect.Effect<void, Store.StoreError>
  }
>()("@overdue/engine/Awake") {}

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

/** The instant of a decision that is about to be made: now, with every blind span up to it stored. */
export const decisionAt = Effect.gen(function* () {
  const awake = yield* Awake
  const now = yield* Clock.currentTimeMillis
  yield* awake.note(now)
  return now
})
