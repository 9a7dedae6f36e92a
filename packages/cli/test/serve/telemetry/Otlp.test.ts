import { createServer } from "node:net"
import { once } from "node:events"
import { describe, expect, it } from "@effect/vitest"
import * as Otlp from "@overdue/cli/serve/telemetry/Otlp"
import * as Telemetry from "@overdue/cli/serve/telemetry/Telemetry"
import type { Environment } from "@overdue/cli/Io"
import * as Delete from "@overdue/engine/commands/Delete"
import { second } from "@overdue/core/Time"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as Option from "effect/Option"
import * as References from "effect/References"
import * as TestClock from "effect/testing/TestClock"
import * as Tracer from "effect/Tracer"
import * as Collected from "../../../../../test/kit/Collected.ts"
import * as EngineFixture from "../../../../../test/kit/EngineFixture.ts"
import * as Measured from "../../../../../test/kit/Measured.ts"
import * as Receiver from "../../../../../test/kit/Receiver.ts"

const tokens = { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20hunter2" }

/** An engine that exports to a collector, and what it logs by itself. */
const watched = (url: string, log: string[], more: Environment = {}) => {
  const { settings } = Telemetry.read({
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    ...tokens,
    ...more,
  })
  return EngineFixture.layer().pipe(
    Layer.provideMerge(Otlp.layer(settings!)),
    Layer.provideMerge(Measured.layer),
    Layer.provideMerge(
      Logger.layer([
        Logger.make(({ message, logLevel }) => void log.push(`${logLevel} ${[message].flat().join(" ")}`)),
      ]),
    ),
    Layer.provideMerge(Layer.succeed(References.MinimumLogLevel, "Info")),
  )
}

const collector = (answers: Receiver.Answers = Receiver.status(200)) =>
  Effect.acquireRelease(
    Effect.promise(() => Receiver.listen(answers)),
    (receiver) => Effect.promise(() => receiver.close()),
  )

const at = (path: string, { received }: Receiver.Receiver) => received.filter(({ url }) => url === path)

/** Lets what really happens go on until something is so. */
const until = (is: () => boolean): Effect.Effect<void> =>
  Effect.suspend(() =>
    is()
      ? Effect.void
      : Effect.andThen(
          Effect.promise(() => new Promise((resolve) => setImmediate(resolve))),
          until(is),
        ),
  )

const onlyTraces = { OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" }
const warnings = (log: readonly string[]) => log.filter((line) => line.startsWith("Warn"))

describe("a collector", () => {
  it.live("is sent spans, metrics and the log, with the name of the service and its headers", () =>
    Effect.gen(function* () {
      const receiver = yield* collector()
      const use = Effect.gen(function* () {
        const { check, project } = yield* EngineFixture.furnish()
        yield* EngineFixture.ping({ id: check.id }, "fail")
        yield* Effect.exit(Delete.run({ project: project.id, id: "0d5a3c1e-7f7a-4a4e-9a53-2f1f6c1f6a10" }))
        return check
      })
      const named = { OTEL_SERVICE_NAME: "mine", OTEL_RESOURCE_ATTRIBUTES: "team=ops" }
      const check = yield* Effect.provide(use, watched(receiver.url, [], named))
      const { spans, metrics, lines, resource } = Collected.of(receiver.received)
      expect(resource).toMatchObject({ "service.name": "mine", team: "ops" })
      expect(resource["service.instance.id"]).toMatch(/^[0-9a-f-]{36}$/)
      expect(resource["service.version"]).toMatch(/^\d+\.\d+\.\d+/)
      expect(spans).toContainEqual({
        name: "overdue.commit",
        kind: 1,
        attributes: { "overdue.pings": 1 },
        status: 1,
      })
      expect(spans.find(({ name }) => name === "Delete.run")!.status).toBe(2)
      expect(metrics).toEqual(expect.arrayContaining(["overdue_pings_total", "overdue_commit_seconds"]))
      expect(lines).toEqual([expect.stringMatching(/^check "00000000…" is down \(missed\)$/)])
      for (const { headers, method } of receiver.received)
        expect([method, headers.authorization, headers["content-type"]]).toEqual([
          "POST",
          "Bearer hunter2",
          "application/json",
        ])
      const said = receiver.received.map(({ body }) => body).join("")
      for (const secret of [check.id, "0d5a3c1e", "hunter2"]) expect(said).not.toContain(secret)
    }),
  )

  it.live("is sent protobuf unless it wants JSON, and compressed what it wants so", () =>
    Effect.gen(function* () {
      const receiver = yield* collector()
      const more = {
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
        OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: "gzip",
      }
      const ping = Effect.flatMap(EngineFixture.furnish(), ({ check }) =>
        EngineFixture.ping({ id: check.id }),
      )
      yield* Effect.provide(ping, watched(receiver.url, [], more))
      const [traces] = at("/v1/traces", receiver)
      expect(traces!.headers).toMatchObject({
        "content-type": "application/x-protobuf",
        "content-encoding": "gzip",
      })
      expect(traces!.bytes.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]))
      const [metrics] = at("/v1/metrics", receiver)
      expect(metrics!.headers["content-encoding"]).toBeUndefined()
      expect(metrics!.body).toContain("overdue_pings_total")
    }),
  )

  it.effect("is sent a share of the traces, whole ones", () =>
    Effect.gen(function* () {
      const receiver = yield* collector()
      const ping = Effect.flatMap(EngineFixture.furnish(), ({ check }) =>
        EngineFixture.ping({ id: check.id }),
      )
      yield* Effect.provide(
        ping,
        watched(receiver.url, [], { ...onlyTraces, OTEL_TRACES_SAMPLER: "always_off" }),
      )
      expect(receiver.received).toEqual([])
    }),
  )
})

/** Collectors that do not do what they should. */
const hostile: readonly (readonly [what: string, answer: Receiver.Answer, why: string])[] = [
  ["answers 500", Receiver.status(500), "it answered 500"],
  ["redirects", Receiver.status(302, { location: "http://127.0.0.1:1/" }), "it answered 302"],
  ["never answers", "hang", "it did not answer within 10 s"],
  [
    "never ends its answer",
    {
      write: (response) => {
        response.writeHead(200).write(".")
        const timer = setInterval(() => response.write("."), 10)
        response.on("close", () => clearInterval(timer))
      },
    },
    "it did not answer within 10 s",
  ],
  ["closes the connection", "drop", "the connection failed (ECONNRESET)"],
  ["closes it within its answer", "drop midway", "the connection failed (ECONNRESET)"],
  [
    "wants to be asked again in a year",
    Receiver.status(429, { "retry-after": "31536000" }),
    "it answered 429",
  ],
]

/** Time goes on while what really happens does: exports are sent and time out. */
const passes = Effect.fnUntraced(function* (seconds: number) {
  for (let n = 0; n < seconds; n++) {
    yield* TestClock.adjust(second)
    yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))
  }
})

describe("a collector that", () => {
  it.effect.each(hostile)("%s holds up no ping, and is complained of once", ([, answer, why]) =>
    Effect.gen(function* () {
      const receiver = yield* collector(answer)
      const log: string[] = []
      const use = Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish()
        for (let round = 0; round < 4; round++) {
          yield* EngineFixture.ping({ id: check.id })
          yield* passes(30)
        }
        expect(receiver.received.length).toBeGreaterThan(1)
        expect(receiver.received.length).toBeLessThan(10)
        expect((yield* EngineFixture.ping({ id: check.id })).n).toBe(5)
      })
      yield* Effect.provide(use, watched(receiver.url, log, onlyTraces))
      expect(warnings(log)).toEqual([
        `Warn traces cannot be exported to the collector at 127.0.0.1:${receiver.port}, because ${why}; they are dropped until that works again, and all else goes on`,
      ])
    }),
  )

  it.effect("speaks no HTTP, or is away, is complained of in the same way", () =>
    Effect.gen(function* () {
      const server = createServer((socket) => {
        socket.on("error", () => {}).resume()
        socket.end("SSH-2.0-OpenSSH_9.6\r\n")
      })
      server.listen(0, "127.0.0.1")
      yield* Effect.promise(() => once(server, "listening"))
      const { port } = server.address() as { port: number } // safe because it listens on TCP
      const log: string[] = []
      const use = Effect.gen(function* () {
        const { check } = yield* EngineFixture.furnish()
        yield* EngineFixture.ping({ id: check.id })
        while (warnings(log).length === 0) yield* passes(1)
      })
      yield* Effect.provide(use, watched(`http://127.0.0.1:${port}`, log, onlyTraces))
      expect(warnings(log)[0]).toMatch(/because the connection failed \(HPE_[A-Z_]+\)/)
      server.close()
      yield* Effect.promise(() => once(server, "close"))
      log.length = 0
      yield* Effect.provide(use, watched(`http://127.0.0.1:${port}`, log, onlyTraces))
      expect(warnings(log)[0]).toContain("because the connection failed (ECONNREFUSED)")
    }),
  )

  it.effect(
    "is slow is sent no more than some at a time, however much there is, and the rest is dropped",
    () =>
      Effect.gen(function* () {
        const receiver = yield* collector("hang")
        const log: string[] = []
        const use = Effect.gen(function* () {
          for (let n = 0; n < 20_000; n++) yield* Effect.withSpan(Effect.void, "overdue.test")
          yield* until(() => receiver.received.length === 4)
          expect(Collected.of(receiver.received).spans).toHaveLength(4 * 512)
          expect(warnings(log)).toEqual([expect.stringContaining("the collector is too slow for it")])
          yield* passes(40)
        })
        yield* Effect.provide(use, watched(receiver.url, log, onlyTraces))
        expect(receiver.received).toHaveLength(4)
        expect(warnings(log)).toHaveLength(1)
      }),
  )

  it.effect(
    "works again is told so, and sent what is new; and one that comes and goes is told once an hour",
    () =>
      Effect.gen(function* () {
        let status = 500
        const receiver = yield* collector(() => Receiver.status(status))
        const log: string[] = []
        const traced = Effect.withSpan(Effect.void, "overdue.test")
        const use = Effect.gen(function* () {
          for (status of [500, 200, 500, 200]) {
            yield* traced
            yield* passes(10)
            yield* passes(60)
          }
        })
        yield* Effect.provide(use, watched(receiver.url, log, onlyTraces))
        expect(log).toEqual([
          expect.stringContaining("because it answered 500"),
          "Info traces are exported again",
        ])
      }),
  )

  it.effect("may be sent the same again, after 503 say, is: twice, and then no more", () =>
    Effect.gen(function* () {
      const receiver = yield* collector([Receiver.status(503), Receiver.status(503), Receiver.status(200)])
      const log: string[] = []
      const use = Effect.gen(function* () {
        yield* Effect.withSpan(Effect.void, "overdue.test")
        yield* passes(10)
      })
      yield* Effect.provide(use, watched(receiver.url, log, onlyTraces))
      expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
      expect(receiver.received).toHaveLength(3)
      expect(log).toEqual([])
    }),
  )
})

describe("an engine that stops", () => {
  it.live("waits for no collector that does not answer, for longer than a second or two", () =>
    Effect.gen(function* () {
      const receiver = yield* collector("hang")
      const ping = Effect.flatMap(EngineFixture.furnish(), ({ check }) =>
        EngineFixture.ping({ id: check.id }),
      )
      const before = performance.now()
      yield* Effect.provide(ping, watched(receiver.url, []))
      expect(performance.now() - before).toBeLessThan(5 * second)
      expect(at("/v1/traces", receiver)).toHaveLength(1)
      expect(at("/v1/metrics", receiver)).toHaveLength(1)
    }),
  )
})

describe("a discreet tracer", () => {
  it("keeps what a span was refused for, and samples traces as a whole", () => {
    const ended: Exit.Exit<unknown, unknown>[] = []
    const inner = Tracer.make({
      span: (options) => {
        const span = new Tracer.NativeSpan(options)
        span.end = (_, exit) => void ended.push(exit)
        return span
      },
    })
    const span = (sampled: number, parent?: Tracer.AnySpan) =>
      Otlp.discreet(inner, sampled).span({
        name: "overdue.test",
        annotations: Context.empty(),
        links: [],
        startTime: 0n,
        kind: "internal",
        sampled: true,
        parent: Option.fromUndefinedOr(parent),
        root: parent === undefined,
      })
    const whole = span(1)
    expect([span(0).sampled, whole.sampled, span(0, whole).sampled]).toEqual([false, true, true])
    whole.end(1n, Exit.fail("a secret"))
    expect(ended).toHaveLength(1)
    expect(JSON.stringify(ended)).not.toContain("a secret")
  })
})
