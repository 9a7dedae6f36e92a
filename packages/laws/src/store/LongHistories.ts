/** Laws of deletion: what has a long history goes with all of it, and with nothing of others. */
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import type { Delivery } from "@overdue/core/Delivery"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { channelId, checkId, projectId, start } = StoreFixture

/** Flips of each check: more than a store deletes at once. */
const many = 230

/** Registers the laws. */
export const longHistories = (law: Law): void => {
  describe("what has a long history", () => {
    law("is deleted with all of it, and with nothing of others", (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        const told = Effect.map(store.deliveries({ limit: 10_000 }), (found) =>
          [1, 2].flatMap((n) =>
            [1, 2].map(
              (to) =>
                found.filter(({ check, channel }) => check === checkId(n) && channel === channelId(to))
                  .length,
            ),
          ),
        )
        const flipped = Effect.forEach([1, 2], (n) =>
          Effect.map(store.flips(checkId(n), {}), (flips) => flips.length),
        )
        expect([yield* told, yield* flipped]).toEqual([Array(4).fill(many - 1), [many, many]])
        expect(yield* store.deleteChannel(projectId(1), channelId(1))).toBe(true)
        expect([yield* told, yield* flipped]).toEqual([
          [0, many - 1, 0, many - 1],
          [many, many],
        ])
        expect(yield* store.deleteCheck(projectId(1), checkId(1))).toBe(true)
        expect([yield* told, yield* flipped]).toEqual([
          [0, 0, 0, many - 1],
          [0, many],
        ])
        expect(yield* store.deleteProject(projectId(1))).toBe(true)
        expect([yield* told, yield* flipped]).toEqual([
          [0, 0, 0, 0],
          [0, 0],
        ])
      }),
    )
  })
}

/** Two checks that flipped often, and two channels that were told: of the older half of the flips nothing is pending. */
const furnish = Effect.fnUntraced(function* (store: StoreFixture.Stored) {
  yield* StoreFixture.furnish(store, 2)
  const flips = yield* Effect.map(
    Effect.forEach([1, 2], (n) => store.flips(checkId(n), {})),
    (each) =>
      each.flatMap(([first]) =>
        Array.from({ length: many - 1 }, (_, index) => ({ ...first!, n: index + 2, at: start + index })),
      ),
  )
  const deliveries = flips.flatMap(({ check, n, at }) =>
    [1, 2].map((to): Delivery => ({
      id: `${check} ${n} ${to}`,
      check,
      flip: n,
      occasion: "flip",
      at,
      channel: channelId(to),
    })),
  )
  yield* store.transact({}, () => ({ result: undefined, flips, deliveries }))
  for (const { id, flip } of deliveries) if (flip < many / 2) yield* store.dropDelivery(id, start)
})
