/** Arbitrary commands to a store about its deliveries. */
import type { DeliveryOutcome, Ended } from "@overdue/core/Delivery"
import { minute, type Instant } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import fc from "fast-check"
import * as Checks from "./Checks.ts"
import { kind, limits, n } from "./Command.ts"
import * as StoreFixture from "./StoreFixture.ts"

/** Mostly that it was delivered: those are written together. */
const outcomes: fc.Arbitrary<(now: Instant) => DeliveryOutcome> = fc.constantFrom(
  ...Array.from({ length: 8 }, () => () => ({ status: "delivered" as const })),
  (now: Instant) => ({ status: "delivered" as const, remember: { at: now } }),
  () => ({ status: "skipped" as const, error: "unwanted" }),
  () => ({ status: "dead" as const, cause: "refused" as const, error: "status 400" }),
  () => ({ status: "dead" as const, cause: "disabled" as const, error: "status 410" }),
  () => ({ status: "dead" as const, cause: "exhausted" as const, error: "status 500" }),
  ...(["failed", "quiet", "held", "stopped"] as const).map((cause) => (now: Instant) => ({
    status: "pending" as const,
    cause,
    dueAt: now + 30_000,
    error: cause,
    ...(cause === "failed" && now % 2 === 0 && { isGone: true }),
  })),
)

/** Returns one of the existing deliveries, by its place in their list. */
const nth = (store: StoreFixture.Stored, place: number) =>
  Effect.map(store.deliveries({ limit: 100 }), (found) => found[place % Math.max(found.length, 1)])

/** The commands. */
export const deliveries = [
  kind(
    "claim deliveries",
    fc.record({ limit: limits, lease: fc.constantFrom(minute, 5 * minute) }),
    ({ limit, lease }, store, now) =>
      Effect.map(store.claimDeliveries(now, limit, lease), (claims) =>
        claims.map(({ alert, ...claim }) => ({
          ...claim,
          alert: { ...alert, check: Checks.plain(alert.check) },
        })),
      ),
  ),
  kind(
    "settle deliveries",
    fc.array(fc.record({ place: fc.nat({ max: 20 }), isLate: fc.boolean(), outcome: outcomes }), {
      minLength: 1,
      maxLength: 6,
    }),
    Effect.fnUntraced(function* (attempts, store, now) {
      const ended: Ended[] = []
      for (const { place, isLate, outcome } of attempts) {
        const found = yield* nth(store, place)
        if (found === undefined) continue
        const attempt = found.attempts - (isLate ? 1 : 0)
        ended.push({ id: found.id, attempt, outcome: outcome(now), now })
      }
      return yield* store.settleDeliveries(ended)
    }),
  ),
  kind("retry a delivery", fc.nat({ max: 20 }), (place, store, now) =>
    Effect.flatMap(nth(store, place), (found) => store.retryDelivery(found?.id ?? "none", now)),
  ),
  kind("drop a delivery", fc.nat({ max: 20 }), (place, store, now) =>
    Effect.flatMap(nth(store, place), (found) => store.dropDelivery(found?.id ?? "none", now)),
  ),
  kind("read a delivery", fc.nat({ max: 20 }), (place, store) =>
    Effect.flatMap(nth(store, place), (found) => store.delivery(found?.id ?? "none")),
  ),
  kind(
    "list deliveries",
    fc.record(
      {
        check: n.map(StoreFixture.checkId),
        channel: n.map(StoreFixture.channelId),
        status: fc.constantFrom("pending", "delivered", "skipped", "superseded", "dead", "dropped"),
        cause: fc.constantFrom("failed", "quiet", "held", "refused", "disabled", "exhausted"),
        limit: limits,
      },
      { requiredKeys: ["limit"] },
    ),
    (filter, store) => store.deliveries(filter),
  ),
]
