import { describe, expect, it } from "@effect/vitest"
import { StoreError } from "@overdue/core/Store"
import * as Trouble from "@overdue/engine/Trouble"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"

const full = new StoreError({ reason: "full", detail: "The disk is full. Make room." })
const busy = new StoreError({ reason: "busy", detail: "Another process holds the database." })

const logging = (lines: string[]) =>
  Layer.merge(
    Trouble.layer,
    Logger.layer([Logger.make(({ message }) => lines.push([message].flat().join(" ")))]),
  )

const note = (error: StoreError) => Effect.flatMap(Trouble.Trouble, ({ note }) => note(error))

describe("a store that was closed", () => {
  it.effect("is no news: requests may be under way when a server is told to stop", () => {
    const lines: string[] = []
    const closed = new StoreError({ reason: "closed", detail: "The database was closed." })
    return Effect.gen(function* () {
      yield* note(closed)
      expect(lines).toEqual([])
    }).pipe(Effect.provide(logging(lines)))
  })
})

describe("a store that keeps failing", () => {
  it.effect(
    "is told of once in ten seconds for each reason, in its own sentence, and how often it failed",
    () => {
      const lines: string[] = []
      return Effect.gen(function* () {
        for (let n = 0; n < 500; n++) yield* note(full)
        yield* note(busy)
        expect(lines).toEqual([
          "the store failed: The disk is full. Make room.",
          "the store failed: Another process holds the database.",
        ])
        yield* TestClock.adjust(9_999)
        yield* note(full)
        expect(lines).toHaveLength(2)
        yield* TestClock.adjust(1)
        yield* note(full)
        expect(lines.slice(2)).toEqual([
          "the store failed: The disk is full. Make room. (and 500 times more since the last line)",
        ])
      }).pipe(Effect.provide(logging(lines)))
    },
  )
})

describe("a bug", () => {
  it.effect("is logged each time: it is no trouble of the store", () => {
    const lines: string[] = []
    return Effect.gen(function* () {
      const failing = Effect.catchCause(Effect.die(new Error("a bug")), (cause) =>
        Trouble.report("the work was not done", cause),
      )
      yield* failing
      yield* failing
      expect(lines.map((line) => line.slice(0, "the work was not done".length))).toEqual([
        "the work was not done",
        "the work was not done",
      ])
    }).pipe(Effect.provide(logging(lines)))
  })
})

describe("what keeps signals from being committed", () => {
  const standing = Effect.flatMap(Trouble.Trouble, ({ standing }) => Effect.exit(standing))

  it.effect("stands until some are committed, and for ten seconds at most", () =>
    Effect.gen(function* () {
      const { begin, over } = yield* Trouble.Trouble
      expect(Exit.isSuccess(yield* standing)).toBe(true)
      yield* begin(full)
      expect(yield* standing).toEqual(Exit.fail(full))
      over()
      expect(Exit.isSuccess(yield* standing)).toBe(true)
      yield* begin(full)
      yield* TestClock.adjust("9 seconds")
      expect(yield* standing).toEqual(Exit.fail(full))
      yield* TestClock.adjust("1 second")
      expect(Exit.isSuccess(yield* standing)).toBe(true)
    }).pipe(Effect.provide(logging([]))),
  )

  it.effect("is not one record that cannot be stored", () =>
    Effect.gen(function* () {
      const { begin } = yield* Trouble.Trouble
      yield* begin(new StoreError({ reason: "constraint", detail: "This contradicts what is stored." }))
      expect(Exit.isSuccess(yield* standing)).toBe(true)
    }).pipe(Effect.provide(logging([]))),
  )
})
