/** Retention: thins samples, and deletes records that are not needed any more. Pings are pruned elsewhere, when one more is logged. */
import * as Store from "@overdue/core/Store"
import { day, hour, minute, type Instant, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Trouble from "./Trouble.ts"
import * as Settings from "./Settings.ts"
import * as SteadyClock from "./SteadyClock.ts"

/** How long flips are kept. Healthchecks keeps them for three months. */
export const flips: Span = 400 * day

/** How long deliveries are kept that were delivered, skipped or given up. */
const deliveries: Span = 30 * day

/** Blind spans are needed to read the flips of their time, and a grace of a year reaches back twice as far. */
const blind: Span = 2 * flips

/** The first pruning waits: a node that has just started has more urgent work, and its clock may not be set yet. */
const firstAfter: Span = 10 * minute
const pruneEvery: Span = hour

/** For how long nothing is pruned after time seems to have leapt, so that a clock that is wrong can be set right. */
const doubtfulFor: Span = day
/** A leap: nobody is taken to have been asleep for longer without a doubt. */
const leap: Span = 30 * day

/** Thins and deletes what is old enough at `now`, and returns how many records it deleted. */
export const prune = Effect.fnUntraced(function* (now: Instant) {
  const store = yield* Store.Store
  const { raw, minute, hour } = (yield* Settings.Settings).samples
  return yield* store.prune({
    deliveries: now - deliveries,
    flips: now - flips,
    blind: now - blind,
    samples: { raw: now - raw, minute: now - minute, hour: now - hour },
  })
})

/**
 * Returns what prunes unless time has just leapt: by a clock that was set forward, or by a blind span of months. What a
 * clock that is wrong calls old would be gone for good.
 */
export const make = Effect.gen(function* () {
  const store = yield* Store.Store
  const steady = yield* SteadyClock.SteadyClock
  let stepped = steady.stepped()
  let doubtfulUntil = -Infinity
  return Effect.gen(function* () {
    const now = steady.nowUnsafe()
    const passed = SteadyClock.unstepped(steady, now)
    const hasStepped = steady.stepped() - stepped > hour
    stepped = steady.stepped()
    const hasSlept = (yield* store.blind).some(({ from, to }) => to - from > leap && to > now - doubtfulFor)
    if (hasStepped) doubtfulUntil = passed + doubtfulFor
    if (hasSlept || passed < doubtfulUntil) {
      yield* Effect.logWarning(
        "old records are not pruned until time has gone on for a day: it has just leapt, and the clock may be wrong",
      )
      return 0
    }
    return yield* prune(now)
  })
})

const loop = Effect.gen(function* () {
  const pruneNow = yield* make
  yield* Effect.sleep(firstAfter)
  while (true) {
    yield* Trouble.outlive(
      "old records could not be pruned and will be later",
      Effect.uninterruptible(pruneNow),
    )
    yield* Effect.sleep(pruneEvery)
  }
})

/** The layer of the loop that prunes every hour until the layer is closed. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
