/**
 * The sweeper: turns silence into flips. It polls the store for checks whose deadline has passed; there are no timers.
 */
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Awake from "./Awake.ts"
import * as Bell from "@overdue/core/Bell"
import { Changes } from "./Changes.ts"
import * as Failure from "./Failure.ts"
import { Settings } from "./Settings.ts"
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
  const store = yield* Store.Store
  const awake = yield* Awake.Awake
  yield* awake.note(now)
  const stuck = new Set<string>()
  let flips = 0
  while (true) {
    const found = yield* store.due(now, atOnce + stuck.size)
    const due = found.filter((id) => !stuck.has(id))
    if (due.length === 0) return flips
    const together = yield* Effect.exit(settle(due, now))
    if (Exit.isSuccess(together)) {
      flips += together.value
      continue
    }
    if (!Failure.mayBeOneRecordsFault(together.cause)) return yield* together
    const before = stuck.size
    for (const id of due) {
      const alone = yield* Effect.exit(settle([id], now))
      if (Exit.isSuccess(alone)) {
        flips += alone.value
        continue
      }
      if (!Failure.mayBeOneRecordsFault(alone.cause)) return yield* alone
      stuck.add(id)
      yield* Effect.logError(`check ${id} could not be settled: ${Failure.detail(alone.cause)}`)
    }
    if (stuck.size === before + due.length) return yield* together
  }
})

/** Settles checks in one unit of work, and returns how many flips that made. */
const settle = Effect.fnUntraced(function* (due: readonly string[], now: Instant) {
  const store = yield* Store.Store
  const bell = yield* Bell.Bell
  const settled = yield* store.transact({ checks: due }, (loaded) => {
    const changes = new Changes(loaded)
    let flipped = 0
    for (const id of due) {
      const check = loaded.check(id)
      if (check !== undefined) flipped += changes.step(check, { type: "tick" }, now).flips.length
    }
    return changes.decide({ flipped, isTold: changes.isTold })
  })
  if (settled.isTold) bell.ring()
  return settled.flipped
})

/** Retries after every failure, bugs included, because an engine that does not sweep alerts nobody. */
const loop = Effect.gen(function* () {
  const { sweepEvery } = yield* Settings
  while (true) {
    yield* Effect.catchCause(
      Effect.uninterruptible(Effect.flatMap(Clock.currentTimeMillis, sweep)),
      (cause) => Trouble.report("the sweeper could not do its work and will try again", cause),
    )
    yield* Effect.sleep(sweepEvery)
  }
})

/** The layer of the loop that sweeps until the layer is closed. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
