/** The prober in virtual time: what it claims, asks and hands in, and what it does when something of that fails. */
import * as Check from "@overdue/core/Check"
import * as Probe from "@overdue/core/Probe"
import * as Turn from "@overdue/core/probe/Turn"
import * as Never from "@overdue/core/schedule/Never"
import { minute, second, type Instant, type Span } from "@overdue/core/Time"
import * as Prober from "@overdue/probes/Prober"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"
import { SeededRandom } from "../../../test/kit/SeededRandom.ts"

const good = { ok: true, timings: { whole: 1 } } as const

const checkOf = (id: string, every = minute): Check.Check => {
  const probe = Probe.make({ url: `http://${id}.test`, every })
  const policy = { ...Check.defaultPolicy, schedule: Never.never, probe }
  return Check.make({ id, project: "p", badgeKey: id, createdAt: 0, policy })
}

type Round = Turn.Turn & Prober.Round

const turnOf = (check: Check.Check, at: Instant): Round => ({
  check,
  at,
  regions: [""],
  probe: check.policy.probe!,
})

/** A desk that hands out what a list has, and notes what is handed in. */
const listed = (turns: readonly Round[]) => {
  const waiting = [...turns]
  const reported: string[] = []
  let claims = 0
  return {
    reported,
    claims: () => claims,
    desk: {
      claim: (limit: number) =>
        Effect.sync(() => {
          claims += 1
          return waiting.splice(0, limit)
        }),
      report: ({ check }: Round) => Effect.sync(() => void reported.push(check.id)),
    },
  }
}

const some = (count: number) =>
  Array.from({ length: count }, (_, index) => turnOf(checkOf(`check-${index}`), 0))

/** Runs a test beside a virtual clock. */
const virtual = <A>(effect: Effect.Effect<A, unknown>): Promise<A> =>
  Effect.runPromise(Effect.scoped(Effect.provide(effect, TestClock.layer())))

/** Starts a prober that ends with the test. */
const start = <E>(desk: Prober.Desk<Round, E, never>, options: Prober.Options) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkDetach(Effect.scoped(Prober.run(desk, options)))
    yield* TestClock.adjust(0)
    return fiber
  })

describe("a prober", () => {
  it("asks no more targets at once than it may, and the others as soon as one has answered", () =>
    virtual(
      Effect.gen(function* () {
        const { desk, reported } = listed(some(25))
        let [now, most] = [0, 0]
        const ask = () =>
          Effect.acquireUseRelease(
            Effect.sync(() => (most = Math.max(most, ++now))),
            () => Effect.as(Effect.sleep(second), good),
            () => Effect.sync(() => void (now -= 1)),
          )
        const fiber = yield* start(desk, { ask, atOnce: 10 })
        yield* TestClock.adjust(second)
        expect([most, reported.length]).toEqual([10, 10])
        yield* TestClock.adjust(second)
        yield* TestClock.adjust(second)
        expect([most, reported.length, new Set(reported).size]).toEqual([10, 25, 25])
        yield* Fiber.interrupt(fiber)
      }),
    ))

  it("says that rounds come late, once a minute, while more is due all the time than it may ask at once", () =>
    virtual(
      Effect.gen(function* () {
        const { desk } = listed(some(1_000))
        const said: string[] = []
        const fiber = yield* start(desk, {
          atOnce: 5,
          ask: () => Effect.as(Effect.sleep(second), good),
          onFailure: (what, cause) => Effect.sync(() => void said.push(`${what}: ${String(cause)}`)),
        })
        const late = "rounds of probes come late: for a minute more was due than 5 targets at once"
        for (const [seconds, times] of [
          [59, 0],
          [2, 1],
          [58, 1],
          [2, 2],
          [300, 3],
        ] as const) {
          for (let passed = 0; passed < seconds; passed++) yield* TestClock.adjust(second)
          expect([seconds, said]).toEqual([seconds, Array.from({ length: times }, () => late)])
        }
        yield* Fiber.interrupt(fiber)
      }),
    ))

  it("goes on when its desk fails, and says so", () =>
    virtual(
      Effect.gen(function* () {
        const { desk, reported } = listed(some(3))
        const said: string[] = []
        let [claims, reports] = [0, 0]
        const failing: Prober.Desk<Round, unknown, never> = {
          claim: (limit) =>
            Effect.suspend(() => {
              claims += 1
              if (claims === 1) return Effect.fail("no store")
              return claims === 2 ? Effect.die(new Error("no store")) : desk.claim(limit)
            }),
          report: (turn) =>
            Effect.suspend(() => (++reports === 1 ? Effect.fail("no store") : desk.report(turn))),
        }
        const fiber = yield* start(failing, {
          ask: () => Effect.succeed(good),
          onFailure: (what) => Effect.sync(() => void said.push(what)),
        })
        yield* TestClock.adjust(2 * second)
        expect(reported).toHaveLength(2)
        expect(said).toEqual([
          "the rounds of probes could not be claimed",
          "the rounds of probes could not be claimed",
          "results of a probe could not be handed in",
        ])
        yield* Fiber.interrupt(fiber)
      }),
    ))

  it("says once a minute that its desk fails, however often it asks", () =>
    virtual(
      Effect.gen(function* () {
        const failing: Prober.Desk<Round, unknown, never> = {
          claim: () => Effect.fail("no store"),
          report: () => Effect.void,
        }
        const lines: string[] = []
        const logged = Logger.layer([Logger.make(({ message }) => void lines.push(String(message)))])
        const fiber = yield* Effect.provide(start(failing, { ask: () => Effect.succeed(good) }), logged)
        for (let passed = 0; passed < 30; passed++) yield* TestClock.adjust(second)
        expect(lines).toEqual(["the rounds of probes could not be claimed: no store"])
        for (let passed = 0; passed < 60; passed++) yield* TestClock.adjust(second)
        expect(lines).toHaveLength(2)
        expect(lines[1]).toMatch(/claimed: no store \(and \d+ times more since the last line\)$/)
        yield* Fiber.interrupt(fiber)
      }),
    ))

  it("is not kept from its work by targets of which nothing is ever said", () =>
    virtual(
      Effect.gen(function* () {
        const { desk, reported } = listed(some(4))
        const endless = new Set(["check-0", "check-1"])
        const ask = ({ url }: Probe.Probe) =>
          endless.has(url.slice(7, -5)) ? Effect.never : Effect.succeed(good)
        const fiber = yield* start(desk, { ask, atOnce: 2 })
        expect(reported).toEqual([])
        yield* TestClock.adjust(minute)
        expect(reported.toSorted()).toEqual(["check-0", "check-1", "check-2", "check-3"])
        yield* Fiber.interrupt(fiber)
      }),
    ))

  it("hands in why nothing can be said, instead of a result, and says so of whoever never answers", () =>
    virtual(
      Effect.gen(function* () {
        const told: Prober.Told[] = []
        const { desk } = listed(some(2))
        const noted = {
          ...desk,
          report: (_: Round, given: Prober.Told) => Effect.sync(() => void told.push(given)),
        }
        const ask = ({ url }: Probe.Probe) =>
          url === "http://check-0.test" ? Effect.never : Effect.succeed({ why: "No way." })
        const fiber = yield* start(noted, { ask })
        yield* TestClock.adjust(minute)
        const unjudged = (why: string) => ({ results: [], unjudged: { region: "", why } })
        expect(told).toEqual([unjudged("No way."), unjudged("This process stood still while it asked.")])
        yield* Fiber.interrupt(fiber)
      }),
    ))

  it("gives up what it is asking when it is stopped, and hands nothing in any more", () =>
    virtual(
      Effect.gen(function* () {
        const { desk, reported } = listed(some(3))
        let given = 0
        const ask = () => Effect.onInterrupt(Effect.never, () => Effect.sync(() => void (given += 1)))
        const fiber = yield* start(desk, { ask })
        yield* Fiber.interrupt(fiber)
        expect([given, reported]).toEqual([3, []])
      }),
    ))

  it("is alive while what is due can be claimed, and says so once a minute", () =>
    virtual(
      Effect.gen(function* () {
        let [works, beats] = [true, 0]
        const desk: Prober.Desk<Round, unknown, never> = {
          claim: () => Effect.suspend(() => (works ? Effect.succeed([]) : Effect.fail("no store"))),
          report: () => Effect.void,
        }
        const fiber = yield* start(desk, {
          ask: () => Effect.succeed(good),
          alive: Effect.sync(() => void (beats += 1)),
          onFailure: () => Effect.void,
        })
        yield* TestClock.adjust(10 * minute - second)
        expect(beats).toBe(10)
        works = false
        yield* TestClock.adjust(10 * minute)
        expect(beats).toBe(10)
        works = true
        yield* TestClock.adjust(second)
        expect(beats).toBe(11)
        yield* Fiber.interrupt(fiber)
      }),
    ))

  it("is alive also when whoever watches over it fails", () =>
    virtual(
      Effect.gen(function* () {
        const { desk, reported } = listed(some(1))
        const alive = Effect.die(new Error("nobody watches"))
        const fiber = yield* start(desk, { ask: () => Effect.as(Effect.sleep(second), good), alive })
        yield* TestClock.adjust(second)
        expect(reported).toHaveLength(1)
        yield* Fiber.interrupt(fiber)
      }),
    ))
})

describe("2,000 monitors on one prober", () => {
  it("are each asked once in every interval, at the same distance", () =>
    virtual(
      Effect.gen(function* () {
        const random = new SeededRandom(1)
        const checks = Array.from({ length: 2_000 }, () =>
          checkOf(Array.from({ length: 32 }, () => random.below(16).toString(16)).join("")),
        )
        const due = new Map(checks.map((check) => [check, 0]))
        const asked = new Map<string, Instant[]>(checks.map(({ id }) => [id, []]))
        const desk: Prober.Desk<Round, never, never> = {
          claim: (limit) =>
            Effect.map(Clock.currentTimeMillis, (now) => {
              const found = checks.filter((check) => due.get(check)! <= now).slice(0, limit)
              for (const check of found) due.set(check, Turn.next(check.id, minute, now))
              return found.map((check) => turnOf(check, Turn.slotAt(check.id, minute, now)))
            }),
          report: ({ check }) =>
            Effect.map(Clock.currentTimeMillis, (now) => void asked.get(check.id)!.push(now)),
        }
        const took: Span = 400
        const fiber = yield* start(desk, { ask: () => Effect.as(Effect.sleep(took), good), atOnce: 500 })
        for (let step = 0; step < 5 * 120; step++) yield* TestClock.adjust(second / 2)
        for (const times of asked.values()) {
          const gaps = times.slice(2).map((at, index) => at - times[index + 1]!)
          expect(times.length).toBeGreaterThanOrEqual(5)
          expect(times.length).toBeLessThanOrEqual(6)
          for (const gap of gaps) expect(Math.abs(gap - minute)).toBeLessThanOrEqual(second)
        }
        yield* Fiber.interrupt(fiber)
      }),
    ))
})
