import { describe, expect, it } from "@effect/vitest"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day } from "@overdue/core/Time"
import * as Channels from "@overdue/engine/commands/Channels"
import * as Effect from "effect/Effect"
import * as EngineFixture from "../../../../test/kit/EngineFixture.ts"

const unfit = [
  "*",
  "a,b",
  " ops",
  "ops ",
  "o\np",
  "o\u001b[31mps",
  "\u0000",
  "\ud800",
  "x".repeat(101),
  "00000000-0000-4000-8000-00000000000a",
]

describe("the name of a channel", () => {
  it.effect.each(unfit)("is not %j, by which no check could choose it", (name) =>
    Effect.gen(function* () {
      const { project, channel } = yield* EngineFixture.furnish()
      const refusal = { _tag: "ChannelInvalid", field: "name" }
      const input = { project: project.id, name, kind: "test", value: {} }
      expect(yield* Effect.flip(Channels.create(input))).toMatchObject(refusal)
      expect(yield* Effect.flip(Channels.update(project.id, channel.id, { name }))).toMatchObject(refusal)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect.each(["", "all", "B or C", "ops\u{1f514}", "x".repeat(100)])("may be %j", (name) =>
    Effect.gen(function* () {
      const { project } = yield* EngineFixture.furnish()
      const made = yield* Channels.create({ project: project.id, name, kind: "test", value: {} })
      expect(made.name).toBe(name)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )

  it.effect("stays as it is when it was given before such names were refused", () =>
    Effect.gen(function* () {
      const store = yield* Store.Store
      const { project, channel } = yield* EngineFixture.furnish()
      yield* store.updateChannel(channel.id, { ...channel, name: "a,b" })
      const changed = yield* Channels.update(project.id, channel.id, { name: "a,b", switches: { up: false } })
      expect(changed).toMatchObject({ name: "a,b", switches: { up: false } })
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})

describe("the quiet hours of a channel", () => {
  it.effect("leave some time, whoever sets them", () =>
    Effect.gen(function* () {
      const { project, channel } = yield* EngineFixture.furnish()
      const switches = { quiet: [{ schedule: Every.make(day), duration: day }] }
      const input = { project: project.id, name: "late", kind: "test", value: {}, switches }
      const refusal = { _tag: "ChannelInvalid", field: "quiet" }
      expect(yield* Effect.flip(Channels.create(input))).toMatchObject(refusal)
      expect(yield* Effect.flip(Channels.update(project.id, channel.id, { switches }))).toMatchObject(refusal)
    }).pipe(Effect.provide(EngineFixture.layer())),
  )
})
