import { describe, expect, it } from "@effect/vitest"
import { minute, second } from "@overdue/core/Time"
import * as LogShare from "@overdue/engine/LogShare"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"

const write = (project: string, line: string) => LogShare.ofProject(project, Effect.logInfo(line))

/** Runs a test with what it logs. */
const logging = (test: (lines: readonly string[]) => Effect.Effect<void>): Effect.Effect<void> => {
  const lines: string[] = []
  const logger = Logger.make(({ message }) => void lines.push([message].flat().join(" ")))
  return test(lines).pipe(
    Effect.provide(Layer.provide(LogShare.layer, SteadyClock.layer)),
    Effect.provide(Logger.layer([logger])),
  )
}

const leftOut = (count: number, project: string): string =>
  `${count} more lines about project ${project} were left out in the last 10 s: there are at most 300 a minute`

describe("the share of the log", () => {
  it.effect("of a project is a number of lines a minute; what is left out is counted every ten seconds", () =>
    logging(
      Effect.fnUntraced(function* (lines) {
        for (let n = 1; n <= LogShare.perMinute + 40; n++) yield* write("loud", `loud ${n}`)
        yield* write("quiet", "quiet")
        expect(lines).toHaveLength(LogShare.perMinute + 1)
        expect(lines.slice(-2)).toEqual([`loud ${LogShare.perMinute}`, "quiet"])
        yield* TestClock.adjust(9 * second)
        expect(lines).toHaveLength(LogShare.perMinute + 1)
        yield* TestClock.adjust(second)
        expect(lines.at(-1)).toBe(leftOut(40, "loud"))
        yield* TestClock.adjust(minute)
        yield* write("loud", "loud again")
        expect(lines.slice(-2)).toEqual([leftOut(40, "loud"), "loud again"])
      }),
    ),
  )

  it.effect("has one line of those that say the same, and has room for others then", () =>
    logging(
      Effect.fnUntraced(function* (lines) {
        const { write } = yield* LogShare.LogShare
        const say = (text: string) => write("mail", Effect.logInfo(text), text)
        for (let n = 0; n < 2 * LogShare.perMinute; n++) yield* say("to nobody")
        yield* say("news")
        expect(lines).toEqual(["to nobody", "news"])
        yield* TestClock.adjust(10 * second)
        expect(lines.slice(2)).toEqual([
          "599 more lines about mail were left out in the last 10 s: they say the same as one of this minute",
        ])
        yield* TestClock.adjust(minute)
        yield* say("to nobody")
        expect(lines.at(-1)).toBe("to nobody")
        // However many different ones somebody sends.
        for (let n = 0; n < 10 * LogShare.perMinute; n++) yield* say(`to ${n}`)
        expect(lines.length).toBeLessThanOrEqual(4 + LogShare.perMinute)
        yield* TestClock.adjust(10 * second)
        expect(lines.at(-1)).toMatch(
          /^2\d{3} more lines about mail were left out in the last 10 s: there are at most 300 different ones a minute$/,
        )
      }),
    ),
  )

  it.effect("is not filled by checks that flip, nor by channels that are told of it", () => {
    const lines: string[] = []
    const logger = Logger.make(({ message }) => void lines.push([message].flat().join(" ")))
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish()
      for (let n = 0; n < LogShare.perMinute; n++)
        yield* EngineFixture.ping({ id: check.id }, n % 2 === 0 ? "fail" : "success")
      expect(lines).toHaveLength(LogShare.perMinute)
      for (const part of ["is down (fail)", "was told that"])
        expect(lines.filter((line) => line.includes(part)).length).toBeGreaterThan(50)
      yield* TestClock.adjust(10 * second)
      expect(lines.at(-1)).toMatch(
        new RegExp(`^\\d{3} more lines about project ${check.project} were left out in the last 10 s`),
      )
    }).pipe(Effect.provide(EngineFixture.layer({ loops: true })), Effect.provide(Logger.layer([logger])))
  })
})
