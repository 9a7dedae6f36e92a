/** Retention: deletes records that are not needed any more. Pings are pruned elsewhere, when one more is logged. */
import * as Store from "@overdue/core/Store"
import { day, hour, minute, type Instant, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Trouble from "./Trouble.ts"
import * as SteadyClock from "./SteadyClock.ts"

/** How long flips are kept. Healthchecks keeps them for three months. */
export const flips: Span = 400 * day

/** How long deliveries are kept that were delivered, skipped or given up. */
const deliveries: Span = 30 * day

/** Blind spans are needed to read the flips of their time, and a grace of a year reaches back twice as far. */
const blind: Span = 2 * flips

/** The first pruning waits, because a node that has just started has more urgent work. */
const firstAfter: Span = minute
const pruneEvery: Span = hour

/** Deletes what is old enough at `now`, and returns how many records that were. */
export const prune = Effect.fnUntraced(function* (now: Instant) {
  const store = yield* Store.Store
  return yield* store.prune({
    deliveries: now - deliveries,
    flips: now - flips,
    blind: now - blind,
  })
})

const loop = Effect.gen(function* () {
  yield* Effect.sleep(firstAfter)
  while (true) {
    yield* Effect.catchCause(Effect.uninterruptible(Effect.flatMap(SteadyClock.now, prune)), (cause) =>
      Trouble.report("old records could not be pruned and will be later", cause),
    )
    yield* Effect.sleep(pruneEvery)
  }
})

/** The layer of the loop that prunes every hour until the layer is closed. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
