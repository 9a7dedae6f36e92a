import { describe, expect, it } from "@effect/vitest"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { hour, minute } from "@overdue/core/Time"
import * as Create from "@overdue/engine/commands/Create"
import * as Silence from "@overdue/engine/commands/Silence"
import * as Sweeper from "@overdue/engine/Sweeper"
import * as Check from "@overdue/core/Check"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const policy = { ...Check.healthchecksPolicy, schedule: Every.make(hour), grace: minute }

describe("silence", () => {
  it.effect("keeps back that a check went down until it ends, and tells of it then", () =>
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { project, check } = yield* EngineFixture.furnish(policy)
      yield* EngineFixture.ping({ id: check.id })
      const [silenced] = yield* Silence.run({ project: project.id, which: { id: check.id }, until: 5 * hour })
      expect(silenced!.state.silencedUntil).toBe(5 * hour)
      yield* TestClock.setTime(2 * hour)
      expect(yield* Sweeper.sweep(2 * hour)).toBe(1)
      expect((yield* store.check(check.id))!.state.status).toBe("down")
      expect(yield* store.deliveries({ limit: 9 })).toEqual([])
      yield* Sweeper.sweep(5 * hour)
      expect(yield* store.deliveries({ limit: 9 })).toMatchObject([
        { occasion: "flip", flip: 2, at: 5 * hour },
      ])
    }).pipe(Effect.provide(EngineFixture.layer({ settings: { blindAfter: undefined } }))),
  )

  it.effect("is of the checks that have a tag, or of all and of those that are created meanwhile", () =>
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { project, check } = yield* EngineFixture.furnish(policy, { tags: "db nightly" })
      const create = Create.run({
        project: project.id,
        plan: () => Result.succeed({ details: Check.noDetails, policy: Check.defaultPolicy }),
      })
      const { check: other } = yield* create
      const until = (id: string) => Effect.map(store.check(id), (found) => found!.state.silencedUntil)
      const silence = (which: Silence.Which, until: number | undefined) =>
        Effect.map(Silence.run({ project: project.id, which, until }), (checks) => checks.length)
      expect(yield* silence({ tag: "db" }, hour)).toBe(1)
      expect([yield* until(check.id), yield* until(other.id)]).toEqual([hour, undefined])
      expect(yield* silence("all", 2 * hour)).toBe(2)
      const { check: late } = yield* create
      expect([yield* until(other.id), yield* until(late.id)]).toEqual([2 * hour, 2 * hour])
      expect(yield* silence("all", undefined)).toBe(3)
      const { check: later } = yield* create
      expect([yield* until(late.id), yield* until(later.id)]).toEqual([undefined, undefined])
      expect(yield* silence({ tag: "nobody" }, hour)).toBe(0)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("reaches no check of another project, and says so of one that is named", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      const { project } = yield* EngineFixture.furnish(policy)
      const silenced = yield* Effect.flip(
        Silence.run({ project: project.id, which: { id: check.id }, until: hour }),
      )
      expect(silenced._tag).toBe("CheckNotFound")
      const nowhere = yield* Effect.flip(Silence.run({ project: "nowhere", which: "all", until: hour }))
      expect(nowhere._tag).toBe("ProjectNotFound")
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})
