/**
 * The sweeper: turns silence into flips. It polls the store for checks whose deadline has passed; there are no timers.
 */
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Awake from "./Awake.ts"
import * as EachAlone from "./EachAlone.ts"
import * as Receive from "./commands/Receive.ts"
import { Settings } from "./Settings.ts"
import * as StepEach from "./StepEach.ts"
import * as SteadyClock from "./SteadyClock.ts"
import * as Trouble from "./Trouble.ts"

/** The most checks that are settled in one transaction. */
const atOnce = 500

/**
 * Settles every check whose deadline is at or before `now`, and returns how many flips that made.
 *
 * A check that cannot be settled, because its row is damaged for example, is logged and stays due. Fails when no check
 * could be settled.
 */
export const sweep = Effect.fnUntraced(function* (now: Instant) {
  const awake = yield* Awake.Awake
  yield* awake.note(now)
  return yield* settleDue(now)
})

const settleDue = Effect.fnUntraced(function* (now: Instant) {
  const store = yield* Store.Store
  const stuck = new Set<string>()
  let flips = 0
  while (true) {
    const found = yield* store.due(now, atOnce + stuck.size)
    const due = found.filter((id) => !stuck.has(id))
    if (due.length === 0) return flips
    const done = yield* EachAlone.run(due, "settled", (ids) => settle(ids, now))
    for (const flipped of done.results) flips += flipped
    for (const id of done.stuck) stuck.add(id)
    if (done.results.length === 0 && done.cause !== undefined) return yield* Effect.failCause(done.cause)
  }
})

/** Settles checks in one unit of work, and returns how many flips that made. */
const settle = (due: readonly string[], now: Instant) =>
  Effect.map(StepEach.run(due, { event: { type: "tick" }, now }), (steps) =>
    steps.reduce((sum, { flips }) => sum + flips.length, 0),
  )

/**
 * What the loop does each time: keeps the clock up, notes that this node is awake, and settles what is due, as far as no
 * signal that came in time can still be on its way.
 */
export const look = Effect.gen(function* () {
  const awake = yield* Awake.Awake
  const { settledUntil } = yield* Receive.Receive
  const steady = yield* SteadyClock.SteadyClock
  yield* awake.keepUp
  const now = steady.nowUnsafe()
  const until = settledUntil(now)
  yield* awake.note(now)
  yield* settleDue(until)
})

/** Retries after every failure, bugs included, because an engine that does not sweep alerts nobody. */
const loop = Effect.gen(function* () {
  const { sweepEvery } = yield* Settings
  const steady = yield* SteadyClock.SteadyClock
  while (true) {
    yield* Effect.catchCause(Effect.uninterruptible(look), (cause) =>
      Trouble.report("the sweeper could not do its work and will try again", cause),
    )
    yield* steady.sleep(sweepEvery)
  }
})

/** The layer of the loop that sweeps until the layer is closed. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
