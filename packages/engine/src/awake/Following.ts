/** Following the wall clock when it was set: what is recorded ahead of a clock that was set back is taken back. */
import type * as Bell from "@overdue/core/Bell"
import * as Store from "@overdue/core/Store"
import { second, type Instant, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as SteadyClock from "../SteadyClock.ts"
import * as TurnBack from "../TurnBack.ts"

/**
 * When, after a clock was set back, is looked again for what was recorded ahead: at once, and when decisions that were on
 * their way have come to an end.
 */
const looksAfter: readonly Span[] = [0, 10 * second]

/** What follows steps of a clock. */
export interface Following {
  /** Follows a step that is ripe. It does nothing while it is being run already. */
  readonly keepUp: Effect.Effect<void, Store.StoreError, Store.Store | Bell.Bell>
  /** Whether a step is being followed: then the store may know of it before the clock does. */
  readonly isFollowing: () => boolean
}

/** Returns what follows the steps of a clock. */
export const make = (steady: SteadyClock.SteadyClock): Following => {
  let isRunning = false
  let looks: readonly Instant[] = []
  /** By how much the clock was set back that has not come back; what is counted from then lies in the past already. */
  let owed: Span = 0
  const unstepped = () => SteadyClock.unstepped(steady, steady.nowUnsafe())

  const follow = Effect.fnUntraced(function* (step: SteadyClock.Step) {
    yield* record(step)
    steady.follow()
    const now = unstepped()
    looks = step.by < 0 ? looksAfter.map((after) => now + after) : looks
    yield* Effect.logWarning(
      `the clock was set ${step.by < 0 ? "back" : "forward"} by ${Math.abs(step.by) / second} s and has stayed so ` +
        `for a minute: it is followed, from ${new Date(step.to).toISOString()} on`,
    )
    if (step.by < 0) yield* look()
  })

  // What is not due yet is not overdue because a clock was set. Followed at once: to record it twice would be wrong.
  const record = Effect.fnUntraced(function* ({ by, to }: SteadyClock.Step) {
    const store = yield* Store.Store
    const returned = Math.max(0, Math.min(by, owed))
    const rest = by === returned ? 0 : yield* store.stepped(to, by - returned)
    owed -= rest + returned
  })

  const look = Effect.fnUntraced(function* () {
    yield* TurnBack.run(steady.nowUnsafe())
    looks = looks.slice(1)
  })

  const keepUp = Effect.suspend(() => {
    if (isRunning) return Effect.void
    const step = steady.ripe()
    const [next = Infinity] = looks
    if (step === undefined && unstepped() < next) return Effect.void
    isRunning = true
    return Effect.uninterruptible(
      Effect.ensuring(
        step === undefined ? look() : follow(step),
        Effect.sync(() => (isRunning = false)),
      ),
    )
  })
  return { keepUp, isFollowing: () => isRunning }
}
