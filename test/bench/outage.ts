/**
 * A mass outage: 1,000 and 10,000 of 100,000 checks fall due at the same instant, each tells a webhook, and jobs ping
 * meanwhile. How long after the deadline an alert arrives, and what a ping takes before and during it. The rival of the
 * pings is the same server while nothing is down.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day, hour } from "@overdue/core/Time"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import * as Folder from "../kit/Folder.ts"
import { OverdueServer } from "../kit/OverdueServer.ts"
import * as Load from "./ping/load.ts"
import * as Quantile from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import * as Project from "./seed/Project.ts"

const stored = 100_000
const atOnce = 5_000
const connections = 16
/** From the storing of what falls due to its deadline: time to start the server, and to see how fast pings are before. */
const calm = 15_000

interface Result {
  readonly due: number
  /** Milliseconds from the deadline to the arrival of an alert. */
  readonly p50: number
  readonly p99: number
  readonly last: number
  readonly before: Load.Measured
  readonly during: Load.Measured
}

/** Stores checks that are up, of which the first `due` have their deadline at `at`, all with one channel. */
const seed = Effect.fnUntraced(function* (due: number, url: string) {
  const store = yield* Store.Store
  const project = Project.make(stored)
  yield* store.createProject({ project, keys: [] })
  const channel = Channel.make({
    id: crypto.randomUUID(),
    project: project.id,
    name: "ops",
    kind: "webhook",
    value: { url_down: url, url_up: url },
    createdAt: Date.now(),
  })
  yield* store.createChannel(channel)
  const made = (index: number, at: number) => {
    const check = Check.make({
      id: crypto.randomUUID(),
      project: project.id,
      badgeKey: crypto.randomUUID(),
      createdAt: at - 2 * hour,
      details: { name: `check ${index}`, channels: [channel.id] },
      policy: { schedule: Every.make(index < due ? hour : 365 * day), grace: 0 },
    })
    return Machine.step(check, { type: "success" }, at - hour)
  }
  const keep = Effect.fnUntraced(function* (from: number, to: number, at: number) {
    const steps = Array.from({ length: to - from }, (_, n) => made(from + n, at))
    yield* store.transact({}, () => ({
      result: undefined,
      checks: steps.map(({ check }) => check),
      flips: steps.flatMap(({ flips }) => flips),
    }))
    return steps.map(({ check }) => check.id)
  })
  const others: string[] = []
  for (let from = due; from < stored; from += atOnce) {
    others.push(...(yield* keep(from, Math.min(from + atOnce, stored), Date.now())))
  }
  // Last, however long the others took.
  const at = Date.now() + calm
  yield* keep(0, due, at)
  return { at, others }
})

const outage = async (due: number): Promise<Result> => {
  using folder = Folder.make()
  const arrivals: number[] = []
  const all = Promise.withResolvers<void>()
  const receiver = createServer((request, response) => {
    request.resume()
    arrivals.push(Date.now())
    response.end("OK")
    if (arrivals.length === due) all.resolve()
  })
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve))
  // safe because a listening TCP server has an address record
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const filename = join(folder.path, "overdue.db")
  const { at, others } = await Effect.runPromise(Effect.provide(seed(due, url), Sqlite.layer({ filename })))
  const environment = { OVERDUE_LOG_LEVEL: "error" }
  const server = await OverdueServer.start(folder.path, { environment })
  try {
    const left = at - Date.now()
    if (left < 2_000) throw new Error(`the machine is too slow: ${left} ms are left to the deadline`)
    const port = Number(new URL(server.url).port)
    let turn = 0
    const load = { port, connections, path: () => `/ping/${others[turn++ % others.length]!}` }
    const before = await Load.run({ ...load, milliseconds: left - 500 })
    await setTimeout(at - Date.now())
    const rounds: Load.Measured[] = []
    const watch = (async () => {
      while (arrivals.length < due) rounds.push(await Load.run({ ...load, milliseconds: 500 }))
    })()
    await all.promise
    await watch
    const delay = Quantile.of(arrivals.map((arrival) => arrival - at))
    const during = rounds.toSorted((a, b) => b.p50 - a.p50)[0]!
    return {
      due,
      p50: delay(0.5),
      p99: delay(0.99),
      last: delay(1),
      before,
      during,
    }
  } finally {
    await server.stop()
    receiver.close()
    receiver.closeAllConnections()
  }
}

const results: Result[] = []
for (const due of [1_000, 10_000]) results.push(await outage(due))

const ms = (figure: number): string => Table.duration(figure * 1e6)
process.stdout.write(`
${Table.format(
  ["checks down at once", "alert p50", "p99", "last", "ping p50 before", "during (worst half second)"],
  results.map(({ due, p50, p99, last, before, during }) => [
    due.toLocaleString("en"),
    ms(p50),
    ms(p99),
    ms(last),
    ms(before.p50),
    ms(during.p50),
  ]),
)}
${JSON.stringify({
  bench: "outage",
  unit: "ms",
  ours: results[0]!.p99,
  peers: { "ping before": Number(results[0]!.before.p50.toFixed(2)) },
  ratios: { "ping during/before": Number((results[0]!.during.p50 / results[0]!.before.p50).toFixed(2)) },
  series: results.map(({ due, p99, last, before, during }) => ({
    due,
    p99,
    last,
    before: Number(before.p50.toFixed(2)),
    during: Number(during.p50.toFixed(2)),
  })),
})}
`)
