import type { Interval } from "@overdue/core/CountedTime"
import * as Machine from "@overdue/core/Machine"
import * as Statistics from "@overdue/core/Statistics"
import { day, hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect } from "vitest"
import { holds } from "./spec/Law.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"

/** A check with everything that was kept of it, and all that was not. */
const kept = fc
  .record({
    history: ArbitraryHistory.history(),
    forgottenFlips: fc.nat({ max: 6 }),
    forgottenPings: fc.nat({ max: 6 }),
    saysWhatWasKept: fc.boolean(),
    later: fc.nat({ max: 40 }),
  })
  .map(
    ({
      history: { scale, check, moments, blind },
      forgottenFlips,
      forgottenPings,
      saysWhatWasKept,
      later,
    }) => {
      const steps: Machine.Step[] = []
      for (const { at, event } of moments)
        steps.push(Machine.step(steps.at(-1)?.check ?? check, event, at, blind))
      const flips = steps.flatMap((step) => step.flips)
      const pings = steps.flatMap(({ logged }) =>
        logged === undefined ? [] : [{ ...logged, rid: undefined }],
      )
      const last = steps.at(-1)?.check ?? check
      const now = Math.max(scale.origin, ...moments.map(({ at }) => at)) + later * scale.unit
      const whole: Statistics.History = { check: last, flips, pings, blind, now }
      const keptFrom =
        forgottenFlips === 0 ? undefined : flips[Math.min(forgottenFlips, flips.length) - 1]?.at
      const partial: Statistics.History = {
        ...whole,
        flips: flips.slice(forgottenFlips),
        pings: pings.slice(forgottenPings),
        keptFrom: saysWhatWasKept ? keptFrom : undefined,
      }
      return { scale, whole, partial }
    },
  )

const windowIn = ({ origin, unit }: ArbitraryHistory.TimeScale): fc.Arbitrary<Interval> =>
  fc
    .tuple(
      fc.integer({ min: -20 * unit, max: 250 * unit }),
      // Up to months, on the real clocks.
      fc.oneof({ arbitrary: fc.nat({ max: 250 * unit }), weight: 9 }, fc.nat({ max: 25_000 * unit })),
    )
    .map(([from, length]) => ({ from: origin + from, to: origin + from + length }))

const zone = fc
  .constantFrom(
    "UTC",
    "Europe/Riga",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
  )
  .map((name) => Result.getOrThrow(Zone.make(name)))

const unit = fc.constantFrom("hour" as const, "day" as const, "week" as const, "month" as const)

const total = ({ up, down, paused, unknown }: Statistics.Report): number => up + down + paused + unknown

const longest = { hour: hour + 30 * minute, day: day + hour, week: 7 * day + hour, month: 31 * day + hour }

describe("the statistics of whatever happened and was kept", () => {
  const asked = kept.chain((kept) =>
    fc.record({ kept: fc.constant(kept), window: windowIn(kept.scale), zone, unit }),
  )

  holds(
    11,
    "Uptime + downtime + unknown = the window, to the millisecond, for any window and zone, across DST.",
    fc.property(asked, ({ kept: { partial }, window, zone, unit }) => {
      // A pause is time of which nothing is known, told apart because somebody wanted it so.
      const whole = Statistics.over(partial, window)
      expect(total(whole)).toBe(window.to - window.from)
      let at = window.from
      const sums = { up: 0, down: 0, paused: 0, unknown: 0, count: 0 }
      for (const part of Statistics.by(partial, window, { unit, zone })) {
        expect(part.from).toBe(at)
        expect(part.to).toBeGreaterThan(at)
        expect(part.to - part.from).toBeLessThanOrEqual(longest[unit])
        expect(total(part)).toBe(part.to - part.from)
        at = part.to
        sums.up += part.up
        sums.down += part.down
        sums.paused += part.paused
        sums.unknown += part.unknown
        sums.count += part.runs.count
      }
      expect(at).toBe(window.to)
      const { up, down, paused, unknown, runs } = whole
      expect(sums).toEqual({ up, down, paused, unknown, count: runs.count })
    }),
    2_500,
  )

  holds(
    undefined,
    "What was thrown away makes time unknown, and never makes any other claim.",
    fc.property(asked, ({ kept: { partial, whole }, window }) => {
      const some = Statistics.over(partial, window)
      const all = Statistics.over(whole, window)
      for (const known of ["up", "down", "paused"] as const)
        expect(some[known]).toBeLessThanOrEqual(all[known])
      expect(some.unknown).toBeGreaterThanOrEqual(all.unknown)
      expect(some.outages.length).toBeLessThanOrEqual(all.outages.length)
      expect(some.runs.count).toBeLessThanOrEqual(all.runs.count)
      if (some.isComplete) expect(some.runs.count).toBe(all.runs.count)
    }),
    2_500,
  )

  holds(
    undefined,
    "Outages are the time that is down.",
    fc.property(asked, ({ kept: { whole }, window }) => {
      const { down, outages } = Statistics.over(whole, window)
      const within = outages.map(
        ({ start, end = whole.now }) =>
          Math.min(end, window.to) - Math.max(start ?? window.from, window.from),
      )
      expect(within.reduce((sum, span) => sum + span, 0)).toBe(down)
    }),
    2_500,
  )
})
