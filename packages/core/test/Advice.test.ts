import * as Replay from "@overdue/core/Replay"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute, second } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const zone = (name: string): Zone.Zone => Result.getOrThrow(Zone.make(name))
const riga = zone("Europe/Riga")
const monday = Date.parse("2026-03-02T00:00:00Z")

/** The slots of a schedule, each a little late: a fixed pattern of seconds. */
const beats = (
  text: string,
  name: string,
  count: number,
  lags: readonly number[] = [3, 11, 5, 48, 7],
): readonly number[] => {
  const schedule = Result.getOrThrow(Schedule.parse(text, zone(name)))
  return Schedule.upcoming(schedule, monday, count).map(
    (slot, index) => slot + lags[index % lags.length]! * second,
  )
}

const successes = (instants: readonly number[]): readonly Replay.Happening[] =>
  instants.map((at) => ({ at, event: { type: "success" } }))

describe("the schedule behind signals", () => {
  it.each([
    ["*/5 * * * *", "UTC", 300],
    ["2-59/15 * * * *", "UTC", 200],
    ["* * * * *", "UTC", 100],
    ["17 * * * *", "UTC", 100],
    ["30 3 * * *", "Europe/Riga", 60],
    ["15 */6 * * *", "UTC", 60],
    ["0 9 * * 1-5", "Europe/Riga", 60],
    ["0 8,20 * * *", "Europe/Riga", 60],
    ["*/10 8-17 * * 1-5", "UTC", 2_000],
    ["45 23 * * 0", "UTC", 30],
    ["0 4 1 * *", "UTC", 24],
  ])("is guessed as %j in %s from %i of them", (text, name, count) => {
    const [best] = Replay.guesses(beats(text, name, count), [zone(name)])
    expect(best?.text).toBe(text)
    expect(best?.confidence).toBeGreaterThan(0.85)
    expect(best?.evidence.signals).toBe(count)
  })

  it("is guessed in the zone in which it keeps the same time across a change of the clock", () => {
    const [best] = Replay.guesses(beats("30 3 * * *", "Europe/Riga", 60), [Zone.utc, riga])
    expect(best?.schedule).toMatchObject({ kind: "cron", expression: "30 3 * * *", zone: riga })
  })

  it("is a period when signals drift off the clock", () => {
    const drifting = Array.from({ length: 200 }, (_, index) => monday + index * (7 * minute + 4 * second))
    const [best, ...others] = Replay.guesses(drifting, [Zone.utc])
    expect(best?.text).toBe("every 7 minutes")
    expect(best?.confidence).toBeGreaterThan(0.9)
    expect(others).toEqual([])
    const hourly = Array.from({ length: 200 }, (_, index) => monday + index * (hour + 40 * second))
    expect(Replay.guesses(hourly, [Zone.utc])[0]?.text).toBe("every hour")
  })

  it("is less certain the more signals are missing, came twice, or are few", () => {
    const confidence = (instants: readonly number[]) =>
      Replay.guesses(instants, [Zone.utc])[0]?.confidence ?? 0
    const all = beats("30 3 * * *", "UTC", 60)
    const whole = confidence(all)
    expect(confidence(all.filter((_, index) => index % 5 !== 2))).toBeLessThan(whole - 0.1)
    expect(confidence(all.flatMap((at, index) => (index % 4 === 1 ? [at, at + hour] : [at])))).toBeLessThan(
      whole - 0.1,
    )
    expect(confidence(all.slice(0, 4))).toBeLessThan(whole - 0.2)
  })

  it("is anybody's guess with two signals, or all at once", () => {
    expect(Replay.guesses([monday, monday + day], [Zone.utc])).toEqual([])
    expect(Replay.guesses([monday, monday, monday, monday], [Zone.utc])).toEqual([])
  })
})

describe("advice from what a job has done", () => {
  const lags = [60, 120, 60, 180, 90, 60, 60, 400, 60, 60]

  it("is a round grace that no signal would have exceeded", () => {
    const advice = Replay.advise(successes(beats("0 3 * * *", "UTC", 100, lags)))
    expect(advice.schedule).toMatchObject({ kind: "cron", expression: "1 3 * * *" })
    expect(advice.grace).toBe(6 * minute)
    expect(advice.maxRuntime).toBeUndefined()
    expect(advice.evidence).toMatchObject({
      signals: 100,
      skipped: 0,
      late: 0,
      overran: 0,
      runtime: undefined,
    })
    expect(advice.evidence.lateness).toMatchObject({ count: 99, p50: 0, most: 340 * second })
  })

  it("takes a schedule that is given, and guesses nothing", () => {
    const schedule = Result.getOrThrow(Schedule.parse("0 3 * * *", Zone.utc))
    const advice = Replay.advise(successes(beats("0 3 * * *", "UTC", 100, lags)), { schedule })
    expect(advice.schedule).toBe(schedule)
    expect(advice.guesses).toEqual([])
    expect(advice.grace).toBe(7 * minute)
    expect(advice.evidence.lateness).toMatchObject({
      p50: 60 * second,
      p95: 400 * second,
      most: 400 * second,
    })
  })

  it("lets the latest few raise an alarm when asked to, and says how many", () => {
    const schedule = Result.getOrThrow(Schedule.parse("0 3 * * *", Zone.utc))
    const advice = Replay.advise(successes(beats("0 3 * * *", "UTC", 101, lags)), { schedule, quantile: 0.9 })
    expect(advice.grace).toBe(4 * minute)
    expect(advice.evidence.late).toBe(10)
  })

  it("does not take a signal that skipped a slot for a late one", () => {
    const schedule = Every.make(hour)
    const instants = [0, 60, 121, 300, 359].map((minutes) => monday + minutes * minute)
    const { grace, evidence } = Replay.advise(successes(instants), { schedule })
    expect(grace).toBe(2 * minute)
    expect(evidence).toMatchObject({ skipped: 1, lateness: { count: 3, most: minute } })
  })

  it("is to take signals that come a little before their slots, and not a grace of a day", () => {
    const schedule = Result.getOrThrow(Schedule.parse("0 3 * * *", Zone.utc))
    const always = Replay.advise(successes(beats("0 3 * * *", "UTC", 30, [-40])), { schedule })
    expect(always).toMatchObject({ grace: minute, early: minute })
    expect(always.evidence).toMatchObject({
      skipped: 0,
      tooEarly: 0,
      lateness: { count: 29, most: 0 },
      earliness: { count: 30, p50: 40 * second, most: 40 * second },
    })
    const sometimes = Replay.advise(successes(beats("0 3 * * *", "UTC", 30, [20, -200, 300])), { schedule })
    expect(sometimes).toMatchObject({ grace: 6 * minute, early: 4 * minute, evidence: { skipped: 0 } })
    const share = Replay.advise(successes(beats("0 3 * * *", "UTC", 30, [-200, 0, -20, 0, 0, 0])), {
      schedule,
      quantile: 0.8,
    })
    expect(share).toMatchObject({ early: minute, evidence: { tooEarly: 5 } })
  })

  it("is to take no signal before its slot when none came so, or when there are no slots", () => {
    const schedule = Result.getOrThrow(Schedule.parse("0 3 * * *", Zone.utc))
    const advice = Replay.advise(successes(beats("0 3 * * *", "UTC", 100, lags)), { schedule })
    expect(advice).toMatchObject({ early: 0, evidence: { tooEarly: 0, earliness: { most: 0 } } })
    const hourly = Replay.advise(successes([0, 50, 100].map((minutes) => monday + minutes * minute)), {
      schedule: Every.make(hour),
    })
    expect(hourly).toMatchObject({ early: undefined, evidence: { earliness: undefined } })
    expect(Replay.advise([])).toMatchObject({ early: undefined, evidence: { earliness: undefined } })
  })

  it("keeps early below a quarter of the gap between slots: what comes before that is late", () => {
    const schedule = Result.getOrThrow(Schedule.parse("*/5 * * * *", Zone.utc))
    const early = (seconds: number) =>
      Replay.advise(successes(beats("*/5 * * * *", "UTC", 30, [-seconds])), { schedule })
    expect(early(74)).toMatchObject({ grace: minute, early: 74 * second })
    expect(early(75)).toMatchObject({ grace: 4 * minute, early: 0 })
  })

  it("takes a signal before a slot for an extra one when the slot's own comes nearer to it", () => {
    const schedule = Result.getOrThrow(Schedule.parse("0 * * * *", Zone.utc))
    const twice = beats("0 * * * *", "UTC", 20, [-5 * 60]).flatMap((at) => [
      at,
      at + 5 * minute + 10 * second,
    ])
    expect(Replay.advise(successes(twice), { schedule })).toMatchObject({
      grace: minute,
      early: 0,
      evidence: { skipped: 0, lateness: { most: 10 * second } },
    })
    // Five and a half hours late is nearer to the next slot, which however has a signal of its own.
    const sixHourly = Result.getOrThrow(Schedule.parse("0 */6 * * *", Zone.utc))
    const late = beats("0 */6 * * *", "UTC", 20, [10, 10, 5.5 * 3600, 10])
    expect(Replay.advise(successes(late), { schedule: sixHourly })).toMatchObject({
      grace: 5 * hour + 35 * minute,
      early: 0,
      evidence: { skipped: 0 },
    })
  })

  it("counts the slot that was skipped when the next signal comes early for another one", () => {
    const schedule = Result.getOrThrow(Schedule.parse("0 3 * * *", Zone.utc))
    const instants = beats("0 3 * * *", "UTC", 10, [-40]).filter((_, index) => index !== 4)
    expect(Replay.advise(successes(instants), { schedule })).toMatchObject({
      grace: minute,
      early: minute,
      evidence: { skipped: 1, lateness: { count: 8 } },
    })
  })

  it("is a round maximum for runs that were seen from start to finish", () => {
    const events = [10, 20, 15, 95].flatMap((minutes, index): readonly Replay.Happening[] => [
      { at: monday + index * 3 * hour, event: { type: "start", rid: `${index}` } },
      { at: monday + index * 3 * hour + minutes * minute, event: { type: "success", rid: `${index}` } },
    ])
    const { maxRuntime, evidence } = Replay.advise(events, { schedule: Every.make(3 * hour) })
    expect(maxRuntime).toBe(100 * minute)
    expect(evidence.runtime).toEqual({
      count: 4,
      p50: 15 * minute,
      p95: 95 * minute,
      p99: 95 * minute,
      most: 95 * minute,
    })
    const tolerant = Replay.advise(events, { schedule: Every.make(3 * hour), quantile: 0.75 })
    expect(tolerant).toMatchObject({ maxRuntime: 21 * minute, evidence: { overran: 1 } })
  })

  it("guesses from the starts where runs have them", () => {
    const events = beats("0 * * * *", "UTC", 50).flatMap((at, index): readonly Replay.Happening[] => [
      { at, event: { type: "start" } },
      { at: at + ((index * 37) % 50) * minute, event: { type: "success" } },
    ])
    expect(Replay.advise(events).guesses[0]?.text).toBe("0 * * * *")
  })

  it("begins anew after a pause", () => {
    const schedule = Every.make(hour)
    const events: readonly Replay.Happening[] = [
      { at: monday, event: { type: "success" } },
      { at: monday + minute, event: { type: "start" } },
      { at: monday + 2 * minute, event: { type: "pause" } },
      { at: monday + 90 * minute, event: { type: "resume" } },
      { at: monday + 100 * minute, event: { type: "success" } },
      { at: monday + 101 * minute, event: { type: "log" } },
    ]
    const { evidence } = Replay.advise(events, { schedule })
    expect(evidence).toMatchObject({ signals: 2, skipped: 0, lateness: undefined, runtime: undefined })
  })

  it("is none without signals", () => {
    const advice = Replay.advise([])
    expect(advice).toMatchObject({
      schedule: undefined,
      grace: undefined,
      maxRuntime: undefined,
      guesses: [],
    })
    expect(Replay.advise([], { schedule: Every.make(hour) }).grace).toBe(minute)
  })
})
