import { describe, expect, it } from "@effect/vitest"
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const nobody = "c0000000-0000-4000-8000-000000000009"

describe("signals that are refused", () => {
  it.effect("are counted by reason, in a line every ten seconds that names no check", () => {
    const lines: string[] = []
    const logger = Logger.make(
      ({ message, logLevel }) => void lines.push(`${logLevel}: ${[message].flat().join(" ")}`),
    )
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      for (let n = 0; n < 3; n++) yield* Effect.flip(EngineFixture.ping({ id: nobody }))
      yield* TestClock.adjust(9 * second)
      expect(lines.filter((line) => line.includes("refused"))).toEqual([])
      yield* TestClock.adjust(second)
      for (let n = 0; n < 3; n++) yield* EngineFixture.ping({ id: check.id })
      for (let n = 0; n < 5; n++) yield* Effect.flip(EngineFixture.ping({ id: check.id }))
      yield* Effect.flip(EngineFixture.ping({ id: nobody.replace("9", "8") }))
      yield* TestClock.adjust(30 * second)
      expect(lines.filter((line) => line.includes("refused"))).toEqual([
        "Info: signals were refused in the last 10 s: 3 because there is no such check",
        "Warn: signals were refused in the last 10 s: 5 because too many came for one check, 1 because there is no such check",
      ])
    }).pipe(
      Effect.provide(EngineFixture.layer({ settings: { signalsPerMinute: 3 } })),
      Effect.provide(Logger.layer([logger])),
    )
  })
})
