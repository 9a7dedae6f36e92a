/**
 * The outbox: claims deliveries under a lease, sends them, and settles how each attempt ended.
 *
 * A delivery is written in the transaction of its flip, so none is lost. After a crash between sending and settling it
 * is sent again, with the same id.
 */
import * as Bell from "@overdue/core/Bell"
import * as Limits from "@overdue/core/Limits"
import * as Notifier from "@overdue/core/Notifier"
import * as Store from "@overdue/core/Store"
import { second, type Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Meter from "./Meter.ts"
import { metrics } from "./Metrics.ts"
import * as Monotonic from "./Monotonic.ts"
import * as Message from "./outbox/Message.ts"
import * as Outcome from "./outbox/Outcome.ts"
import * as Settler from "./outbox/Settler.ts"
import * as Attempts from "./outbox/Attempts.ts"
import { Settings } from "./Settings.ts"
import * as SteadyClock from "./SteadyClock.ts"
import * as Trace from "./Trace.ts"
import * as Trouble from "./Trouble.ts"

/** Messages that are begun to be sent before others have their turn of the event loop: about a millisecond of work. */
const begunAtOnce = 4

/** How often it is looked whether an attempt takes too long. */
const cutEvery: Span = second

/**
 * Claims due deliveries and begins to send them, as many as the settings allow at the same time. Returns whether there may
 * be more.
 */
const claim = Effect.fnUntraced(function* (attempts: Attempts.Attempts) {
  const store = yield* Store.Store
  const notifier = yield* Notifier.Notifier
  const { deliveriesAtOnce } = yield* Settings
  const begunAt = yield* Monotonic.now
  attempts.cut(begunAt)
  const free = attempts.places(deliveriesAtOnce, begunAt)
  if (free <= 0) return false
  const now = yield* SteadyClock.now
  const startedAt = yield* Clock.currentTimeNanos
  const claims = yield* store.claimDeliveries(now, free, Attempts.lease)
  if (claims.length === 0) return false
  yield* Trace.past("overdue.claim", startedAt, { "overdue.deliveries": claims.length })
  const blind = yield* store.blind
  const isLate = (yield* Monotonic.now) - begunAt > Attempts.beginsWithin
  const wanted = claims.filter((claim) => {
    const kept = isLate ? Outcome.stoodStill(now) : Outcome.keptBack(claim, now)
    if (kept !== undefined) attempts.keep(claim, kept, begunAt)
    return kept === undefined
  })
  const several = new Set(notifier.kinds.filter(({ takesSeveral }) => takesSeveral).map(({ kind }) => kind))
  for (const [index, message] of Message.of(wanted, (kind) => several.has(kind)).entries()) {
    // Signals that have arrived are read in between.
    if (index > 0 && index % begunAtOnce === 0) yield* Effect.yieldNow
    if ((yield* Monotonic.now) - begunAt <= Attempts.beginsWithin) attempts.begin(message, blind, begunAt)
    else for (const claim of message) attempts.keep(claim, Outcome.stoodStill(now), begunAt)
  }
  // Fewer are all that have their turn before another ends.
  return claims.length >= free
})

/** Retries after every failure, bugs included, because an outbox that does not send alerts nobody. */
const loop = Effect.fnUntraced(function* (attempts: Attempts.Attempts) {
  const bell = yield* Bell.Bell
  const { pollEvery } = yield* Settings
  const work = Trouble.outlive(
    "the outbox could not do its work and will try again",
    Effect.uninterruptible(claim(attempts)),
  )
  while (true) {
    if ((yield* work) === true) continue
    yield* bell.wait(attempts.size > 0 ? Math.min(pollEvery, cutEvery) : pollEvery)
    // Signals that have arrived go first.
    yield* Effect.yieldNow
  }
})

/**
 * The layer of the loop that delivers until the layer is closed. That waits a while for deliveries that are being sent,
 * and leaves the others to be sent again.
 */
export const layer = Layer.effectDiscard(
  Effect.gen(function* () {
    const notifier = yield* Notifier.Notifier
    const meter = yield* Meter.current
    const clock = yield* Clock.Clock
    const run = Effect.runForkWith(yield* Effect.context())
    const attempts = new Attempts.Attempts({ notifier, run, meter, now: () => Monotonic.by(clock) })
    yield* meter.watch(metrics.sending, () => attempts.size)
    yield* Effect.forkScoped(Settler.run(attempts))
    yield* Effect.addFinalizer(() =>
      Effect.andThen(Effect.timeoutOption(attempts.idle, Limits.patience), () => {
        attempts.stop()
        // While the store is away nothing can be given back: it is sent again when its lease ends.
        return Effect.timeoutOption(attempts.idle, second)
      }),
    )
    yield* Effect.forkScoped(loop(attempts))
  }),
)
