/**
 * The laws that every store must keep, wherever it stores its records. Run under vitest; each law is one sentence of
 * its output.
 */
import { Store } from "@overdue/core/Store"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, it } from "vitest"
import { agreement } from "./store/Agreement.ts"
import { awake } from "./store/Awake.ts"
import { channels } from "./store/Channels.ts"
import { goneChannels } from "./store/GoneChannels.ts"
import { groups } from "./store/Groups.ts"
import { holds } from "./store/Holds.ts"
import { longHistories } from "./store/LongHistories.ts"
import { listings } from "./store/Listings.ts"
import { logs } from "./store/Logs.ts"
import { outages } from "./store/Outages.ts"
import { outbox } from "./store/Outbox.ts"
import * as Place from "./store/Place.ts"
import { projects } from "./store/Projects.ts"
import { pruning } from "./store/Pruning.ts"
import { repairs } from "./store/Repairs.ts"
import { repeats } from "./store/Repeats.ts"
import { reopening } from "./store/Reopening.ts"
import { rounds } from "./store/Rounds.ts"
import { samples } from "./store/Samples.ts"
import { selections } from "./store/Selections.ts"
import { sharing } from "./store/Sharing.ts"
import { thinning } from "./store/Thinning.ts"
import { turningBack } from "./store/TurningBack.ts"
import { turns } from "./store/Turns.ts"
import { unitsOfWork } from "./store/UnitsOfWork.ts"
import type { Law } from "./store/StoreFixture.ts"
import { writing } from "./store/Writing.ts"

/**
 * Registers the laws for a store as tests. Each law gets an empty store from `source`: a function that returns the
 * layer of one, or `{ place }` for a store that outlives its layer, for which the laws of opening it again are tried too,
 * and, unless `isShared` is false, those of having it open several times at once.
 *
 * @example
 * ```ts
 * import * as MemoryStore from "@overdue/engine/MemoryStore"
 * import { storeLaws } from "@overdue/laws/storeLaws"
 *
 * // As a test file of vitest.
 * storeLaws("my store", () => MemoryStore.layer)
 * // → my store > a unit of work reads > the checks that it names, and no other
 * ```
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
    selections(law)
    unitsOfWork(law)
    writing(law)
    logs(law)
    repeats(law)
    outbox(law)
    outages(law)
    channels(law)
    turns(law)
    rounds(law)
    goneChannels(law)
    repairs(law)
    holds(law)
    projects(law)
    groups(law)
    listings(law)
    pruning(law)
    samples(law)
    thinning(law)
    longHistories(law)
    awake(law)
    turningBack(law)
    reopening(Place.placeOf(source))
    sharing(Place.sharedPlaceOf(source))
    agreement(open)
  })
}
