/**
 * The sweeper: turns silence into flips. It polls the store for checks whose deadline has passed; there are no timers.
 */
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Wording from "@overdue/core/Wording"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Awake from "./Awake.ts"
import * as EachAlone from "./EachAlone.ts"
import * as Receive from "./commands/Receive.ts"
import { Settings } from "./Settings.ts"
import * as Standstill from "./Standstill.ts"
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
  const standstill = yield* Standstill.Standstill
  yield* awake.keepUp
  const now = steady.nowUnsafe()
  // Signals that came while this process stood still are read after this, and count from its beginning.
  const until = Math.min(settledUntil(now), (standstill.look(now)?.from ?? Infinity) - 1)
  yield* logged(standstill.news())
  yield* awake.note(now)
  yield* settleDue(until)
})

const logged = (stood: Standstill.Stood | undefined) =>
  stood === undefined
    ? Effect.void
    : Effect.logWarning(
        `${stood.isBusy ? "this process was overloaded" : "this process was not run"}: it did nothing for ` +
          `${Wording.span(stood.to - stood.from)} until ${new Date(stood.to).toISOString()}; signals that waited count as of its beginning`,
      )

/** Retries after every failure, bugs included, because an engine that does not sweep alerts nobody. */
const loop = Effect.gen(function* () {
  const { sweepEvery } = yield* Settings
  const steady = yield* SteadyClock.SteadyClock
  const standstill = yield* Standstill.Standstill
  while (true) {
    standstill.expect(undefined)
    yield* Effect.catchCause(Effect.uninterruptible(look), (cause) =>
      Trouble.report("the sweeper could not do its work and will try again", cause),
    )
    standstill.expect(sweepEvery)
    yield* steady.sleep(sweepEvery)
  }
})

/** The layer of the loop that sweeps until the layer is closed. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
