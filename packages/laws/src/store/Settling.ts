/** Ends one attempt, as the outbox ends many. */
import type { DeliveryOutcome, Settled } from "@overdue/core/Delivery"
import type { Store, StoreError } from "@overdue/core/Store"
import type { Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"

/** Settles an attempt alone. */
export const one = (
  store: Pick<Store["Service"], "settleDeliveries">,
  ...[id, attempt, outcome, now]: readonly [string, number, DeliveryOutcome, Instant]
): Effect.Effect<Settled, StoreError> =>
  Effect.map(store.settleDeliveries([{ id, attempt, outcome, now }]), ([settled]) => settled!)
