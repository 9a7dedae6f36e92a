/** Commands about deliveries that were given up, or are to be. */
import * as Bell from "@overdue/core/Bell"
import * as Store from "@overdue/core/Store"
import * as Effect from "effect/Effect"
import { DeliverySettled } from "../CommandError.ts"
import * as Deliveries from "../queries/Deliveries.ts"
import * as SteadyClock from "../SteadyClock.ts"

/** The delivery that a command is about, named with its project. */
export interface Subject {
  readonly project: string
  readonly id: string
}

/**
 * Sends a delivery again that was given up, and returns it. Fails with `DeliveryNotFound`, or with `DeliverySettled` when
 * it was not given up.
 */
export const retry = Effect.fn("Deliveries.retry")(function* (subject: Subject) {
  return yield* change(subject, (store, now) => store.retryDelivery(subject.id, now))
})

/**
 * Gives up a delivery, and returns it. Fails with `DeliveryNotFound`, or with `DeliverySettled` when it has reached its
 * channel, or need not.
 */
export const drop = Effect.fn("Deliveries.drop")(function* (subject: Subject) {
  return yield* change(subject, (store, now) => store.dropDelivery(subject.id, now))
})

const change = Effect.fnUntraced(function* (
  { project, id }: Subject,
  act: (store: Store.Store["Service"], now: number) => Effect.Effect<boolean, Store.StoreError>,
) {
  const store = yield* Store.Store
  const bell = yield* Bell.Bell
  const { status } = yield* Deliveries.get(project, id)
  if (!(yield* act(store, yield* SteadyClock.now)))
    return yield* new DeliverySettled({ delivery: id, status })
  bell.ring()
  return yield* Deliveries.get(project, id)
})
