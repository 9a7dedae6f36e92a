/** Checks that tell one channel, and the telling of whatever is due: for the laws of outages and of channels. */
import type { Claim, DeliveryOutcome } from "@overdue/core/Delivery"
import { hour, minute, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as StoreFixture from "./StoreFixture.ts"
import * as Settling from "./Settling.ts"

const { channelId, checkId, start } = StoreFixture

/** A delivery that reached its channel. */
export const delivered: DeliveryOutcome = { status: "delivered" }

/**
 * Claims and settles everything that is due, in turn, so that deliveries that wait for others are claimed too. Returns
 * the claims in the order in which they were told.
 */
export const tellAll = Effect.fnUntraced(function* (
  store: StoreFixture.Stored,
  now: number,
  outcome: (claim: Claim) => DeliveryOutcome = () => delivered,
) {
  const told: Claim[] = []
  while (true) {
    const claims = yield* store.claimDeliveries(now, 100, minute)
    if (claims.length === 0) return told
    for (const claim of claims) {
      told.push(claim)
      yield* Settling.one(store, claim.delivery.id, claim.delivery.attempts, outcome(claim), now)
    }
  }
})

/** Creates project 1 with checks that are up and tell only channel 1, by default with hourly reminders. */
export const furnish = Effect.fnUntraced(function* (
  store: StoreFixture.Stored,
  checks = 1,
  remindEvery: Span | undefined = hour,
) {
  yield* StoreFixture.furnish(store, 0)
  const details = { channels: [channelId(1)] }
  const numbers = Array.from({ length: checks }, (_, index) => index + 1)
  const made = numbers.map((n) => StoreFixture.check(n, { details }, { remindEvery }))
  yield* StoreFixture.create(store, ...made)
  yield* StoreFixture.happen(store, numbers.map(checkId), { type: "success" }, start)
})
