import { describe, expect, it } from "@effect/vitest"
import * as Retention from "@overdue/engine/Retention"
import * as Every from "@overdue/core/schedule/Every"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Store from "@overdue/core/Store"
import { day, hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"
import { SetClock } from "../../../test/kit/SetClock.ts"

const policy = { schedule: Every.make(365 * day), grace: 365 * day }

const counts = Effect.fnUntraced(function* (check: string) {
  const store = yield* Store.Store
  return {
    flips: (yield* store.flips(check, {})).length,
    deliveries: (yield* store.deliveries({ limit: 100 })).length,
    blind: (yield* store.blind).length,
  }
})

describe("an engine that runs for years", () => {
  it.effect("keeps flips for 400 days and settled deliveries for 30", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(30 * day)
      expect(yield* counts(check.id)).toMatchObject({ flips: 3, deliveries: 2 })
      yield* TestClock.adjust(2 * hour)
      expect(yield* counts(check.id)).toMatchObject({ flips: 3, deliveries: 0 })
      yield* TestClock.adjust(370 * day - 2 * hour)
      expect(yield* counts(check.id)).toMatchObject({ flips: 3 })
      yield* TestClock.adjust(2 * hour)
      expect(yield* counts(check.id)).toMatchObject({ flips: 1 })
    }).pipe(
      Effect.provide(
        EngineFixture.layer({
          loops: true,
          settings: { sweepEvery: day, pollEvery: day, blindAfter: undefined },
        }),
      ),
    ),
  )

  it.effect("deletes nothing in its first ten minutes, in which its clock may be set", () =>
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { check } = yield* EngineFixture.furnish(policy)
      for (const action of ["success", "fail", "success"] as const) {
        yield* EngineFixture.ping({ id: check.id }, action)
      }
      yield* TestClock.adjust(500 * day)
      const settings = { sweepEvery: minute, pollEvery: minute, blindAfter: undefined }
      const shared = Layer.succeed(Store.Store, store)
      yield* Effect.gen(function* () {
        yield* TestClock.adjust(10 * minute - 1)
        expect(yield* counts(check.id)).toMatchObject({ flips: 3 })
        yield* TestClock.adjust(1)
        expect(yield* counts(check.id)).toMatchObject({ flips: 1 })
      }).pipe(Effect.provide(EngineFixture.layer({ loops: true, settings, store: shared })))
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: undefined } }))),
  )

  it.effect(
    "deletes nothing for a day after its clock was set forward, or after months without anybody awake",
    () =>
      Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish(policy)
        yield* EngineFixture.ping({ id: check.id })
        yield* EngineFixture.ping({ id: check.id }, "fail")
        const clock = new SetClock(hour)
        const pruning = yield* Effect.provideService(Retention.make, SteadyClock.SteadyClock, clock)
        expect(yield* pruning).toBe(0)
        clock.step(800 * day)
        for (let hours = 0; hours < 24; hours++) {
          expect([hours, yield* pruning]).toEqual([hours, 0])
          clock.now += hour
        }
        // Set right meanwhile: nothing was lost.
        clock.step(-800 * day)
        expect(yield* pruning).toBe(0)
        expect(yield* counts(check.id)).toMatchObject({ flips: 2 })
        // Nobody was awake for two years.
        const store = yield* Store.Store
        yield* store.awake(clock.now, hour)
        clock.now += 730 * day
        yield* store.awake(clock.now, hour)
        expect(yield* pruning).toBe(0)
        clock.now += day + 1
        expect(yield* pruning).toBeGreaterThan(0)
      }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("keeps blind spans for as long as a flip or a deadline may go by them", () =>
    Effect.gen(function* () {
      const store = yield* Store.Store
      yield* store.awake(0, hour)
      yield* store.awake(day, hour)
      expect(yield* Retention.prune(day + 800 * day)).toBe(0)
      expect(yield* Retention.prune(day + 800 * day + 1)).toBe(1)
      expect(yield* store.blind).toEqual([])
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})
