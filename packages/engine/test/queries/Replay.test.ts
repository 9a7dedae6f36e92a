import { describe, expect, it } from "@effect/vitest"
import * as Check from "@overdue/core/Check"
import type { Flip } from "@overdue/core/Flip"
import * as Every from "@overdue/core/schedule/Every"
import { hour, minute } from "@overdue/core/Time"
import * as Pause from "@overdue/engine/commands/Pause"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Flips from "@overdue/engine/queries/Flips"
import * as Replay from "@overdue/engine/queries/Replay"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const policy: Check.Policy = { ...Check.defaultPolicy, schedule: Every.make(hour), grace: minute }
const still = EngineFixture.layer({ settings: { blindAfter: undefined } })

/** A job that comes every hour, give or take: once it is ten minutes late. */
const furnish = Effect.gen(function* () {
  const { check, project } = yield* EngineFixture.furnish(policy)
  for (const gap of [60, 60, 70, 60, 60]) {
    yield* EngineFixture.ping({ id: check.id })
    yield* TestClock.adjust(gap * minute)
  }
  yield* EngineFixture.ping({ id: check.id })
  return { project: project.id, id: check.id, get: () => Checks.get(project.id, check.id) }
})

describe("the log of a check under another policy", () => {
  it.effect("says which alerts would not have been, and which would be new", () =>
    Effect.gen(function* () {
      const { get } = yield* furnish
      const check = yield* get()
      const milder = yield* Replay.compare(check, { ...policy, grace: 15 * minute })
      expect([milder.a.alerts, milder.b.alerts].map((alerts) => alerts.map(({ status }) => status))).toEqual([
        ["down", "up"],
        [],
      ])
      expect(milder.onlyA).toHaveLength(1)
      const stricter = yield* Replay.compare(check, { ...policy, schedule: Every.make(30 * minute) })
      expect([stricter.onlyA.length, stricter.onlyB.length]).toEqual([0, 4])
    }).pipe(Effect.provide(still)),
  )

  it.effect("under its own gives the flips that were", () =>
    Effect.gen(function* () {
      const { get } = yield* furnish
      const check = yield* get()
      const flips = (yield* Flips.list(check.id)).toReversed()
      const { a } = yield* Replay.compare(check, policy)
      const plain = (all: readonly Flip[]) =>
        all.map(({ at, from, to, reason }) => ({ at, from, to, reason }))
      expect(plain(a.flips)).toEqual(plain(flips))
      expect(flips).toHaveLength(3)
    }).pipe(Effect.provide(still)),
  )

  it.effect("looks at the silence up to now", () =>
    Effect.gen(function* () {
      const { get } = yield* furnish
      yield* TestClock.adjust(3 * hour)
      const { a, b } = yield* Replay.compare(yield* get(), { ...policy, grace: 5 * hour })
      expect([a.check.state.status, b.check.state.status]).toEqual(["down", "up"])
    }).pipe(Effect.provide(still)),
  )

  it.effect("expects nothing while it was paused", () =>
    Effect.gen(function* () {
      const { project, id, get } = yield* furnish
      yield* Pause.run({ project, id })
      yield* TestClock.adjust(5 * hour)
      yield* EngineFixture.ping({ id })
      const { a } = yield* Replay.compare(yield* get(), policy)
      expect(a.flips.slice(-2).map(({ reason }) => reason)).toEqual(["paused", "success"])
    }).pipe(Effect.provide(still)),
  )

  it.effect("is empty of a check that was never heard of", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      const { a, b } = yield* Replay.compare(check, policy)
      expect([a.events, a.alerts, b.alerts]).toEqual([0, [], []])
    }).pipe(Effect.provide(still)),
  )
})

describe("advice from the log of a check", () => {
  it.effect("gives a grace that spares the alarm of the late signal, and guesses the schedule", () =>
    Effect.gen(function* () {
      const { get } = yield* furnish
      const { present, guessed } = yield* Replay.advise(yield* get())
      expect(present.grace).toBe(11 * minute)
      expect(present.evidence).toMatchObject({ signals: 6, late: 0, skipped: 0 })
      expect(guessed.guesses.map(({ text }) => text)).toContain("every hour")
      const lenient = yield* Replay.advise(yield* get(), { quantile: 0.5 })
      expect(lenient.present).toMatchObject({ grace: minute, evidence: { late: 1 } })
    }).pipe(Effect.provide(still)),
  )
})
