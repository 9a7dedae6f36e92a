import { describe, expect, it } from "@effect/vitest"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day, hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Statistics from "@overdue/engine/queries/Statistics"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const policy = { schedule: Every.make(2 * hour), grace: hour }
const still = EngineFixture.layer({ settings: { blindAfter: undefined } })

/** A check that is up for three hours, down for one, and up for two. */
const furnish = Effect.gen(function* () {
  const { check, project } = yield* EngineFixture.furnish(policy)
  yield* EngineFixture.ping({ id: check.id })
  yield* TestClock.adjust(4 * hour)
  yield* EngineFixture.ping({ id: check.id })
  yield* TestClock.adjust(2 * hour)
  return () => Checks.get(project.id, check.id)
})

describe("the statistics of a check", () => {
  it.effect("are made of its stored flips and pings", () =>
    Effect.gen(function* () {
      const get = yield* furnish
      const report = yield* Statistics.over(yield* get(), { from: 0, to: 6 * hour })
      expect(report).toMatchObject({ up: 5 * hour, down: hour, paused: 0, unknown: 0, uptime: 5 / 6 })
      expect(report.outages).toEqual([
        { start: 3 * hour, end: 4 * hour, reason: "missed", duration: hour, blind: false },
      ])
      expect(report.runs).toMatchObject({ count: 2, failed: 0, missed: 1 })
      expect(report.isComplete).toBe(true)
    }).pipe(Effect.provide(still)),
  )

  it.effect("know what has passed by now and has not been swept yet", () =>
    Effect.gen(function* () {
      const get = yield* furnish
      yield* TestClock.adjust(3 * hour)
      const report = yield* Statistics.over(yield* get(), { from: 6 * hour, to: 10 * hour })
      expect(report).toMatchObject({ up: hour, down: 2 * hour, unknown: hour })
    }).pipe(Effect.provide(still)),
  )

  it.effect("go unit by unit through the calendar of a zone", () =>
    Effect.gen(function* () {
      const get = yield* furnish
      const reports = yield* Statistics.by(
        yield* get(),
        { from: 2 * hour + 30 * minute, to: 6 * hour },
        { unit: "hour", zone: Zone.utc },
      )
      expect(reports.map(({ from, to }) => (to - from) / minute)).toEqual([30, 60, 60, 60])
      expect(reports.map(({ up, down }) => [up / minute, down / minute])).toEqual([
        [30, 0],
        [0, 60],
        [60, 0],
        [60, 0],
      ])
    }).pipe(Effect.provide(still)),
  )

  it.effect("are those of the check as it was read, whatever comes in meanwhile", () =>
    Effect.gen(function* () {
      const get = yield* furnish
      const check = yield* get()
      yield* EngineFixture.ping({ id: check.id }, "fail")
      const report = yield* Statistics.over(check, { from: 0, to: 6 * hour })
      expect(report).toMatchObject({ up: 5 * hour, down: hour, unknown: 0 })
      expect(report.runs.count).toBe(2)
    }).pipe(Effect.provide(still)),
  )

  it.effect("say what is not known any more once the log is cut", () =>
    Effect.gen(function* () {
      const { check, project } = yield* EngineFixture.furnish({ schedule: Every.make(day), grace: hour })
      for (let n = 0; n < 150; n++) {
        yield* EngineFixture.ping({ id: check.id })
        yield* TestClock.adjust(hour)
      }
      const read = yield* Checks.get(project.id, check.id)
      const all = yield* Statistics.over(read, { from: 0, to: 150 * hour })
      expect([all.up, all.runs.count, all.isComplete]).toEqual([150 * hour, 100, false])
      const late = yield* Statistics.over(read, { from: 51 * hour, to: 150 * hour })
      expect([late.runs.count, late.isComplete]).toEqual([99, true])
    }).pipe(Effect.provide(still)),
  )

  it.effect("count the time as unknown before the oldest flip that retention keeps", () =>
    Effect.gen(function* () {
      const { check, project } = yield* EngineFixture.furnish({
        schedule: Every.make(365 * day),
        grace: 365 * day,
      })
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(10 * day)
      yield* EngineFixture.ping({ id: check.id }, "fail")
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(410 * day)
      const store = yield* Store.Store
      yield* store.prune({
        deliveries: 420 * day,
        flips: 420 * day,
        blind: 0,
        samples: { raw: 0, minute: 0, hour: 0 },
      })
      const read = yield* Checks.get(project.id, check.id)
      const report = yield* Statistics.over(read, { from: 0, to: 420 * day })
      expect([report.unknown, report.up, report.down].map((span) => span / day)).toEqual([10, 410, 0])
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: undefined, pollEvery: day } }))),
  )
})

describe("a window that is not said", () => {
  it("is the thirty days up to now, or up to its end", () => {
    expect(Statistics.window({}, 100 * day)).toEqual({ from: 70 * day, to: 100 * day })
    expect(Statistics.window({ to: 50 * day }, 100 * day)).toEqual({ from: 20 * day, to: 50 * day })
    expect(Statistics.window({ from: 5 }, 100 * day)).toEqual({ from: 5, to: 100 * day })
  })
})
