import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Replay from "@overdue/core/Replay"
import * as Schedule from "@overdue/core/Schedule"
import { hour, minute, second, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { holds } from "./spec/Law.ts"
import * as ArbitraryHistory from "./ArbitraryHistory.ts"

describe("a replay", () => {
  holds(
    undefined,
    "Under the policy that it had, a check is replayed to the flips that it had.",
    fc.property(ArbitraryHistory.history(), ({ check, moments, blind }) => {
      const events = moments.filter(({ event }) => event.type !== "configure")
      // What is made knows of no blind span yet, and its stored deadline is then a lower bound.
      const state = Check.initialState(check.policy, check.createdAt)
      let live = { check: { ...check, state }, flips: 0 }
      const last = events.at(-1)?.at ?? check.createdAt
      for (const { at, event } of [...events, { at: last, event: { type: "tick" } as const }]) {
        const step = Machine.step(live.check, event, at, blind)
        live = { check: step.check, flips: live.flips + step.flips.length }
      }
      const replayed = Replay.replay(check.policy, events, { blind, createdAt: check.createdAt })
      expect(replayed.flips).toHaveLength(live.flips)
      expect(replayed.check.state.status).toBe(live.check.state.status)
      if (events.length > 0) expect(replayed.check.state).toEqual(live.check.state)
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

/** A job of some schedule: each run starts after its slot or a little before it, by a lag, and takes its time. */
const job = fc
  .record({
    text: fc.constantFrom("*/5 * * * *", "0 * * * *", "30 3 * * *", "0 9 * * 1-5", "15 */6 * * *"),
    zone: fc.constantFrom("UTC", "Europe/Riga", "America/New_York"),
    from: fc.constantFrom("2026-03-01T00:00:00Z", "2026-10-20T11:11:11Z").map((text) => Date.parse(text)),
    runs: fc.array(fc.record({ lag: fc.integer({ min: -60, max: 90 }), takes: fc.nat({ max: 120 }) }), {
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

/** A policy as advised, also where the machine does not know `early`. */
interface Advised {
  readonly schedule: Schedule.Schedule
  readonly grace: number
  readonly early: number
}

/**
 * Counts the slots that no signal came for in time, by their definition: a signal that comes at most `early` before a
 * slot, and nearer than a quarter of the gap that follows, stands for that slot.
 */
const missed = ({ schedule, grace, early }: Advised, signals: readonly Instant[]): number => {
  const expected = (at: Instant): Instant => {
    const slot = Schedule.next(schedule, at) ?? Infinity
    if (schedule.kind === "every") return slot
    const following = Schedule.next(schedule, slot) ?? Infinity
    return slot - at <= early && slot - at < (following - slot) / 4 ? following : slot
  }
  return signals.slice(1).filter((at, index) => at >= expected(signals[index]!) + grace).length
}

const signalsOf = (events: readonly Replay.Happening[]): readonly Instant[] =>
  events.filter(({ event }) => event.type === "success").map(({ at }) => at)

describe("advice", () => {
  holds(
    undefined,
    "The advised grace, early and maximum runtime would have raised no alarm about a job that kept to its schedule.",
    fc.property(job, fc.boolean(), ({ schedule, zone, events }, isKnown) => {
      const options = isKnown ? { schedule } : { zones: [zone] }
      const advice = Replay.advise(events, options)
      fc.pre(advice.schedule !== undefined)
      const { grace, early, maxRuntime, evidence } = advice
      const policy = {
        ...Check.defaultPolicy,
        schedule: advice.schedule,
        grace: grace!,
        early: early ?? 0,
        maxRuntime: maxRuntime!,
      }
      const alarms = missed(policy, signalsOf(events))
      // A guess that is wrong about slots sees some skipped, and says so.
      expect(alarms).toBeLessThanOrEqual(evidence.skipped)
      if (isKnown) expect({ skipped: evidence.skipped, alarms }).toEqual({ skipped: 0, alarms: 0 })
      if (policy.early === 0 || "early" in Check.defaultPolicy) {
        const { outages } = Replay.replay(policy, events)
        expect(outages.length).toBeLessThanOrEqual(evidence.skipped)
      }
      expect(evidence).toMatchObject({ late: 0, tooEarly: 0, overran: 0 })
      expect(grace! % minute).toBe(0)
      expect(policy.early % second).toBe(0)
    }),
    800,
  )

  it("counts how late the first run ended, which nothing came before but its beginning", () => {
    const slot = Date.parse("2026-03-01T00:05:00Z")
    const schedule = Result.getOrThrow(Schedule.parse("*/5 * * * *", Zone.utc))
    const events = [0, 1, 2].flatMap((run): readonly Replay.Happening[] => {
      const at = slot + run * 5 * minute
      return [
        { at: run === 0 ? at - second : at, event: { type: "start", rid: `${run}` } },
        { at: run === 0 ? at + minute : at, event: { type: "success", rid: `${run}` } },
      ]
    })
    const { grace = 0, early = 0, maxRuntime = 0 } = Replay.advise(events, { schedule })
    expect(grace).toBe(2 * minute)
    const policy = { ...Check.defaultPolicy, schedule, grace, early, maxRuntime }
    expect(Replay.replay(policy, events).outages).toEqual([])
  })

  holds(
    undefined,
    "Whenever signals come, the advised grace and early raise no more alarms than there were signals that skipped a slot.",
    fc.property(
      job,
      fc.array(fc.nat({ max: 20 * hour }), { minLength: 2, maxLength: 40 }),
      fc.constantFrom(1, 0.1, 0.01),
      ({ schedule, events }, gaps, share) => {
        let at = events[0]!.at
        const signals = gaps.map((gap) => (at += Math.round(gap * share)))
        const happenings = signals.map((at) => ({ at, event: { type: "success" } }) as const)
        const { grace, early, evidence } = Replay.advise(happenings, { schedule })
        expect(missed({ schedule, grace: grace!, early: early! }, signals)).toBeLessThanOrEqual(
          evidence.skipped,
        )
        expect(evidence.tooEarly).toBe(0)
      },
    ),
    2_000,
  )

  holds(
    undefined,
    "The advised early is no longer than it has to be, and shorter than a quarter of the gap between slots.",
    fc.property(
      fc.constantFrom("*/5 * * * *", "0 * * * *", "15 */6 * * *", "30 3 * * *"),
      fc.array(fc.integer({ min: -90, max: 90 }), { minLength: 3, maxLength: 40 }),
      (text, lags) => {
        const schedule = Result.getOrThrow(Schedule.parse(text, Zone.utc))
        const slots = Schedule.upcoming(schedule, Date.UTC(2026, 2, 1), lags.length)
        const signals = slots.map((slot, index) => slot + lags[index]! * second)
        const { early } = Replay.advise(
          signals.map((at) => ({ at, event: { type: "success" } })),
          { schedule },
        )
        const earliest = Math.max(0, ...lags.map((lag) => -lag * second))
        expect(early).toBeLessThan((slots[1]! - slots[0]!) / 4)
        expect(early).toBeLessThan(earliest + minute)
        if (earliest === 0) expect(early).toBe(0)
      },
    ),
    800,
  )

  holds(
    undefined,
    "A shorter quantile advises no more, and lets no more than its share raise an alarm.",
    fc.property(job, fc.double({ min: 0.5, max: 1, noNaN: true }), ({ schedule, events }, quantile) => {
      const all = Replay.advise(events, { schedule })
      const some = Replay.advise(events, { schedule, quantile })
      expect(some.grace).toBeLessThanOrEqual(all.grace!)
      expect(some.early).toBeLessThanOrEqual(all.early!)
      expect(some.evidence.tooEarly).toBeLessThanOrEqual((1 - quantile) * some.evidence.signals)
      expect(some.maxRuntime).toBeLessThanOrEqual(all.maxRuntime!)
      expect(some.evidence.late).toBeLessThanOrEqual((1 - quantile) * some.evidence.signals)
      expect(some.evidence.overran).toBeLessThanOrEqual((1 - quantile) * some.evidence.signals)
    }),
    800,
  )
})
