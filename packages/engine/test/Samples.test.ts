import { describe, expect, it } from "@effect/vitest"
import * as Limits from "@overdue/core/Limits"
import * as Probe from "@overdue/core/Probe"
import type { Sample } from "@overdue/core/Sample"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day, hour, minute, type Instant } from "@overdue/core/Time"
import * as Pause from "@overdue/engine/commands/Pause"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Batch from "@overdue/engine/commands/receive/Batch"
import * as Samples from "@overdue/engine/queries/Samples"
import * as Retention from "@overdue/engine/Retention"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as Arrival from "../../../test/kit/Arrival.ts"
import * as EngineFixture from "../../../test/kit/EngineFixture.ts"

const sample = (at: Instant, value: number, series = "cpu"): Sample => ({ series, at, value })

const report = Effect.fnUntraced(function* (
  id: string,
  samples: readonly Sample[],
  more: Partial<Omit<Receive.Arrival, "target" | "samples">> & { readonly action?: Arrival.Action } = {},
) {
  const receive = yield* Receive.Receive
  return yield* receive.receive({ ...Arrival.overHttp({ id }, more.action), samples, ...more })
})

const all = { from: 0, to: 1_000 * day, limit: 10_000, series: "cpu" }

const settings = { blindAfter: undefined }

describe("a signal with samples", () => {
  it.effect("keeps them with its ping, once, however often it comes", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust(2 * day)
      const { check } = yield* EngineFixture.furnish()
      const some = [sample(2 * day, 5), sample(2 * day - hour, 7), sample(2 * day, 1, "disk /")]
      yield* report(check.id, some)
      const { n } = yield* report(check.id, some)
      expect(n).toBe(2)
      expect(yield* Samples.raw(check, all)).toEqual([some[1], some[0]])
      expect(yield* Samples.series(check)).toEqual(["cpu", "disk /"])
      yield* report(check.id, [sample(2 * day + 1, 1)], { key: "a" })
      yield* report(check.id, [sample(2 * day + 2, 1)], { key: "a" })
      expect(yield* Samples.raw(check, all)).toHaveLength(3)
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )

  it.effect("keeps none while the check is paused by hand, and none of a failure or a start", () =>
    Effect.gen(function* () {
      const { check, project } = yield* EngineFixture.furnish({ manualResume: true })
      yield* report(check.id, [sample(0, 1)], { action: "start" })
      yield* report(check.id, [sample(0, 1)], { action: "fail" })
      yield* Pause.run({ project: project.id, id: check.id })
      const { kind } = yield* report(check.id, [sample(0, 1)])
      expect([kind, yield* Samples.series(check)]).toEqual(["ignored", []])
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )

  it.effect("leaves out samples that are too old, ahead, no numbers, or too many, and keeps the others", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust(2 * day)
      const { check } = yield* EngineFixture.furnish()
      const good = [sample(day, 1), sample(2 * day + 5 * minute, 2)]
      yield* report(check.id, [
        sample(day - 1, 1),
        sample(2 * day + 5 * minute + 1, 1),
        sample(2 * day, Number.NaN),
        ...good,
      ])
      expect(yield* Samples.raw(check, all)).toEqual(good)
      const many = Array.from({ length: Limits.samplesPerReport + 1 }, (_, n) =>
        sample(2 * day - n, n, "many"),
      )
      yield* report(check.id, many)
      expect(yield* Samples.raw(check, { ...all, series: "many" })).toHaveLength(Limits.samplesPerReport)
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )

  it.effect("counts once, although what came first was thinned before it comes again", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust(hour)
      const { check } = yield* EngineFixture.furnish()
      const some = [sample(hour, 5)]
      yield* report(check.id, some)
      for (let hours = 0; hours < 30; hours++) {
        yield* TestClock.adjust(hour)
        yield* Retention.prune(2 * hour + hours * hour)
        yield* report(check.id, some)
      }
      expect(yield* Samples.raw(check, all)).toEqual([])
      expect(yield* Samples.buckets(check, { ...all, width: "hour" })).toMatchObject([{ count: 1, sum: 5 }])
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )

  it("comes of a server that is named by its id, whose thresholds are judged by it", () => {
    const arrival = Arrival.overHttp({ project: "p", slug: "server" })
    // @ts-expect-error Those of a slug are not known when a unit of work begins.
    const reported: Receive.Arrival = { ...arrival, samples: [sample(0, 1)] }
    expect(reported.target).toEqual(arrival.target)
  })

  it("is committed with few others when there are many samples", () => {
    const of = (count: number) => ({
      arrival: {
        ...Arrival.overHttp({ id: "" }),
        samples: Array.from({ length: count }, () => sample(0, 1)),
      },
    })
    const one = { arrival: Arrival.overHttp({ id: "" }) }
    expect(Batch.sizeOf([of(2_000), of(2_000), one, of(1), one], 256)).toBe(3)
    expect(Batch.sizeOf([of(5_000), one], 256)).toBe(1)
    expect(Batch.sizeOf([one, one, one, one, one, one, one], 5)).toBe(5)
    expect(Batch.sizeOf([one, one], 5)).toBe(2)
  })
})

describe("a round of a probe", () => {
  it.effect("leaves how long the answer took, and whether it was bad", () =>
    Effect.gen(function* () {
      const probe = Probe.make({ url: "https://example.org", grace: hour })
      const { check } = yield* EngineFixture.furnish({ probe })
      const receive = yield* Receive.Receive
      const round = (at: Instant, ...results: readonly Probe.Result[]) =>
        receive.receive({
          ...Arrival.overHttp({ id: check.id }),
          signal: { via: "probe", report: { at, results, isWhole: true } },
        })
      yield* round(1, { region: "", ok: true, timings: { whole: 120.4 } })
      yield* round(
        minute,
        { region: "a", ok: true, timings: { whole: 90 } },
        { region: "b", ok: false, timings: { whole: 2_000.6 } },
        { region: "c", ok: false, timings: { whole: 7 } },
      )
      const series = "response-time"
      expect(yield* Samples.raw(check, { ...all, series })).toEqual([
        { series, at: 1, value: 120 },
        { series, at: minute, value: 2_001, isFailure: true },
      ])
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )
})

describe("buckets", () => {
  it.effect("are of any width, and whole where a range cuts them", () =>
    Effect.gen(function* () {
      const { check } = yield* EngineFixture.furnish({ schedule: Every.make(300 * day) })
      const store = yield* Store.Store
      const samples = Array.from({ length: 90 * 24 }, (_, n) => sample(n * hour + minute, 1))
      yield* store.transact({ checks: [check.id] }, () => ({
        result: undefined,
        samples: [{ check: check.id, samples }],
      }))
      const counts = (width: "hour" | "day" | "week" | "month", from: Instant, to: Instant, limit = 100) =>
        Effect.map(Samples.buckets(check, { series: "cpu", from, to, limit, width }), (found) =>
          found.map(({ at, count }) => [at / day, count]),
        )
      expect(yield* counts("day", 1.5 * day, 3 * day)).toEqual([
        [1, 24],
        [2, 24],
      ])
      expect(yield* counts("day", 0, 90 * day, 1)).toEqual([[89, 24]])
      expect(yield* counts("hour", 1.5 * day + 1, 1.5 * day + 2)).toEqual([[1.5, 1]])
      expect(yield* counts("week", 5 * day, 12 * day)).toEqual([
        [4, 168],
        [11, 168],
      ])
      expect(yield* counts("month", 40 * day, 60 * day)).toEqual([
        [31, 28 * 24],
        [59, 31 * 24],
      ])
    }).pipe(Effect.provide(EngineFixture.layer({ settings }))),
  )
})
