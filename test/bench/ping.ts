/**
 * Durable pings a second over HTTP: 64 connections, 10,000 checks, SQLite with `synchronous=FULL` or PostgreSQL that waits
 * for the disk, perhaps through several servers on one database; against a bare `node:http` that answers `OK` to the same
 * load. They take short turns, so that what else the machine does meets all; each figure is the median of the turns.
 */
import { spawn, type ChildProcess } from "node:child_process"
import * as Effect from "effect/Effect"
import * as ProcessFigures from "../kit/ProcessFigures.ts"
import * as Load from "./ping/load.ts"
import * as Progress from "./report/Progress.ts"
import { median } from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import * as Project from "./seed/Project.ts"
import * as Asked from "./store/Asked.ts"
import * as Place from "./store/Place.ts"

const connections = 64
const checks = 10_000
const rounds = 24
const milliseconds = 600

const asked = Asked.read()

const seed = Project.fill(checks, () => ({ policy: { runs: "latest" } }))

interface Started {
  readonly child: ChildProcess
  readonly port: number
}

/** Starts a server and resolves to its port once it says where it listens. */
const start = (args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Started> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment }
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env })
    child.on("error", reject)
    child.on("exit", (code) => reject(new Error(`${args[0]} ended with ${code}`)))
    child.stdout.on("data", (chunk: Buffer) => {
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(chunk.toString())?.[1]
      if (port !== undefined) resolve({ child, port: Number(port) })
    })
  })

const stop = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.removeAllListeners("exit")
    child.on("exit", () => resolve())
    child.kill("SIGTERM")
  })

/** Microseconds of processor time that a process has used; not a number where the system does not tell. */
const processorTime = ({ pid }: ChildProcess): number =>
  ProcessFigures.processorTime(pid!) * 1_000_000 || Number.NaN

/** Spreads the connections over servers, and resolves with what they have answered together. */
const load = async (servers: readonly Started[], milliseconds: number): Promise<Load.Measured> => {
  const share = { connections: connections / servers.length, milliseconds, path }
  const all = await Promise.all(servers.map(({ port }) => Load.run({ ...share, port })))
  const sum = (of: (one: Load.Measured) => number): number => all.reduce((total, one) => total + of(one), 0)
  const most = (of: (one: Load.Measured) => number): number => Math.max(...all.map(of))
  return {
    answers: sum(({ answers }) => answers),
    rate: sum(({ rate }) => rate),
    p50: most(({ p50 }) => p50),
    p99: most(({ p99 }) => p99),
    refused: sum(({ refused }) => refused),
  }
}

await using places = await Place.open(asked)
const place = places.next()
const seeded = await Effect.runPromise(Effect.provide(seed, place.layer))
let turn = 0
const path = (): string => `/ping/${seeded[turn++ % seeded.length]!.id}`

const main = new URL("../../packages/cli/src/main.ts", import.meta.url).pathname
const serve = [main, "serve", "--port", "0", "--database", place.database]
const ours: Started[] = []
for (let node = 0; node < asked.nodes; node++) ours.push(await start(serve, place.environment))
const bare = [await start([new URL("ping/bareHttp.ts", import.meta.url).pathname])]

/** Processor time so far. */
const spent = () => ({
  ours: ours.reduce((sum, { child }) => sum + processorTime(child), 0),
  bare: processorTime(bare[0]!.child),
  database: (places.processorTime() ?? Number.NaN) * 1_000_000,
})

const measured: { readonly ours: Load.Measured[]; readonly bare: Load.Measured[] } = { ours: [], bare: [] }
await load(ours, 1_000)
await load(bare, 1_000)
const before = spent()
for (let round = 0; round < rounds; round++) {
  measured.ours.push(await load(ours, milliseconds))
  measured.bare.push(await load(bare, milliseconds))
  Progress.show(`round ${round + 1} of ${rounds}`)
}
Progress.show("")
const after = spent()
await Promise.all([...ours, ...bare].map(({ child }) => stop(child)))

const refused = measured.ours.reduce((sum, round) => sum + round.refused, 0)
if (refused > 0) throw new Error(`${refused} pings were not answered with 200`)

const each = (who: keyof typeof before, of: readonly Load.Measured[]): number =>
  (after[who] - before[who]) / of.reduce((sum, { answers }) => sum + answers, 0)
const figures = (of: readonly Load.Measured[]) => ({
  rate: Math.round(median(of.map(({ rate }) => rate))),
  p50: median(of.map(({ p50 }) => p50)),
  p99: median(of.map(({ p99 }) => p99)),
})
const known = (figure: number): string => (Number.isNaN(figure) ? "" : figure.toFixed(1))
const [mine, peer] = [figures(measured.ours), figures(measured.bare)]
const cpu = { node: each("ours", measured.ours), database: each("database", measured.ours) }
const name = asked.nodes === 1 ? "overdue, durable" : `${asked.nodes} × overdue, durable`
const line = (who: string, { rate, p50, p99 }: typeof mine, microseconds: number, database: string) => [
  who,
  rate.toLocaleString("en"),
  p50.toFixed(1),
  p99.toFixed(1),
  known(microseconds),
  database,
]
console.log(
  Table.format(
    [asked.store, "answers/s", "p50 ms", "p99 ms", "CPU µs each", "of the database"],
    [
      line(name, mine, cpu.node, known(cpu.database)),
      line("bare node:http", peer, each("bare", measured.bare), ""),
    ],
  ),
)
console.log(
  `${((100 * mine.rate) / peer.rate).toFixed(0)}% of a bare server; ${connections} connections, ${checks} checks`,
)
const rounded = (figure: number): number | null => (Number.isNaN(figure) ? null : Number(figure.toFixed(1)))
console.log(
  JSON.stringify({
    bench: "ping",
    store: asked.store,
    nodes: asked.nodes,
    unit: "pings/s",
    ours: mine.rate,
    peers: { "node:http": peer.rate },
    ratios: { "node:http": Number((mine.rate / peer.rate).toFixed(3)) },
    p99: Number(mine.p99.toFixed(1)),
    microseconds: { node: rounded(cpu.node), database: rounded(cpu.database) },
  }),
)
