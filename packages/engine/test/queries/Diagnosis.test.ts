import { describe, expect, it } from "@effect/vitest"
import * as Check from "@overdue/core/Check"
import * as Every from "@overdue/core/schedule/Every"
import type { Remark } from "@overdue/core/Diagnosis"
import { hour, minute } from "@overdue/core/Time"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Diagnosis from "@overdue/engine/queries/Diagnosis"
import * as Flips from "@overdue/engine/queries/Flips"
import * as Pings from "@overdue/engine/queries/Pings"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const still = EngineFixture.layer({ settings: { blindAfter: undefined } })

const codes = (remarks: readonly (readonly Remark[])[]) =>
  remarks.map((about) => about.map(({ code }) => code))

describe("the diagnoses of a check's flips", () => {
  it.effect("go by the pings up to each of them", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({ schedule: Every.make(hour), grace: minute })
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(3 * hour)
      yield* EngineFixture.ping({ id: check.id })
      yield* EngineFixture.ping({ id: check.id }, "start")
      yield* TestClock.adjust(2 * minute)
      yield* EngineFixture.ping({ id: check.id })
      const flips = yield* Flips.list(check.id)
      expect(flips.map(({ reason }) => reason)).toEqual([
        "success",
        "overran",
        "success",
        "missed",
        "success",
      ])
      const remarks = yield* Diagnosis.ofFlips(check, flips)
      expect(codes(remarks)).toEqual([[], ["overran"], [], ["missed-slot"], []])
      expect(remarks[3]![0]!.text).toContain("1970-01-01 01:00 UTC")
    }).pipe(Effect.provide(still)),
  )

  it.effect("say that nothing had ever come, also when a signal came later", () =>
    Effect.gen(function* () {
      const policy = { schedule: Every.make(hour), grace: minute, armed: true }
      const { check } = yield* EngineFixture.furnish(policy)
      yield* TestClock.adjust(3 * hour)
      yield* EngineFixture.ping({ id: check.id })
      const remarks = yield* Diagnosis.ofFlips(check, yield* Flips.list(check.id))
      expect(codes(remarks)).toEqual([[], ["missed-slot", "never-heard"]])
    }).pipe(Effect.provide(still)),
  )

  it.effect("have nothing to say of a flip whose pings are no longer kept", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({ schedule: Every.make(hour), grace: minute })
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(3 * hour)
      for (let n = 0; n < 101; n++) yield* EngineFixture.ping({ id: check.id })
      expect(codes(yield* Diagnosis.ofFlips(check, yield* Flips.list(check.id)))).toEqual([[], [], []])
    }).pipe(Effect.provide(still)),
  )
})

describe("the diagnoses of a check's pings", () => {
  it.effect("read the bodies that filters went by, and no others", () =>
    Effect.gen(function* () {
      const filters = { ...Check.noFilters, httpBody: true, failureKeywords: "ERROR" }
      const { check, project } = yield* EngineFixture.furnish({ schedule: Every.make(hour), filters })
      const receive = yield* Receive.Receive
      for (const [scheme, body] of [
        ["http", "an ERROR"],
        ["email", "an ERROR"],
      ] as const) {
        const arrival = Arrival.overHttp({ id: check.id }, "success")
        yield* receive.receive({
          ...arrival,
          signal: { via: "http", method: "POST", action: "success", exitStatus: undefined, text: () => body },
          origin: { ...arrival.origin, scheme, body: new TextEncoder().encode(body) },
        })
        yield* TestClock.adjust(hour)
      }
      const read = yield* Checks.get(project.id, check.id)
      expect(codes(yield* Diagnosis.ofPings(read, yield* Pings.list(read, 10)))).toEqual([[], ["filtered"]])
    }).pipe(Effect.provide(still)),
  )
})
