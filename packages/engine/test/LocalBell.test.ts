import { describe, expect, it } from "@effect/vitest"
import { Bell } from "@overdue/core/Bell"
import type { Store } from "@overdue/core/Store"
import { hour, minute } from "@overdue/core/Time"
import * as Every from "@overdue/core/schedule/Every"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"

describe("the bell of an engine", () => {
  it.effect("is the store's when its layer brings one", () => {
    let rung = 0
    const bell = Layer.succeed(Bell, { ring: () => void rung++, wait: (span) => Effect.sleep(span) })
    const store: Layer.Layer<Store | Bell> = Layer.merge(MemoryStore.layer, bell)
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      yield* EngineFixture.ping({ id: check.id }, "log")
      expect(rung).toBe(0)
      yield* EngineFixture.ping({ id: check.id }, "fail")
      expect(rung).toBe(1)
    }).pipe(Effect.provide(EngineFixture.layer({ store })))
  })

  it.effect("rings when a deadline has passed that is to be told", () => {
    let rung = 0
    const bell = Layer.succeed(Bell, { ring: () => void rung++, wait: (span) => Effect.sleep(span) })
    const store: Layer.Layer<Store | Bell> = Layer.merge(MemoryStore.layer, bell)
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({ schedule: Every.make(hour), grace: minute })
      yield* EngineFixture.ping({ id: check.id })
      yield* Sweeper.sweep(hour + minute - 1)
      expect(rung).toBe(0)
      yield* Sweeper.sweep(hour + minute)
      expect(rung).toBe(1)
    }).pipe(Effect.provide(EngineFixture.layer({ store, settings: { blindAfter: undefined } })))
  })

  it.effect("is one of this process otherwise: a wait ends when it rings, or when its time is over", () =>
    Effect.gen(function* () {
      const bell = yield* Bell
      const waiting = yield* Effect.forkChild(bell.wait(hour))
      yield* TestClock.adjust(minute)
      expect(waiting.pollUnsafe()).toBeUndefined()
      bell.ring()
      yield* Fiber.join(waiting)
      const again = yield* Effect.forkChild(bell.wait(minute))
      yield* TestClock.adjust(minute)
      yield* Fiber.join(again)
      bell.ring()
      yield* bell.wait(hour)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})
