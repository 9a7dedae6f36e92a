/** Damaged records that lists leave out: each is logged once an hour, and told to whoever shows the list to others. */
import { LeftOut, type StoreError } from "@overdue/core/Store"
import { Said } from "@overdue/core/Said"
import { hour } from "@overdue/core/Time"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Listed } from "./Row.ts"

/** Returns what takes the list as it is, once it has said what is missing from it. */
export const make = () => {
  const said = new Said(hour)

  const tell = Effect.fnUntraced(function* (damaged: readonly StoreError[]) {
    const leftOut = yield* LeftOut
    const now = Number(yield* Clock.monotonicTimeNanos) / 1e6
    for (const error of damaged) {
      leftOut(error)
      if (said.again(error.detail, now) !== undefined)
        yield* Effect.logError(`left out of a list: ${error.detail}`)
    }
  })

  return <A>(listed: Effect.Effect<Listed<A>, StoreError>): Effect.Effect<readonly A[], StoreError> =>
    Effect.flatMap(listed, ({ found, damaged }) =>
      damaged.length === 0 ? Effect.succeed(found) : Effect.as(tell(damaged), found),
    )
}
