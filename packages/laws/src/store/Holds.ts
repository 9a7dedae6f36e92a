/** Laws of alerts that are kept back: by checks that they depend on, and for whatever reason they waited. */
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import type { Law } from "./StoreFixture.ts"
import * as StoreFixture from "./StoreFixture.ts"
import * as Telling from "./Telling.ts"
import * as Settling from "./Settling.ts"

const { channelId, checkId, start } = StoreFixture

/** Registers the laws. */
export const holds = (law: Law): void => {
  describe("an alert of a check that depends on others", () => {
    holding(law)
    releasing(law)
  })
  describe("an alert that was kept back", () => reminding(law))
}

const furnish = Effect.fnUntraced(function* (store: StoreFixture.Stored) {
  yield* StoreFixture.furnish(store, 0)
  const channels = [channelId(1)]
  yield* StoreFixture.create(
    store,
    StoreFixture.check(1, { details: { slug: "db", channels: [] } }),
    StoreFixture.check(2, { details: { after: "network db", channels } }),
    StoreFixture.check(3, { details: { after: "network", channels } }),
    StoreFixture.check(4, { details: { tags: "core network", channels: [] } }),
  )
  yield* StoreFixture.happen(store, [1, 2, 3, 4].map(checkId), { type: "success" }, start)
})

const holders = (store: StoreFixture.Stored, now: number) =>
  Effect.map(store.claimDeliveries(now, 9, minute), (claims) =>
    claims.map(({ delivery, heldBy }) => [delivery.check, heldBy]),
  )

const holding = (law: Law): void => {
  law("is held by one of them that is down, which it names by slug or tag", (store) =>
    Effect.gen(function* () {
      yield* furnish(store)
      yield* StoreFixture.happen(store, [1, 2, 3].map(checkId), { type: "fail" }, start + minute)
      expect(yield* holders(store, start + minute)).toEqual([
        [checkId(2), "check 1"],
        [checkId(3), undefined],
      ])
      yield* StoreFixture.happen(store, [checkId(4)], { type: "fail" }, start + 3 * minute)
      yield* StoreFixture.happen(store, [checkId(1)], { type: "success" }, start + 3 * minute)
      expect(yield* holders(store, start + 3 * minute)).toEqual([
        [checkId(2), "check 4"],
        [checkId(3), "check 4"],
      ])
    }),
  )
}

const releasing = (law: Law): void => {
  for (const [how, end] of [
    ["is up again", { type: "success" }],
    ["is paused", { type: "pause" }],
    ["is deleted", { checks: [checkId(1)] }],
    ["is deleted by who has not read it", {}],
    ["is deleted though its record may be damaged", "delete"],
    ["is not named any more", "rename"],
  ] as const) {
    law(`is due at once when the one ${how}`, (store) =>
      Effect.gen(function* () {
        yield* furnish(store)
        const now = start + minute
        yield* StoreFixture.happen(store, [1, 2].map(checkId), { type: "fail" }, now)
        const [claim] = yield* store.claimDeliveries(now, 9, minute)
        const held = { status: "pending", cause: "held", dueAt: now + hour, error: "held" } as const
        yield* Settling.one(store, claim!.delivery.id, 1, held, now)
        expect(yield* store.claimDeliveries(now + minute, 9, minute)).toEqual([])
        const later = now + 2 * minute
        if (end === "rename") {
          yield* store.transact({ checks: [checkId(1)] }, (loaded) => {
            const check = loaded.check(checkId(1))!
            return { result: 0, checks: [{ ...check, details: { ...check.details, slug: "other" } }] }
          })
        } else if (end === "delete") yield* store.deleteCheck(StoreFixture.projectId(1), checkId(1))
        else if ("type" in end) yield* StoreFixture.happen(store, [checkId(1)], end, later)
        else yield* store.transact(end, () => ({ result: 0, deleted: [checkId(1)] }))
        expect(yield* holders(store, later)).toEqual([[checkId(2), undefined]])
      }),
    )
  }
}

const reminding = (law: Law): void => {
  for (const cause of ["quiet", "held", "failed"] as const) {
    const isKept = cause !== "failed"
    law(`is ${isKept ? "not " : ""}followed by its reminders when it waited because of ${cause}`, (store) =>
      Effect.gen(function* () {
        yield* Telling.furnish(store)
        const now = start + 3 * hour
        yield* StoreFixture.happen(store, [checkId(1)], { type: "fail" }, start + minute)
        const [down] = yield* store.claimDeliveries(start + minute, 9, minute)
        const waiting = { status: "pending", cause, dueAt: now, error: cause } as const
        yield* Settling.one(store, down!.delivery.id, 1, waiting, start + minute)
        if (isKept) yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, start + hour + minute)
        const first = yield* store.claimDeliveries(now, 9, minute)
        expect(first).toMatchObject([{ delivery: { occasion: "flip" } }])
        if (!isKept) yield* StoreFixture.happen(store, [checkId(1)], { type: "tick" }, start + hour + minute)
        yield* Settling.one(store, down!.delivery.id, 2, { status: "delivered" }, now)
        const next = yield* store.claimDeliveries(now, 9, minute)
        expect(next.map(({ delivery }) => delivery.occasion)).toEqual(isKept ? [] : ["reminder"])
      }),
    )
  }
}
