/** Retention: forgets what nobody needs any more. Pings are not its business: a project's limit bounds their log. */
import * as Store from "@overdue/core/Store"
import { day, hour, minute, type Instant, type Span } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Trouble from "./Trouble.ts"

/** How long a flip is kept; Healthchecks keeps three months. */
export const flips: Span = 400 * day

/** How long a delivery is kept that was delivered, skipped or given up. */
const deliveries: Span = 30 * day

/** Flips that are kept are read with the blind spans of their time; a grace of a year can reach back twice as far. */
const blind: Span = 2 * flips

/** A node that has just started has more urgent things to do. */
const firstAfter: Span = minute
const pruneEvery: Span = hour

/** Forgets what is old enough at `now`. Gives how much it was. */
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
    yield* Effect.catchCause(
      Effect.uninterruptible(Effect.flatMap(Clock.currentTimeMillis, prune)),
      (cause) => Trouble.report("old records could not be pruned and will be later", cause),
    )
    yield* Effect.sleep(pruneEvery)
  }
})

/** Prunes for as long as it lives. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
