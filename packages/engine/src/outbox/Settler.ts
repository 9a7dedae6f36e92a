/**
 * Settles attempts in groups: those that end while others are being settled share the next transaction, as signals share
 * their commits. In a mass outage each of its own would stand in the way of every ping.
 */
import type { Ended, Settled } from "@overdue/core/Delivery"
import type * as Store from "@overdue/core/Store"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Failure from "../Failure.ts"

/** The most attempts that are settled in one transaction. */
const atOnce = 128

/** Settles an attempt; fails as the store does. */
export type Settle = (ended: Ended) => Effect.Effect<Settled, Store.StoreError>

interface Waiting {
  readonly ended: Ended
  readonly settled: Deferred.Deferred<Settled, Store.StoreError>
}

/** How often others are waited for at most, and how often in vain until no more come. */
const rounds = 20
const inVain = 3

/**
 * Returns what settles attempts in a store. Whoever comes first settles for all who come meanwhile. `underWay` says how
 * many attempts have begun and are not settled.
 */
export const make = (
  store: Pick<Store.Store["Service"], "settleDeliveries">,
  underWay: () => number,
): Settle => {
  let waiting: Waiting[] = []
  let isSettling = false

  // Attempts of which the answers have just arrived come along, and signals that have arrived go first.
  const gather = Effect.gen(function* () {
    yield* Effect.yieldNow
    let seen = waiting.length
    for (let round = 0, vain = 0; round < rounds && vain < inVain && seen < underWay(); round++) {
      yield* Effect.yieldNow
      vain = waiting.length === seen ? vain + 1 : 0
      seen = waiting.length
    }
  })

  const settleAll = Effect.gen(function* () {
    yield* gather
    while (waiting.length > 0) {
      const batch = waiting.slice(0, atOnce)
      waiting = waiting.slice(atOnce)
      yield* settle(store, batch)
    }
  })

  return (ended) =>
    Effect.uninterruptible(
      Effect.suspend(() => {
        const settled = Deferred.makeUnsafe<Settled, Store.StoreError>()
        waiting.push({ ended, settled })
        if (isSettling) return Deferred.await(settled)
        isSettling = true
        return Effect.andThen(
          Effect.ensuring(
            settleAll,
            Effect.sync(() => (isSettling = false)),
          ),
          Deferred.await(settled),
        )
      }),
    )
}

/** Settles a group; each alone when a single one may be at fault, so that one bad record does not keep the others. */
const settle = (
  store: Pick<Store.Store["Service"], "settleDeliveries">,
  batch: readonly Waiting[],
): Effect.Effect<void> =>
  Effect.flatMap(Effect.exit(store.settleDeliveries(batch.map(({ ended }) => ended))), (exit) => {
    if (Exit.isFailure(exit) && batch.length > 1 && Failure.mayBeOneRecordsFault(exit.cause)) {
      return Effect.forEach(batch, (one) => settle(store, [one]), { discard: true })
    }
    for (const [index, { settled }] of batch.entries()) {
      Deferred.doneUnsafe(
        settled,
        Exit.map(exit, (all) => all[index]!),
      )
    }
    return Effect.void
  })
