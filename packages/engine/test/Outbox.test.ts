import { describe, expect, it } from "@effect/vitest"
import * as Store from "@overdue/core/Store"
import { hour, minute, second } from "@overdue/core/Time"
import * as Outbox from "@overdue/engine/Outbox"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as World from "./EngineFixture.ts"

const deliveries = Effect.gen(function* () {
  const store = yield* Store.Store
  return (yield* store.deliveries({ limit: 100 })).toReversed()
})

const failing = { type: "retry", why: "503" } as const
const delivered = { type: "delivered" } as const

describe("a delivery", () => {
  it.effect("is tried until it works, always with the same id", () => {
    const told: World.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* World.furnish()
      yield* World.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(minute)
      expect(told).toHaveLength(3)
      expect(new Set(told.map(({ alert }) => alert.id)).size).toBe(1)
      expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 3 }])
    }).pipe(Effect.provide(World.layer({ told, verdicts: [failing, failing, delivered], loops: true })))
  })

  it.effect("that its notifier never ends is taken from it, and tried again", () => {
    const told: World.Told[] = []
    const settings = { sweepEvery: minute, deliveriesAtOnce: 1 }
    return Effect.gen(function* () {
      const { check } = yield* World.furnish()
      yield* World.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(90 * second)
      expect(yield* deliveries).toMatchObject([{ status: "pending", error: "no answer within 90 s" }])
      yield* TestClock.adjust(minute)
      expect(told).toHaveLength(2)
      expect(yield* deliveries).toMatchObject([{ status: "delivered", attempts: 2 }])
    }).pipe(Effect.provide(World.layer({ told, settings, verdicts: ["silence", delivered], loops: true })))
  })

  it.effect("that a channel does not want is skipped, and never asked about again", () => {
    const told: World.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* World.furnish()
      yield* World.ping({ id: check.id }, "fail")
      yield* TestClock.adjust(hour)
      expect(told).toHaveLength(1)
      expect(yield* deliveries).toMatchObject([{ status: "skipped" }])
    }).pipe(Effect.provide(World.layer({ told, verdicts: [{ type: "skipped" }], loops: true })))
  })

  it.effect("that never will work disables its channel with the reason, and can be retried", () => {
    const told: World.Told[] = []
    return Effect.gen(function* () {
      const store = yield* Store.Store
      const { check, channel } = yield* World.furnish()
      yield* World.ping({ id: check.id }, "fail")
      yield* Outbox.flush
      expect((yield* store.channel(channel.id))?.disabled).toBe("gone")
      const [dead] = yield* deliveries
      expect(dead).toMatchObject({ status: "dead", error: "gone" })

      // What comes now is not even tried.
      yield* World.ping({ id: check.id })
      yield* Outbox.flush
      expect(told).toHaveLength(1)

      yield* store.disableChannel(channel.id, undefined)
      expect(yield* store.retryDelivery(dead!.id, 0)).toBe(true)
      yield* Outbox.flush
      expect(told).toHaveLength(2)
      expect((yield* deliveries)[0]).toMatchObject({ status: "delivered" })
    }).pipe(Effect.provide(World.layer({ told, verdicts: [{ type: "permanent", why: "gone" }, delivered] })))
  })

  it.effect("waits for the one before it, so that up never overtakes down", () => {
    const told: World.Told[] = []
    return Effect.gen(function* () {
      const { check } = yield* World.furnish()
      yield* World.ping({ id: check.id }, "fail")
      yield* World.ping({ id: check.id })
      yield* TestClock.adjust(hour)
      expect(told.map(({ alert }) => alert.status)).toEqual(["down", "down", "up"])
    }).pipe(Effect.provide(World.layer({ told, verdicts: [failing, delivered], loops: true })))
  })
})

describe("what follows from a failed attempt", () => {
  const after = (attempts: number, wait?: number) =>
    Outbox.outcomeOf({ type: "retry", why: "503", after: wait }, attempts, 0, 0.5)

  it("is a wait that doubles up to an hour", () => {
    expect([1, 2, 3, 11, 12, 13, 20].map((attempts) => after(attempts))).toMatchObject(
      [2 * second, 4 * second, 8 * second, 2048 * second, hour, hour, hour].map((dueAt) => ({
        status: "pending",
        dueAt,
      })),
    )
  })

  it("is spread by chance to half of it and one and a half times", () => {
    const at = (chance: number) => Outbox.outcomeOf(failing, 3, 0, chance)
    expect([at(0), at(1)]).toMatchObject([{ dueAt: 4 * second }, { dueAt: 12 * second }])
  })

  it("is at least the wait that the receiver asked for, within reason", () => {
    expect(after(1, minute)).toMatchObject({ dueAt: minute })
    expect(after(1, 100 * hour)).toMatchObject({ dueAt: 2 * hour })
  })

  it("is a dead letter after about a day, with the last reason", () => {
    expect(after(Outbox.maximumAttempts)).toEqual({
      status: "dead",
      error: `given up after ${Outbox.maximumAttempts} attempts: 503`,
    })
    let waited = 0
    for (let attempts = 1; attempts < Outbox.maximumAttempts; attempts++) {
      const outcome = after(attempts)
      if (outcome.status === "pending") waited += outcome.dueAt
    }
    expect(waited).toBeGreaterThan(20 * hour)
    expect(waited).toBeLessThan(30 * hour)
  })
})
