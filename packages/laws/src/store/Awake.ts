/** Laws of being awake: time in which no node was awake is stored, and every decision is told of it. */
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect } from "vitest"
import * as StoreFixture from "./StoreFixture.ts"
import type { Law } from "./StoreFixture.ts"

const { start } = StoreFixture

/** Registers the laws. */
export const awake = (law: Law): void => {
  describe("the time in which nobody was awake", () => {
    law("becomes a blind span when it was longer than the threshold", (store) =>
      Effect.gen(function* () {
        expect(yield* store.awake(start, minute)).toBeUndefined()
        expect(yield* store.awake(start + minute, minute)).toBeUndefined()
        const span = { from: start + minute, to: start + 2 * minute + 1 }
        expect(yield* store.awake(span.to, minute)).toEqual(span)
        expect(yield* store.blind).toEqual([span])
        expect(yield* store.awake(span.to + hour, minute)).toEqual({ from: span.to, to: span.to + hour })
        expect(yield* store.blind).toHaveLength(2)
      }),
    )

    law("begins only when the note before it is no longer valid", (store) =>
      Effect.gen(function* () {
        yield* store.awake(start, minute, 5_000)
        expect(yield* store.awake(start + minute, minute, 5_000)).toBeUndefined()
        const span = { from: start + minute + 5_000, to: start + hour }
        expect(yield* store.awake(start + hour, minute, 5_000)).toEqual(span)
        expect(yield* store.blind).toEqual([span])
      }),
    )

    law("is known to every unit of work", (store) =>
      Effect.gen(function* () {
        yield* store.awake(start, minute)
        expect(yield* StoreFixture.read(store, {}, ({ blind }) => blind)).toEqual([])
        yield* store.awake(start + hour, minute)
        const span = { from: start, to: start + hour }
        expect(yield* StoreFixture.read(store, {}, ({ blind }) => blind)).toEqual([span])
      }),
    )

    law("does not count where nobody asks for a threshold", (store) =>
      Effect.gen(function* () {
        yield* store.awake(start, undefined)
        expect(yield* store.awake(start + hour, undefined)).toBeUndefined()
        expect(yield* store.awake(start + hour + minute, minute)).toBeUndefined()
        expect(yield* store.blind).toEqual([])
      }),
    )

    law("is not made longer by a clock that was set back", (store) =>
      Effect.gen(function* () {
        yield* store.awake(start + hour, minute)
        expect(yield* store.awake(start, minute)).toBeUndefined()
        expect(yield* store.awake(start + hour + minute, minute)).toBeUndefined()
        expect(yield* store.blind).toEqual([])
      }),
    )
  })
}
