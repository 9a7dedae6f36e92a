import { describe, expect, it } from "@effect/vitest"
import { second } from "@overdue/core/Time"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as TurnedAway from "@overdue/engine/TurnedAway"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"

const logged = () => {
  const lines: string[] = []
  const logger = Logger.make(
    ({ message, logLevel }) => void lines.push(`${logLevel}: ${[message].flat().join(" ")}`),
  )
  return { lines, layer: Logger.layer([logger]) }
}

describe("clients that are turned away", () => {
  it.effect("are counted by reason, in a line every ten seconds", () => {
    const { lines, layer } = logged()
    return Effect.gen(function* () {
      const turnAway = yield* TurnedAway.TurnedAway
      for (let n = 0; n < 1_000; n++) turnAway("it is full")
      turnAway("they asked for too much")
      yield* TestClock.adjust(9 * second)
      expect(lines).toEqual([])
      yield* TestClock.adjust(second)
      turnAway("it is full")
      yield* TestClock.adjust(60 * second)
      expect(lines).toEqual([
        "Warn: clients were turned away in the last 10 s: 1000 because it is full, 1 because they asked for too much",
        "Warn: clients were turned away in the last 10 s: 1 because it is full",
      ])
    }).pipe(Effect.provide(Layer.provide(TurnedAway.layer, SteadyClock.layer)), Effect.provide(layer))
  })

  it.effect("are told also when the engine stops before that", () => {
    const { lines, layer } = logged()
    const turned = Effect.gen(function* () {
      const turnAway = yield* TurnedAway.TurnedAway
      yield* TestClock.adjust(second)
      turnAway("it is full")
      yield* TestClock.adjust(second)
    })
    return Effect.gen(function* () {
      yield* Effect.provide(turned, Layer.provide(TurnedAway.layer, SteadyClock.layer))
      expect(lines).toEqual(["Warn: clients were turned away in the last 10 s: 1 because it is full"])
    }).pipe(Effect.provide(layer))
  })
})
