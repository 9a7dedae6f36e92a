/**
 * Records when a node of the installation was awake, so that time in which none was is not held against a job; and
 * keeps the node's clock by the wall clock.
 *
 * Every decision asks this service first, which most times costs two comparisons of numbers.
 */
import type * as Bell from "@overdue/core/Bell"
import * as Limits from "@overdue/core/Limits"
import * as Store from "@overdue/core/Store"
import type { Instant, Span } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Following from "./awake/Following.ts"
import { lease } from "./outbox/Attempts.ts"
import { Settings } from "./Settings.ts"
import * as Standstill from "./Standstill.ts"
import * as SteadyClock from "./SteadyClock.ts"
import * as TurnBack from "./TurnBack.ts"

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
    /** Follows the wall clock when it has been set and has stayed so; see `SteadyClock`. Logs one line for each step. */
    readonly keepUp: Effect.Effect<void, Store.StoreError>
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
    const services = yield* Effect.context<Store.Store | Bell.Bell>()
    const steady = yield* SteadyClock.SteadyClock
    const standstill = yield* Standstill.Standstill
    const { blindAfter } = yield* Settings
    const following = Following.make(steady)
    const valid = Math.min(noteEvery, blindAfter ?? noteEvery)
    // By time that really passed: the instant of the note without the steps of the clock that were followed.
    let notedAt: Instant | undefined
    let busyThen: Span = 0
    const sinceNote = (now: Instant): Span =>
      notedAt === undefined ? Infinity : SteadyClock.unstepped(steady, now) - notedAt
    // A node that was too busy to note that it was awake was awake. Otherwise who keeps it busy could mute it.
    const isBlind = (now: Instant, after: Span): boolean =>
      sinceNote(now) - (standstill.busy() - busyThen) > after

    const write = Effect.fnUntraced(function* (now: Instant) {
      const store = yield* Store.Store
      // A step that is followed while the note is being written must not make it older.
      const at = SteadyClock.unstepped(steady, now)
      if (notedAt === undefined) yield* TurnBack.run(now, blindAfter ?? Limits.blindAfter)
      standstill.look(steady.nowUnsafe())
      // A node that was awake all the time knows that somebody was, whatever clock the stored note is of.
      const wasAwake = blindAfter === undefined || !isBlind(now, blindAfter)
      const span = yield* store.awake(now, wasAwake ? undefined : blindAfter, valid)
      notedAt = at
      busyThen = standstill.busy()
      if (span !== undefined) {
        yield* Effect.logWarning(
          `nobody was awake from ${new Date(span.from).toISOString()} to ${new Date(span.to).toISOString()}: ` +
            "deadlines inside that time move on",
        )
      }
      yield* endBlindness(now, blindAfter ?? Limits.blindAfter)
    })

    /**
     * Ends blind spans that reach further than `after` into the future. Another node stored them whose clock is ahead;
     * this one is awake, and knows that nobody knows the future. Not those of a step that it is about to follow, or has
     * followed while the note was written.
     */
    const endBlindness = Effect.fnUntraced(function* (noted: Instant, after: Span) {
      const store = yield* Store.Store
      const blind = yield* store.blind
      const now = Math.max(noted, steady.nowUnsafe())
      if (following.isFollowing() || !blind.some(({ to }) => to > now + after)) return
      yield* store.turnBack(now, lease)
    })
    const writeHere = (now: Instant) => Effect.provide(write(now), services)
    return {
      note: (now) => (Math.abs(sinceNote(now)) < valid ? Effect.void : writeHere(now)),
      keepUp: Effect.provide(following.keepUp, services),
      prove: yield* Effect.cachedWithTTL(
        Effect.suspend(() => writeHere(steady.nowUnsafe())),
        proofHolds,
      ),
    }
  }),
)

/** Returns the present instant for a decision, with every blind span up to it stored. */
export const decisionAt = Effect.gen(function* () {
  const awake = yield* Awake
  // The decision need not wait for a store that cannot take back what was recorded ahead: the sweeper goes on trying.
  yield* Effect.ignore(awake.keepUp)
  const now = yield* SteadyClock.now
  yield* awake.note(now)
  return now
})
