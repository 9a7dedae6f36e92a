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
import { outages } from "./store/Outages.ts"
import { outbox } from "./store/Outbox.ts"
import * as Place from "./store/Place.ts"
import { projects } from "./store/Projects.ts"
import { pruning } from "./store/Pruning.ts"
import { sharing } from "./store/Sharing.ts"
import { turns } from "./store/Turns.ts"
import { unitsOfWork } from "./store/UnitsOfWork.ts"
import type { Law } from "./store/StoreFixture.ts"
import { writing } from "./store/Writing.ts"

/**
 * Registers the laws for a store. Each is tried on one that `source` opens for it, empty: a function returns a layer, and
 * `{ place }` returns a function that opens the same store again and again, for the laws of stores that are shared.
 */
export const storeLaws = (name: string, source: Place.Source): void => {
  const open = Place.opening(source)
  const law: Law = (sentence, shown) =>
    it(sentence, () =>
      Effect.runPromise(
        Effect.scoped(Effect.flatMap(Layer.build(open()), (context) => shown(Context.get(context, Store)))),
      ),
    )
  describe(name, () => {
    unitsOfWork(law)
    writing(law)
    logs(law)
    outbox(law)
    outages(law)
    turns(law)
    projects(law)
    pruning(law)
    awake(law)
    sharing(Place.placeOf(source))
    agreement(open)
  })
}
