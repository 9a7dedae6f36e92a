/**
 * A mass outage: 1,000 and 10,000 of 100,000 checks fall due at the same instant, each tells a webhook, and jobs ping
 * meanwhile. How long after the deadline an alert arrives, and what a ping takes before and during it. The rival of the
 * pings is the same server while nothing is down. A thousand fall due twice: a server that was just started has not told
 * of anything before.
 */
import { setTimeout } from "node:timers/promises"
import * as Channel from "@overdue/core/Channel"
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Every from "@overdue/core/schedule/Every"
import * as Store from "@overdue/core/Store"
import { day, hour } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { OverdueServer } from "../kit/OverdueServer.ts"
import * as Receiver from "./outage/Receiver.ts"
import * as Load from "./ping/load.ts"
import * as Quantile from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import * as Project from "./seed/Project.ts"
import * as Asked from "./store/Asked.ts"
import * as Place from "./store/Place.ts"

const stored = 100_000
const atOnce = 5_000
/** How many jobs ping one time after another. */
const connections = 1
/** From the storing of what falls due to its deadline: time to start the server, and to see how fast pings are before. */
const calm = 25_000
/** From one outage to the next of the same server. */
const pause = 8_000

const asked = Asked.read()
await using places = await Place.open(asked)

interface Result {
  readonly what: string
  /** Milliseconds from the deadline to the arrival of an alert. */
  readonly p50: number
  readonly p99: number
  readonly last: number
  readonly before: Load.Measured
  readonly during: Load.Measured
}

/** Outages of one server. */
interface Plan {
  /** How many checks fall due in each. */
  readonly due: number
  /** What is said of each. */
  readonly outages: readonly string[]
}

/** Stores checks that are up, of which some fall due at each outage, all with one channel. Returns when the first is. */
const seed = Effect.fnUntraced(function* ({ due, outages }: Plan, url: string) {
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
  const falling = due * outages.length
  const made = (index: number, at: number) => {
    const check = Check.make({
      id: crypto.randomUUID(),
      project: project.id,
      badgeKey: crypto.randomUUID(),
      createdAt: at - 2 * hour,
      details: { name: `check ${index}`, channels: [channel.id] },
      policy: { schedule: Every.make(index < falling ? hour : 365 * day), grace: 0 },
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
  for (let from = falling; from < stored; from += atOnce) {
    others.push(...(yield* keep(from, Math.min(from + atOnce, stored), Date.now())))
  }
  // Last, however long the others took.
  const at = Date.now() + calm
  for (const index of outages.keys()) yield* keep(index * due, (index + 1) * due, at + index * pause)
  return { at, others }
})

const measure = async (plan: Plan): Promise<readonly Result[]> => {
  using receiver = await Receiver.start(plan.due)
  const { layer, database, environment } = places.next()
  const { at, others } = await Effect.runPromise(Effect.provide(seed(plan, receiver.url), layer))
  const server = await OverdueServer.start(places.path, {
    database,
    environment: { ...environment, OVERDUE_LOG_LEVEL: "error" },
  })
  try {
    const port = Number(new URL(server.url).port)
    let turn = 0
    const load = { port, connections, path: () => `/ping/${others[turn++ % others.length]!}` }
    const results: Result[] = []
    for (const [index, what] of plan.outages.entries()) {
      results.push({ what, ...(await outage(at + index * pause, load, receiver)) })
    }
    return results
  } finally {
    await server.stop()
  }
}

const outage = async (
  at: number,
  load: Omit<Load.Load, "milliseconds">,
  receiver: Receiver.Receiver,
): Promise<Omit<Result, "what">> => {
  const left = at - Date.now()
  if (left < 2_000) throw new Error(`the machine is too slow: ${left} ms are left to the deadline`)
  const before = await Load.run({ ...load, milliseconds: left - 500 })
  await setTimeout(at - Date.now())
  const told = receiver.arrivals()
  const over = new AbortController()
  void told.finally(() => over.abort())
  const rounds: Load.Measured[] = []
  while (!over.signal.aborted) rounds.push(await Load.run({ ...load, milliseconds: 500 }))
  const arrivals = await told
  const delay = Quantile.of(arrivals.map((arrival) => arrival - at))
  const during = rounds.toSorted((a, b) => b.p50 - a.p50)[0]!
  return { p50: delay(0.5), p99: delay(0.99), last: delay(1), before, during }
}

const plans: readonly Plan[] = [
  { due: 1_000, outages: ["1,000, the first of all", "1,000 more, 8 s later"] },
  { due: 10_000, outages: ["10,000"] },
]
const results: Result[] = []
for (const plan of plans) results.push(...(await measure(plan)))

const ms = (figure: number): string => Table.duration(figure * 1e6)
process.stdout.write(`
${Table.format(
  ["checks down at once", "alert p50", "p99", "last", "ping p50 before", "during (worst half second)"],
  results.map(({ what, p50, p99, last, before, during }) => [
    what,
    ms(p50),
    ms(p99),
    ms(last),
    ms(before.p50),
    ms(during.p50),
  ]),
)}
${JSON.stringify({
  bench: "outage",
  store: asked.store,
  unit: "ms",
  ours: results[0]!.p99,
  peers: { "ping before": Number(results[0]!.before.p50.toFixed(2)) },
  ratios: { "ping during/before": Number((results[0]!.during.p50 / results[0]!.before.p50).toFixed(2)) },
  series: results.map(({ what, p99, last, before, during }) => ({
    what,
    p99,
    last,
    before: Number(before.p50.toFixed(2)),
    during: Number(during.p50.toFixed(2)),
  })),
})}
`)
