/** What a list leaves out because it is damaged, for whoever must not take that for what does not exist. */
import { LeftOut, type StoreError } from "@overdue/core/Store"
import * as Effect from "effect/Effect"

/** Returns what `list` finds, and the errors of the records that it leaves out; whoever else is told of those still is. */
export const of = Effect.fnUntraced(function* <A, E, R>(list: Effect.Effect<readonly A[], E, R>) {
  const leftOut = yield* LeftOut
  const damaged: StoreError[] = []
  const found = yield* Effect.provideService(list, LeftOut, (error) => {
    damaged.push(error)
    leftOut(error)
  })
  return { found, damaged }
})
