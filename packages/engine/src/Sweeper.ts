/** The sweeper: turns silence into flips. It asks the store what is due; no timer exists per check. */
import * as Store from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Awake from "./Awake.ts"
import * as Bell from "./Bell.ts"
import { Changes } from "./Changes.ts"
import { Settings } from "./Settings.ts"

/** Checks that are settled in one transaction. */
const atOnce = 500

/** Settles every check whose deadline is at or before `now`. Gives how many flips that made. */
export const sweep = Effect.fnUntraced(function* (now: Instant) {
  const store = yield* Store.Store
  const awake = yield* Awake.Awake
  const bell = yield* Bell.Bell
  yield* awake.note(now)
  let flips = 0
  while (true) {
    const due = yield* store.due(now, atOnce)
    if (due.length === 0) return flips
    const settled = yield* store.transact({ checks: due }, (loaded) => {
      const changes = new Changes(loaded)
      let flipped = 0
      for (const id of due) {
        const check = loaded.check(id)
        if (check !== undefined) flipped += changes.step(check, { type: "tick" }, now).flips.length
      }
      return changes.decide({ flipped, isTold: changes.isTold })
    })
    flips += settled.flipped
    if (settled.isTold) bell.ring()
  }
})

const loop = Effect.gen(function* () {
  const { sweepEvery } = yield* Settings
  while (true) {
    yield* Effect.catchTag(
      Effect.uninterruptible(Effect.flatMap(Clock.currentTimeMillis, sweep)),
      "StoreError",
      (error) => Effect.logError(`the sweeper could not do its work and will try again: ${error.detail}`),
    )
    yield* Effect.sleep(sweepEvery)
  }
})

/** Sweeps for as long as it lives. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
