import { hour, minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Monitor from "@overdue/engine/Monitor"
import * as SteadyClock from "@overdue/engine/SteadyClock"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fc from "fast-check"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as TwoClocks from "../../../test/kit/TwoClocks.ts"

const start = Date.UTC(2026, 0, 1)

/** A machine with its three clocks, and the steady clock of a program that runs on it. */
class Machine {
  wall: Instant = start
  monotonic: Span = 5_000_000
  /** `undefined` where the runtime does not tell. */
  boot: Span | undefined = 7_000_000
  readonly steady: SteadyClock.SteadyClock

  constructor(boot?: "no boot time") {
    if (boot !== undefined) this.boot = undefined
    this.steady = Effect.runSync(
      Effect.scoped(
        Layer.build(
          SteadyClock.layer.pipe(
            Layer.provide(Layer.succeed(Clock.Clock, this.#clock())),
            Layer.provide(Layer.succeed(SteadyClock.BootTime, () => this.boot)),
          ),
        ),
      ).pipe(Effect.map((services) => Context.get(services, SteadyClock.SteadyClock))),
    )
  }

  #clock(): Clock.Clock {
    return TwoClocks.make({
      wall: () => this.wall,
      monotonic: () => this.monotonic,
      sleep: Effect.void,
    })
  }

  get now(): Instant {
    return this.steady.nowUnsafe()
  }

  /** Time passes. */
  pass(span: Span): void {
    this.wall += span
    this.monotonic += span
    if (this.boot !== undefined) this.boot += span
  }

  /** The machine is asleep, as under Linux. */
  sleep(span: Span): void {
    this.wall += span
    if (this.boot !== undefined) this.boot += span
  }
}

describe("a wall clock that is corrected by a second or less", () => {
  it.each([-20, -1, 1, 20])("by what the two clocks are read apart, is followed at once (%i ms)", (by) => {
    const machine = new Machine()
    for (let times = 0; times < 5; times++) {
      machine.pass(10 * second)
      machine.wall += by
      expect(machine.now).toBe(machine.wall)
    }
  })

  it.each([-1000, -400, 400, 1000])("is followed within a minute, and no span seems longer (%i ms)", (by) => {
    const machine = new Machine()
    for (let times = 0; times < 5; times++) {
      machine.wall += by
      let before = machine.now
      for (let passed = 0; passed < minute; passed += 500) {
        machine.pass(500)
        expect(Math.abs(machine.now - before - 500)).toBeLessThanOrEqual(500 * SteadyClock.slewing + 1)
        before = machine.now
      }
      expect(machine.now).toBe(machine.wall)
    }
    expect(machine.steady.ripe()).toBeUndefined()
    expect(machine.steady.stepped()).toBe(0)
  })

  it("again and again, is no faster for it", () => {
    const machine = new Machine()
    for (let passed = 0; passed < 50 * second; passed += 500) {
      machine.wall += 400
      machine.pass(500)
      expect(machine.now - start).toBeLessThanOrEqual(
        (passed + 500) * (1 + SteadyClock.slewing) + SteadyClock.jitter,
      )
    }
  })
})

describe("a wall clock that is set, forward or back", () => {
  const steps = [-365 * 24 * hour, -hour, -1001, 1001, 5 * second, hour, 365 * 24 * hour]

  it.each(steps)("is not followed before it has kept the new time for a minute (%i ms)", (by) => {
    const machine = new Machine()
    machine.wall += by
    for (let passed = 0; passed < minute; passed += second) {
      expect(machine.now).toBe(start + passed)
      expect(machine.steady.ripe()).toBeUndefined()
      machine.pass(second)
    }
    expect(machine.steady.ripe()).toEqual({ by, to: start + by + minute })
    expect(machine.now).toBe(start + minute)
    machine.steady.follow()
    expect(machine.now).toBe(start + by + minute)
    expect(machine.steady.stepped()).toBe(by)
    expect(machine.steady.ripe()).toBeUndefined()
    machine.pass(hour)
    expect(machine.now).toBe(start + by + minute + hour)
  })

  it.each(steps)("was never set for those who ask, when it comes back sooner (%i ms)", (by) => {
    const machine = new Machine()
    machine.wall += by
    expect(machine.now).toBe(start)
    machine.pass(minute - 1)
    expect(machine.now).toBe(start + minute - 1)
    machine.wall -= by
    expect(machine.now).toBe(start + minute - 1)
    machine.pass(hour)
    expect(machine.now).toBe(start + minute - 1 + hour)
    expect(machine.steady.ripe()).toBeUndefined()
    expect(machine.steady.stepped()).toBe(0)
  })

  it("keeps its new time from when it was set last", () => {
    const machine = new Machine()
    machine.wall += hour
    expect(machine.now).toBe(start)
    machine.pass(minute - second)
    machine.wall += hour
    expect(machine.now).toBe(start + minute - second)
    machine.pass(minute - 1)
    expect(machine.steady.ripe()).toBeUndefined()
    machine.pass(1)
    expect(machine.steady.ripe()).toMatchObject({ by: 2 * hour })
  })

  it("shows the time that passes and nothing else, whatever is done to it, while it is put right in time", () => {
    const deed = fc.record({
      by: fc.oneof(
        fc.integer({ min: -366, max: 366 }).map((days) => days * 24 * hour),
        fc.integer(),
      ),
      lasts: fc.array(fc.integer({ min: 0, max: 20 * second }), { minLength: 1, maxLength: 3 }),
      rightFor: fc.integer({ min: 0, max: 2 * hour }),
    })
    fc.assert(
      fc.property(fc.array(deed), (deeds) => {
        const machine = new Machine()
        let passed = 0
        const pass = (span: Span): void => {
          machine.pass(span)
          passed += span
          // What is below the tolerance is followed at once.
          expect(Math.abs(machine.now - start - passed)).toBeLessThanOrEqual(SteadyClock.tolerance)
          expect(machine.steady.ripe()).toBeUndefined()
        }
        for (const { by, lasts, rightFor } of deeds) {
          machine.wall += by
          for (const span of lasts) pass(Math.min(span, 19 * second))
          machine.wall -= by
          pass(rightFor)
        }
      }),
    )
  })
})

describe("a machine that was asleep", () => {
  it("has the right time at once when its boot time went on, and that is no step", () => {
    const machine = new Machine()
    machine.sleep(3 * hour)
    expect(machine.now).toBe(start + 3 * hour)
    expect(machine.steady.stepped()).toBe(0)
    machine.pass(minute)
    machine.sleep(hour)
    // Some systems tell it in whole seconds.
    machine.boot! -= 900
    expect(machine.now).toBe(start + 4 * hour + minute)
    expect(machine.steady.ripe()).toBeUndefined()
  })

  it("and whose clock was set meanwhile, has slept as long as its boot time says", () => {
    const machine = new Machine()
    machine.sleep(3 * hour)
    machine.wall += hour
    expect(machine.now).toBe(start + 3 * hour)
    machine.pass(minute)
    expect(machine.steady.ripe()).toMatchObject({ by: hour })
  })

  it("is taken for one, where no boot time is told, whenever its clock is ahead", () => {
    const machine = new Machine("no boot time")
    machine.sleep(3 * hour)
    expect(machine.now).toBe(start + 3 * hour)
    machine.wall -= hour
    expect(machine.now).toBe(start + 3 * hour)
    machine.pass(minute)
    expect(machine.steady.ripe()).toMatchObject({ by: -hour })
  })
})

describe("clocks that have nothing to do with each other", () => {
  it("are told by timers that do not go by the monotonic one; then the wall clock is the clock", () => {
    const machine = new Machine()
    machine.wall += hour
    expect(machine.now).toBe(start)
    Effect.runSync(machine.steady.sleep(200))
    expect(machine.now).toBe(start + hour)
    machine.wall -= 5 * hour
    expect(machine.now).toBe(start - 4 * hour)
  })

  it("are told by a monotonic one that runs back", () => {
    const machine = new Machine()
    machine.monotonic -= 1
    machine.wall += hour
    expect(machine.now).toBe(start + hour)
  })
})

describe("the clock of a test that replaces the runtime's", () => {
  afterEach(() => vi.useRealTimers())

  const real = () =>
    Effect.runSync(
      Effect.scoped(Layer.build(SteadyClock.layer)).pipe(
        Effect.map((services) => Context.get(services, SteadyClock.SteadyClock)),
      ),
    )

  it("is followed wherever it is set", () => {
    const steady = real()
    vi.useFakeTimers({ now: start })
    expect(steady.nowUnsafe()).toBe(start)
    vi.setSystemTime(start - hour)
    expect(steady.nowUnsafe()).toBe(start - hour)
    vi.advanceTimersByTime(5 * hour)
    expect(steady.nowUnsafe()).toBe(start + 4 * hour)
  })

  it("is the clock of a whole engine", async () => {
    vi.useFakeTimers({ now: start, toFake: ["Date", "setTimeout", "clearTimeout"] })
    const pass = async (span: Span): Promise<void> => {
      for (let passed = 0; passed < span; passed += 10 * second) {
        await vi.advanceTimersByTimeAsync(10 * second)
        for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve))
      }
    }
    const told: string[] = []
    await using monitor = await Monitor.make({
      onAlert: ({ at, status }) => void told.push(`${status} at ${at}`),
      settings: { sweepEvery: 10 * second, pollEvery: 10 * second },
    })
    const check = await monitor.ensure({ slug: "backup", every: "1 hour", grace: "1 minute" })
    await pass(10 * second)
    await monitor.success(check.id)
    await pass(2 * hour)
    expect(told).toEqual([`down at ${start + 10 * second + hour + minute}`])
  })

  it("is a wrong clock like any other where nobody may replace it", () => {
    const steady = Effect.runSync(
      Effect.scoped(
        Layer.build(SteadyClock.layer.pipe(Layer.provide(Layer.succeed(SteadyClock.Replaceable, false)))),
      ).pipe(Effect.map((services) => Context.get(services, SteadyClock.SteadyClock))),
    )
    const before = steady.nowUnsafe()
    vi.useFakeTimers({ now: before + 3 * 24 * hour, toFake: ["Date"] })
    expect(steady.nowUnsafe() - before).toBeLessThan(minute)
  })

  it("is the runtime's otherwise", () => {
    const before = Date.now()
    const now = real().nowUnsafe()
    expect(now).toBeGreaterThanOrEqual(before)
    expect(now).toBeLessThanOrEqual(Date.now())
    expect(Effect.runSync(SteadyClock.now)).toBeGreaterThanOrEqual(now)
  })
})
