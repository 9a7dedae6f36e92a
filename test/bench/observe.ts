/**
 * What it costs to watch the engine: pings in process, committed alone and 64 together to the memory store, with nothing
 * recorded, with metrics, and with metrics and spans that are serialized for a collector. A ping over HTTP to a disk costs
 * more, so that the shares are upper bounds.
 *
 * All take turns in one run; a figure is the best of the rounds (other work on the machine only ever adds). A commit writes
 * four lines of metrics however many pings it has, so that with 64 the difference is less than what two runs differ by:
 * see the cost of a line.
 */
import * as Check from "@overdue/core/Check"
import * as Store from "@overdue/core/Store"
import * as CallbackNotifier from "@overdue/engine/CallbackNotifier"
import * as Projects from "@overdue/engine/commands/Projects"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Engine from "@overdue/engine/Engine"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Meter from "@overdue/engine/Meter"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Metric from "effect/Metric"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import * as OtlpTracer from "effect/observability/OtlpTracer"
import * as References from "effect/References"
import * as Arrival from "../kit/Arrival.ts"
import * as Table from "./report/Table.ts"

const rounds = 60
const pings = 8_192
const sizes = [1, 64]
const checks = 64

const nowhere = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make((request) => Effect.succeed(HttpClientResponse.fromWeb(request, new Response(null)))),
)
const tracer = OtlpTracer.layer({
  url: "http://127.0.0.1/v1/traces",
  resource: { serviceName: "bench" },
}).pipe(Layer.provide(Layer.merge(OtlpSerialization.layerProtobuf, nowhere)))

const ids = Array.from({ length: checks }, () => crypto.randomUUID())

const furnish = Effect.gen(function* () {
  const { id: project } = yield* Projects.create({ name: "bench" })
  const { transact } = yield* Store.Store
  const made = ids.map((id) => Check.make({ id, project, badgeKey: id, createdAt: 0 }))
  yield* transact({}, () => ({ result: undefined, checks: made }))
  return (yield* Receive.Receive).submit
})

const open = (watched: Layer.Layer<never>, { isMeasured = true } = {}) => {
  const engine = Engine.still({ store: MemoryStore.layer, notifiers: CallbackNotifier.none })
  const registry = Layer.sync(Metric.MetricRegistry, () => new Map())
  const quiet = Layer.succeed(References.MinimumLogLevel, "Error")
  const runtime = ManagedRuntime.make(
    engine.pipe(Layer.provideMerge(Layer.mergeAll(watched, registry, quiet))),
  )
  const silenced = Effect.map(Meter.current, (meter) => {
    if (!isMeasured) meter.record = () => {}
  })
  return runtime.runPromise(Effect.andThen(silenced, furnish))
}

type Submit = Receive.Receive["Service"]["submit"]

const arrivals = ids.map((id) => Arrival.overHttp({ id }))

/** Sends so many at a time, each time when all are stored, and resolves to nanoseconds of this process for a ping. */
const time = async (submit: Submit, size: number): Promise<number> => {
  const before = process.cpuUsage()
  for (let sent = 0; sent < pings; sent += size) {
    await new Promise<void>((resolve) => {
      let left = size
      for (let n = 0; n < size; n++)
        submit(arrivals[n]!, () => {
          left -= 1
          if (left === 0) resolve()
        })
    })
  }
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1000) / pings
}

const ways = {
  nothing: await open(Layer.empty, { isMeasured: false }),
  metrics: await open(Layer.empty),
  "metrics and spans": await open(tracer),
}
type Way = keyof typeof ways
const names = Object.keys(ways) as readonly Way[] // safe because it is the record above

const race = async (size: number) => {
  const best: Record<Way, number> = { nothing: Infinity, metrics: Infinity, "metrics and spans": Infinity }
  for (let round = 0; round < rounds; round++)
    for (let turn = 0; turn < names.length; turn++) {
      // Each comes after each other one as often.
      const name = names[(round + turn) % names.length]!
      best[name] = Math.min(best[name], await time(ways[name], size))
    }
  return { size, best }
}

const results = []
for (const size of sizes) results.push(await race(size))

/** Nanoseconds of one line alone, which is as short as the difference of two runs is uncertain. */
const lineAlone = (): number => {
  const meter = new Meter.Meter(Context.empty())
  const family = { name: "overdue_bench", type: "histogram", help: "", bounds: [1, 2, 4, 8, 16] } as const
  let best = Infinity
  for (let round = 0; round < rounds; round++) {
    const before = performance.now()
    for (let n = 0; n < 100_000; n++) meter.record(family, n & 15)
    best = Math.min(best, (performance.now() - before) * 10)
  }
  return best
}

const line = lineAlone()
const alone = results[0]!.best
const figure = (value: number): number => Number(value.toPrecision(3))

process.stdout.write(`
${Table.format(
  ["pings in a commit", ...names],
  results.map(({ size, best }) => [String(size), ...names.map((name) => Table.duration(best[name]))]),
)}
a line of a metric: ${Table.duration(line)}
${JSON.stringify({
  bench: "observe",
  unit: "ns",
  ours: figure(alone.metrics),
  peers: { nothing: figure(alone.nothing), line: figure(line) },
  ratios: { nothing: figure(alone.nothing / alone.metrics) },
  series: results.map(({ size, best }) => ({
    what: `${size} in a commit`,
    ours: figure(best.metrics),
    peers: { nothing: figure(best.nothing), spans: figure(best["metrics and spans"]) },
    ratios: { nothing: figure(best.nothing / best.metrics) },
  })),
})}
`)
process.exit(0)
