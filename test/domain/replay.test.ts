import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Replay from "@overdue/core/Replay"
import * as Schedule from "@overdue/core/Schedule"
import { minute, second, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect } from "vitest"
import { holds } from "./spec/Law.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"

describe("a replay", () => {
  holds(
    undefined,
    "Under the policy that it had, a check is replayed to the flips that it had.",
    fc.property(ArbitraryHistory.history(), ({ check, moments, blind }) => {
      const events = moments.filter(({ event }) => event.type !== "configure")
      let live = { check, flips: 0 }
      const last = events.at(-1)?.at ?? check.createdAt
      for (const { at, event } of [...events, { at: last, event: { type: "tick" } as const }]) {
        const step = Machine.step(live.check, event, at, blind)
        live = { check: step.check, flips: live.flips + step.flips.length }
      }
      const replayed = Replay.replay(check.policy, events, { blind })
      expect(replayed.flips).toHaveLength(live.flips)
      expect(replayed.check.state.status).toBe(live.check.state.status)
      const { state } = replayed.check
      if (events.length > 0) expect({ ...state, asOf: 0 }).toEqual({ ...live.check.state, asOf: 0 })
      expect(replayed.events).toBe(events.length)
    }),
    2_000,
  )

  holds(
    undefined,
    "More grace never makes an outage where less made none.",
    fc.property(ArbitraryHistory.history(), fc.nat({ max: 20 }), ({ check, moments, blind, scale }, more) => {
      const policy = { ...check.policy, maxRuntime: "never" as const, alert: Check.defaultPolicy.alert }
      const patient = { ...policy, grace: policy.grace + more * scale.unit }
      const { a, b, onlyB } = Replay.compare(policy, patient, moments, { blind })
      expect(onlyB).toEqual([])
      expect(b.downtime).toBeLessThanOrEqual(a.downtime)
    }),
    2_000,
  )
})

/** A job of some schedule: each run starts after its slot, by a lag, and takes its time. */
const job = fc
  .record({
    text: fc.constantFrom("*/5 * * * *", "0 * * * *", "30 3 * * *", "0 9 * * 1-5", "15 */6 * * *"),
    zone: fc.constantFrom("UTC", "Europe/Riga", "America/New_York"),
    from: fc.constantFrom("2026-03-01T00:00:00Z", "2026-10-20T11:11:11Z").map((text) => Date.parse(text)),
    runs: fc.array(fc.record({ lag: fc.nat({ max: 90 }), takes: fc.nat({ max: 120 }) }), {
      minLength: 8,
      maxLength: 60,
    }),
  })
  .map(({ text, zone: name, from, runs }) => {
    const zone = Result.getOrThrow(Zone.make(name))
    const schedule = Result.getOrThrow(Schedule.parse(text, zone))
    const slots = Schedule.upcoming(schedule, from, runs.length)
    const events = runs.flatMap(({ lag, takes }, index): readonly Replay.Happening[] => {
      const start: Instant = slots[index]! + lag * second
      return [
        { at: start, event: { type: "start", rid: `${index}` } },
        { at: start + takes * second, event: { type: "success", rid: `${index}` } },
      ]
    })
    return { schedule, zone, events }
  })

describe("advice", () => {
  holds(
    undefined,
    "The advised grace and maximum runtime would have raised no alarm about a job that kept to its schedule.",
    fc.property(job, fc.boolean(), ({ schedule, zone, events }, isKnown) => {
      const options = isKnown ? { schedule } : { zones: [zone] }
      const advice = Replay.advise(events, options)
      fc.pre(advice.schedule !== undefined)
      const { grace, maxRuntime, evidence } = advice
      const policy = {
        ...Check.defaultPolicy,
        schedule: advice.schedule,
        grace: grace!,
        maxRuntime: maxRuntime!,
      }
      const { outages } = Replay.replay(policy, events)
      // A guess that is wrong about slots sees some skipped, and says so.
      expect(outages.length).toBeLessThanOrEqual(evidence.skipped)
      if (isKnown) expect({ skipped: evidence.skipped, outages }).toEqual({ skipped: 0, outages: [] })
      expect(evidence).toMatchObject({ late: 0, overran: 0 })
      expect(grace! % minute).toBe(0)
    }),
    800,
  )

  holds(
    undefined,
    "A shorter quantile advises no more, and lets no more than its share raise an alarm.",
    fc.property(job, fc.double({ min: 0.5, max: 1, noNaN: true }), ({ schedule, events }, quantile) => {
      const all = Replay.advise(events, { schedule })
      const some = Replay.advise(events, { schedule, quantile })
      expect(some.grace).toBeLessThanOrEqual(all.grace!)
      expect(some.maxRuntime).toBeLessThanOrEqual(all.maxRuntime!)
      expect(some.evidence.late).toBeLessThanOrEqual((1 - quantile) * some.evidence.signals)
      expect(some.evidence.overran).toBeLessThanOrEqual((1 - quantile) * some.evidence.signals)
    }),
    800,
  )
})
