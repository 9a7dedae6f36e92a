import { describe, expect, it } from "@effect/vitest"
import { CheckNotFound } from "@overdue/engine/CommandError"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { hour, minute, second } from "@overdue/core/Time"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Trace from "@overdue/engine/Trace"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"
import * as RecordedSpans from "../../../test/kit/RecordedSpans.ts"

const policy = { schedule: Every.make(hour), grace: minute }
const secret = "0d5a3c1e-7f7a-4a4e-9a53-2f1f6c1f6a10"

/** The texts of how a span ended, as exporters show them. */
const said = (exit: Exit.Exit<unknown, unknown>): string =>
  Exit.isSuccess(exit)
    ? String(exit.value)
    : Cause.prettyErrors(exit.cause, { includeCauseInStack: true })
        .map(({ name, message, stack }) => [name, message, stack].join("\n"))
        .join("\n")

describe("an engine in an application with a tracer", () => {
  it.effect("makes spans of commits, sweeps and deliveries, and none of looks that find nothing", () => {
    const spans: RecordedSpans.Recorded[] = []
    const layer = EngineFixture.layer({ loops: true }).pipe(Layer.provideMerge(RecordedSpans.layer(spans)))
    return Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish(policy)
      spans.length = 0
      yield* EngineFixture.ping({ id: check.id })
      yield* TestClock.adjust(minute)
      expect(spans.map(({ name, parent }) => [name, parent])).toEqual([
        ["overdue.store.transact", "overdue.commit"],
        ["overdue.commit", undefined],
      ])
      expect(spans[1]!.attributes).toEqual({ "overdue.pings": 1 })
      yield* TestClock.adjust(2 * hour)
      expect(spans.slice(2).map(({ name, parent, attributes }) => [name, parent, attributes])).toEqual([
        ["overdue.store.transact", "overdue.sweep", {}],
        ["overdue.sweep", undefined, { "overdue.checks": 1, "overdue.flips": 1, "overdue.stuck": 0 }],
        ["overdue.claim", undefined, { "overdue.deliveries": 1 }],
        [
          "overdue.attempt",
          undefined,
          { "overdue.kind": "test", "overdue.alerts": 1, "overdue.outcome": "delivered" },
        ],
        ["overdue.settle", undefined, { "overdue.deliveries": 1 }],
      ])
      expect(spans.find(({ name }) => name === "overdue.attempt")!.kind).toBe("client")
    }).pipe(Effect.provide(layer))
  })

  it.effect("says of an error in the store only what kind it was", () => {
    const spans: RecordedSpans.Recorded[] = []
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (inner) => ({
        ...inner,
        transact: () => Effect.fail(new Store.StoreError({ reason: "full", detail: `at ${secret}` })),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    const layer = EngineFixture.layer({ store }).pipe(Layer.provideMerge(RecordedSpans.layer(spans)))
    return Effect.gen(function* () {
      yield* Effect.flip(EngineFixture.ping({ id: secret }))
      expect(spans.map(({ name }) => name)).toEqual(["overdue.store.transact", "overdue.commit"])
      for (const { exit } of spans) {
        expect(said(exit)).toContain("full")
        expect(said(exit)).not.toContain(secret)
      }
    }).pipe(Effect.provide(layer))
  })
})

describe("how a span ended", () => {
  it.each<[string, Exit.Exit<unknown, unknown>, string]>([
    ["a refusal", Exit.fail(new CheckNotFound({ check: secret })), "CheckNotFound"],
    ["a bug", Exit.die(new Error(`no ${secret}`)), "Defect"],
    ["an error that is none", Exit.fail(secret), "Error"],
    ["a tag that is no word", Exit.fail({ _tag: secret }), "Error"],
    ["a success", Exit.succeed(secret), ""],
  ])("keeps %s to itself but for its kind", (_, exit, kind) => {
    const discreet = Trace.discreetly(exit)
    expect(Exit.isSuccess(discreet)).toBe(Exit.isSuccess(exit))
    expect(said(discreet)).toContain(kind)
    expect(said(discreet)).not.toContain(secret)
  })

  it("is an interruption when it was one, which is no error", () => {
    expect(Trace.discreetly(Exit.interrupt(1))).toEqual(Exit.interrupt(1))
  })
})

describe("without a tracer", () => {
  it.effect("there is no span at all", () =>
    Effect.gen(function* () {
      const inside = yield* Effect.exit(
        Trace.within(Effect.currentSpan, { name: "overdue.test", attributes: { one: 1 } }),
      )
      expect(Exit.isFailure(inside)).toBe(true)
      yield* Trace.note({ one: 1 })
      yield* Trace.past("overdue.test", 0n, {})
    }),
  )

  it.effect("and one that is told not to trace gets none of what is over", () => {
    const spans: RecordedSpans.Recorded[] = []
    return Effect.gen(function* () {
      yield* TestClock.adjust(second)
      yield* Effect.withTracerEnabled(Trace.past("overdue.test", 0n, {}), false)
      expect(spans).toEqual([])
      yield* Trace.past("overdue.test", 0n, { one: 1 })
      expect(spans).toMatchObject([{ name: "overdue.test", attributes: { one: 1 } }])
      expect(spans[0]!.span.status).toMatchObject({ startTime: 0n, endTime: 1_000_000_000n })
    }).pipe(Effect.provide(RecordedSpans.layer(spans)))
  })
})
