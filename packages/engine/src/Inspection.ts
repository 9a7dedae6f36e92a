/** Inspection: every hour the store looks at all that alerts depend on, also at what nobody asks for and nothing happens to. */
import { Store } from "@overdue/core/Store"
import { hour, minute, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Trouble from "./Trouble.ts"

/** A node that has just started has more urgent work. */
const firstAfter: Span = minute
const inspectEvery: Span = hour

const loop = Effect.gen(function* () {
  const store = yield* Store
  yield* Effect.sleep(firstAfter)
  while (true) {
    yield* Trouble.outlive("the store could not be inspected and will be later", store.inspect)
    yield* Effect.sleep(inspectEvery)
  }
})

/** The layer of the loop that inspects until the layer is closed. */
export const layer = Layer.effectDiscard(Effect.forkScoped(loop))
