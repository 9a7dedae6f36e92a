import { describe, expect, it } from "@effect/vitest"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Store from "@overdue/core/Store"
import { day, hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"

describe("an engine that runs", () => {
  it.effect("has its store inspected after a minute and then every hour, also after that has failed", () => {
    let inspections = 0
    const away = new Store.StoreError({ reason: "unavailable", detail: "The database is away." })
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (memory) => ({
        ...memory,
        inspect: Effect.suspend(() => {
          inspections += 1
          return Effect.fail(away)
        }),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    return Effect.gen(function* () {
      yield* TestClock.adjust(minute - 1)
      expect(inspections).toBe(0)
      yield* TestClock.adjust(1)
      expect(inspections).toBe(1)
      yield* TestClock.adjust(2 * hour)
      expect(inspections).toBe(3)
    }).pipe(
      Effect.provide(
        EngineFixture.layer({
          loops: true,
          store,
          settings: { sweepEvery: day, pollEvery: day, blindAfter: undefined },
        }),
      ),
    )
  })
})
