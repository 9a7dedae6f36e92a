/** Laws of signals that arrive twice: by its idempotency key a logged ping is found again, as long as it is kept. */
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import { Changes } from "@overdue/engine/Changes"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { checkId, projectId, start } = StoreFixture

/** Logs a ping of a check under a key, in a unit of work. */
const logUnder = (store: StoreFixture.Stored, n: number, ...keys: readonly (string | undefined)[]) =>
  store.transact({ checks: [checkId(n)] }, (loaded) => {
    const changes = new Changes(loaded)
    for (const key of keys) {
      const check = changes.check(checkId(n))!
      StoreFixture.step(changes, check, { type: "log" }, start + 1, undefined, key)
    }
    return changes.decide(undefined)
  })

/** Returns the number of the ping of a check with a key, as a unit of work finds it. */
const numberOf = (store: StoreFixture.Stored, n: number, key: string) =>
  StoreFixture.read(store, { checks: [checkId(n)], keys: [key] }, ({ logged }) => logged(checkId(n), key)?.n)

/** Registers the laws. */
export const repeats = (law: Law): void => {
  describe("a ping that was logged under a key", () => {
    law("is found again by its check and its key, with its number and kind", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* logUnder(store, 1, "one", undefined, "two")
        const selection = { checks: [checkId(1)], keys: ["two", "one", "three"] }
        const found = yield* StoreFixture.read(store, selection, ({ logged }) =>
          ["one", "two", "three"].map((key) => {
            const signal = logged(checkId(1), key)
            return signal && [signal.n, signal.kind]
          }),
        )
        expect(found).toEqual([[2, "log"], [4, "log"], undefined])
      }),
    )

    law("is not that of another check under the same key", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 3)
        yield* logUnder(store, 1, "same")
        yield* logUnder(store, 2, undefined, "same")
        expect(yield* numberOf(store, 1, "same")).toBe(2)
        expect(yield* numberOf(store, 2, "same")).toBe(3)
        expect(yield* numberOf(store, 3, "same")).toBeUndefined()
      }),
    )

    law("is told apart by every character of the key", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* logUnder(store, 1, "Ab%_'\"\\")
        expect(yield* numberOf(store, 1, "Ab%_'\"\\")).toBe(2)
        expect(yield* numberOf(store, 1, "ab%_'\"\\")).toBeUndefined()
        expect(yield* numberOf(store, 1, "Ab%_'\"")).toBeUndefined()
      }),
    )

    law("is unknown again once the project does not keep it", (store) =>
      Effect.gen(function* () {
        yield* store.createProject({ project: StoreFixture.project(1, { pingLogLimit: 3 }), keys: [] })
        yield* StoreFixture.create(store, StoreFixture.check(1))
        yield* logUnder(store, 1, "old")
        yield* logUnder(store, 1, undefined, undefined)
        expect(yield* numberOf(store, 1, "old")).toBe(1)
        yield* logUnder(store, 1, undefined)
        expect(yield* numberOf(store, 1, "old")).toBeUndefined()
        yield* logUnder(store, 1, "old")
        expect(yield* numberOf(store, 1, "old")).toBe(5)
      }),
    )

    law("is gone with its check", (store) =>
      Effect.gen(function* () {
        yield* StoreFixture.furnish(store, 1)
        yield* logUnder(store, 1, "key")
        yield* store.transact({ checks: [checkId(1)] }, () => ({ result: undefined, deleted: [checkId(1)] }))
        yield* StoreFixture.create(store, StoreFixture.check(1, { project: projectId(1) }))
        expect(yield* numberOf(store, 1, "key")).toBeUndefined()
      }),
    )
  })
}
