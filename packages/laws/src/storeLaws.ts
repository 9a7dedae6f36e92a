/**
 * The laws of stores: what any of them must keep, whatever it keeps it in. Runs under vitest; each law is one sentence
 * of its output.
 */
import { Store } from "@overdue/core/Store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, it } from "vitest"
import { agreement } from "./store/Agreement.ts"
import { awake } from "./store/Awake.ts"
import { logs } from "./store/Logs.ts"
import { outbox } from "./store/Outbox.ts"
import { projects } from "./store/Projects.ts"
import { pruning } from "./store/Pruning.ts"
import { turns } from "./store/Turns.ts"
import { unitsOfWork } from "./store/UnitsOfWork.ts"
import type { Law } from "./store/World.ts"
import { writing } from "./store/Writing.ts"

/** Registers the laws for a store. Each is tried on one that `makeLayer` makes for it, empty. */
export const storeLaws = (name: string, makeLayer: () => Layer.Layer<Store, unknown>): void => {
  const law: Law = (sentence, shown) =>
    it(sentence, () =>
      Effect.runPromise(
        Effect.scoped(
          Effect.flatMap(Layer.build(makeLayer()), (context) => shown(Context.get(context, Store))),
        ),
      ),
    )
  describe(name, () => {
    unitsOfWork(law)
    writing(law)
    logs(law)
    outbox(law)
    turns(law)
    projects(law)
    pruning(law)
    awake(law)
    agreement(makeLayer)
  })
}
