/** A prober elsewhere, whose server and targets are played, on a clock that is moved. */
import * as ProbeField from "@overdue/core/document/ProbeField"
import * as Probe from "@overdue/core/Probe"
import type * as Prober from "@overdue/probes/Prober"
import * as RemoteProber from "@overdue/probes/remote/RemoteProber"
import * as Deferred from "effect/Deferred"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as Random from "effect/Random"
import * as TestClock from "effect/testing/TestClock"
import { describe, expect, it } from "vitest"

/** A result that was handed in. */
interface Report {
  readonly ticket: string
  readonly result: { readonly ok: boolean; readonly reason?: string; readonly certificate?: object }
}

/** A server that gives out what is due, and takes results unless it answers something else. */
class Played {
  status = 200
  retryAfter: string | undefined
  claims = 0
  /** What it answers instead of anything else. */
  answer: string | undefined
  readonly calls: (readonly Report[])[] = []
  readonly log: string[] = []
  due: readonly string[] = []
  /** What became of results; by default they are taken. */
  outcome: object = { outcome: "taken" }

  get reports(): readonly Report[] {
    return this.calls.flat()
  }

  readonly post = async (endpoint: string, body: string) => {
    const { status, retryAfter } = this
    if (endpoint === "claim") this.claims += 1
    if (this.answer !== undefined) return { status, retryAfter, text: this.answer }
    if (status !== 200) return { status, retryAfter, text: '{"error": "no"}' }
    if (endpoint === "report") {
      const { reports } = JSON.parse(body)
      this.calls.push(reports)
      return { status, retryAfter, text: JSON.stringify({ reports: reports.map(() => this.outcome) }) }
    }
    const turns = this.due.map((ticket) => ({ ticket, probe: ProbeField.show(probe) }))
    this.due = []
    return { status, retryAfter, text: JSON.stringify({ turns }) }
  }
}

const probe = Probe.make({ url: "https://example.org", every: 10_000 })
const well = { ok: true, timings: { whole: 5 } }

interface World {
  readonly server: Played
  readonly beats: () => number
  readonly advance: (seconds: number) => Effect.Effect<void>
  readonly stop: Effect.Effect<void>
}

/** Runs a prober beside a test, which sees to its clock. */
const beside = (
  ask: Prober.Ask,
  test: (world: World) => Effect.Effect<void>,
  given: Partial<RemoteProber.Options> = {},
): Promise<void> => {
  const server = new Played()
  let beats = 0
  const program = Effect.gen(function* () {
    const end = yield* Deferred.make<void>()
    const alive = Effect.sync(() => void (beats += 1))
    const options = { region: "eu", atOnce: 10, allowPrivateTargets: false, post: server.post, ask, alive }
    const running = yield* Effect.forkChild(RemoteProber.run({ ...options, ...given }, Deferred.await(end)))
    yield* settled
    const stop = Effect.gen(function* () {
      yield* Deferred.succeed(end, undefined)
      yield* Fiber.join(running)
    })
    const advance = Effect.fnUntraced(function* (seconds: number) {
      for (let passed = 0; passed < seconds; passed += 0.5) {
        yield* TestClock.adjust(500)
        yield* settled
      }
    })
    yield* test({ server, beats: () => beats, advance, stop })
    yield* Fiber.interrupt(running)
  })
  const logger = Logger.layer([Logger.map(Logger.formatLogFmt, (line) => void server.log.push(line))])
  return Effect.runPromise(
    // How long a server is left alone is chance.
    program.pipe(
      Random.withSeed(1),
      Effect.provide(TestClock.layer()),
      Effect.provide(logger),
    ) as Effect.Effect<void>, // safe because nothing else is needed
  )
}

/** Promises of the played server are settled in a few turns. */
const settled = Effect.promise(async () => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
  await new Promise((resolve) => setImmediate(resolve))
})

const asked =
  (answer: Effect.Success<ReturnType<Prober.Ask>>): Prober.Ask =>
  () =>
    Effect.succeed(answer)

describe("a prober elsewhere", () => {
  it("asks every second what is due, and hands in several results together, under their tickets", () =>
    beside(asked(well), ({ server, advance }) =>
      Effect.gen(function* () {
        server.due = ["a", "b"]
        yield* advance(2)
        expect(server.claims).toBe(3)
        expect(server.calls.map((each) => each.map(({ ticket }) => ticket))).toEqual([["a", "b"]])
        expect(server.reports[0]?.result).toEqual(well)
      }),
    ))

  it("keeps results for a server that is away, for a minute, and says how many are lost then", () => {
    const answers: Deferred.Deferred<void>[] = []
    const slow: Prober.Ask = () =>
      Effect.gen(function* () {
        const answer = yield* Deferred.make<void>()
        answers.push(answer)
        yield* Deferred.await(answer)
        return well
      })
    return beside(slow, ({ server, advance }) =>
      Effect.gen(function* () {
        server.due = ["old", "kept"]
        yield* advance(2)
        server.status = 503
        yield* Deferred.succeed(answers[0]!, undefined)
        yield* advance(30)
        yield* Deferred.succeed(answers[1]!, undefined)
        yield* advance(35)
        server.status = 200
        yield* advance(21)
        expect(server.reports.map(({ ticket }) => ticket)).toEqual(["kept"])
        const lost = server.log.filter((line) => line.includes("results of probes are lost"))
        expect([lost.length, lost[0]]).toEqual([1, expect.stringContaining("lost, 1 by now")])
      }),
    )
  })

  it("leaves a server alone for longer and longer that is away, and does as it is told", () =>
    beside(asked(well), ({ server, advance }) =>
      Effect.gen(function* () {
        yield* advance(1)
        server.status = 500
        const before = server.claims
        yield* advance(60)
        // 1 + 2 + 4 + 8 + 16 + 20 … seconds, at least half of them.
        expect(server.claims - before).toBeLessThanOrEqual(9)
        expect(server.claims - before).toBeGreaterThanOrEqual(4)
        expect(server.log.filter((line) => line.includes("does not take a claim"))).toHaveLength(1)
        server.status = 200
        yield* advance(21)
        expect(server.log.at(-1)).toContain("takes a claim again")
        server.status = 429
        server.retryAfter = "25"
        yield* advance(2)
        const asked = server.claims
        yield* advance(20)
        expect(server.claims).toBe(asked)
        server.retryAfter = new Date((yield* Clock.currentTimeMillis) + 30_000).toUTCString()
        yield* advance(6)
        const again = server.claims
        expect(again).toBe(asked + 1)
        yield* advance(20)
        expect(server.claims).toBe(again)
      }),
    ))

  it("leaves alone what is no server of Overdue, and says so", () =>
    beside(asked(well), ({ server, beats, advance }) =>
      Effect.gen(function* () {
        server.answer = "{}"
        yield* advance(60)
        expect([server.claims <= 10, beats() <= 1]).toEqual([true, true])
        expect(server.log.filter((line) => line.includes("no server of Overdue"))).toHaveLength(1)
      }),
    ))

  it("says nothing of targets when it stood still while they were asked", () => {
    const answer = Deferred.makeUnsafe<void>()
    const ask: Prober.Ask = () => Effect.as(Deferred.await(answer), well)
    return beside(ask, ({ server, advance }) =>
      Effect.gen(function* () {
        server.due = ["a"]
        yield* advance(1)
        yield* TestClock.adjust(46_000)
        yield* Deferred.succeed(answer, undefined)
        yield* advance(2)
        expect(server.reports).toEqual([
          { ticket: "a", unjudged: "This process stood still while it asked." },
        ])
      }),
    )
  })

  it("gives up what it asks when it is told to end, and sends what it has", () => {
    const ask: Prober.Ask = ({ url }) => (url === probe.url && isSlow() ? Effect.never : Effect.succeed(well))
    let count = 0
    const isSlow = (): boolean => count++ === 1
    return beside(ask, ({ server, stop, advance }) =>
      Effect.gen(function* () {
        server.due = ["told", "given up"]
        yield* advance(1)
        server.due = ["last"]
        yield* TestClock.adjust(1_000)
        yield* settled
        yield* stop
        expect(server.reports.map(({ ticket }) => ticket)).toEqual(["told", "last"])
      }),
    )
  })

  it("drops what the server cannot read, and no more than that", () =>
    beside(asked(well), ({ server, advance }) =>
      Effect.gen(function* () {
        server.outcome = { outcome: "invalid", error: "result.ok is missing" }
        server.due = ["a"]
        yield* advance(2)
        expect(server.log.at(-1)).toContain("the server cannot read them: result.ok is missing")
        yield* advance(5)
        expect(server.calls).toHaveLength(1)
      }),
    ))

  it("hands in no more at once than a server takes", () =>
    beside(
      asked({ ok: false, reason: "x".repeat(200), timings: { whole: 1 } }),
      ({ server, advance }) =>
        Effect.gen(function* () {
          server.due = Array.from({ length: 250 }, (_, n) => `ticket ${n}`)
          yield* advance(4)
          expect(server.reports).toHaveLength(250)
          for (const call of server.calls) expect(JSON.stringify(call).length).toBeLessThan(50_000)
          expect(new Set(server.reports.map(({ ticket }) => ticket)).size).toBe(250)
        }),
      { atOnce: 1_000 },
    ))
})

describe("the heartbeat of a prober elsewhere", () => {
  it("beats once a minute while it works", () =>
    beside(asked(well), ({ beats, advance }) =>
      Effect.gen(function* () {
        yield* advance(121)
        expect(beats()).toBe(3)
      }),
    ))

  it("stops while the server is away, and while nothing can be said from here", () =>
    beside(asked({ why: "No way." }), ({ server, beats, advance }) =>
      Effect.gen(function* () {
        yield* advance(0.5)
        expect(beats()).toBe(1)
        server.status = 500
        yield* advance(120)
        expect(beats()).toBe(1)
        server.status = 200
        server.due = ["a"]
        yield* advance(59)
        const idle = beats()
        server.due = ["a"]
        yield* advance(61)
        expect(beats()).toBe(idle)
        yield* advance(61)
        expect(beats()).toBe(idle + 1)
      }),
    ))
})
