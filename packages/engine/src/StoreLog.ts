/**
 * What is logged and measured of units of work, whoever has them done: each flip, with the name of its check and the
 * reason, how long one took, and that it took long.
 */
import { hint, type Check } from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import { Store, type StoreError } from "@overdue/core/Store"
import type { Decision, Loaded, Selection } from "@overdue/core/UnitOfWork"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as LogShare from "./LogShare.ts"
import * as Meter from "./Meter.ts"
import { metrics } from "./Metrics.ts"
import * as Monotonic from "./Monotonic.ts"
import * as Quoted from "./Quoted.ts"
import * as Trace from "./Trace.ts"

/** A unit of work that takes longer is worth a line: pings wait for it. */
const slow: Span = second

/** The span around one. */
const span = { name: "overdue.store.transact" }

/** The shortest time between two lines about that. */
const quietFor: Span = 10 * second

/** Returns the layer of a store, with its units of work logged. */
export const observed = <E>(store: Layer.Layer<Store, E>): Layer.Layer<Store, E> =>
  Layer.effect(
    Store,
    Effect.map(Effect.all([Store, Meter.current]), ([inner, meter]) => observe(inner, meter)),
  ).pipe(Layer.provideMerge(store))

const observe = (store: Store["Service"], meter: Meter.Meter): Store["Service"] => {
  let saidAt = -Infinity

  const noteSlow = Effect.fnUntraced(function* (took: Span, now: Span) {
    if (took <= slow || now - saidAt < quietFor) return
    saidAt = now
    const seconds = (took / second).toFixed(1)
    yield* Effect.logWarning(`the store took ${seconds} s for one unit of work, and signals wait for it`)
  })

  const noteError = ({ reason }: StoreError) =>
    Effect.sync(() => meter.record(metrics.storeErrors, 1, [reason]))

  const transact = Effect.fnUntraced(function* <A>(
    selection: Selection,
    decide: (loaded: Loaded) => Decision<A>,
  ) {
    let decided: Decision<A> | undefined
    const before = yield* Monotonic.now
    const work = store.transact(selection, (loaded) => (decided = decide(loaded)))
    const result = yield* Effect.tapError(Trace.within(work, span), noteError)
    const now = yield* Monotonic.now
    meter.record(metrics.storeSeconds, (now - before) / second)
    yield* noteSlow(now - before, now)
    if (decided?.flips !== undefined && decided.flips.length > 0) yield* noteFlips(decided)
    return result
  })

  return { ...store, transact }
}

const noteFlips = Effect.fnUntraced(function* ({ flips = [], checks = [] }: Decision<unknown>) {
  const byId = new Map(checks.map((check) => [check.id, check]))
  for (const flip of flips) {
    const check = byId.get(flip.check)
    yield* LogShare.ofProject(check?.project ?? "unknown", Effect.logInfo(lineOf(flip, check)))
  }
})

const lineOf = ({ to, reason, blind, quiet }: Flip, check: Check | undefined): string => {
  const name = check === undefined ? "a check" : `check ${Quoted.of(hint(check))}`
  const notes = [
    reason,
    ...(quiet ? ["in a quiet window"] : []),
    ...(blind ? ["after nobody was awake"] : []),
  ]
  return `${name} is ${to} (${notes.join(", ")})`
}
