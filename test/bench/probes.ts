/**
 * How many targets one server asks every minute, what that costs, and how far each round is from its time: 100, 1,000 and
 * 10,000 uptime monitors over a real SQLite file, against a program that asks as many with timers and keeps nothing.
 */
import { fork, spawn, type ChildProcess } from "node:child_process"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import * as Probe from "@overdue/core/Probe"
import * as Never from "@overdue/core/schedule/Never"
import { minute } from "@overdue/core/Time"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import * as Folder from "../kit/Folder.ts"
import { OverdueServer } from "../kit/OverdueServer.ts"
import * as ProcessFigures from "../kit/ProcessFigures.ts"
import * as Progress from "./report/Progress.ts"
import * as Quantile from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import * as Project from "./seed/Project.ts"

const sizes = (process.env["OVERDUE_SIZES"] ?? "100,1000,10000").split(",").map(Number)
/** Two rounds of every monitor and a little more, after one in which everything is asked for the first time. */
const [warmUp, measured] = [minute + 5_000, 2 * minute + 5_000]

/** Starts what is asked. */
const target = async () => {
  const child = fork(join(import.meta.dirname, "probes/target.ts"), { serialization: "advanced" })
  const port = await new Promise<number>((resolve) => child.once("message", resolve))
  /** Returns when each path was asked for, since this was last called. */
  const arrivals = (): Promise<readonly (readonly number[])[]> =>
    new Promise((resolve) => {
      child.once("message", (times) => resolve(times as readonly (readonly number[])[])) // safe because the target sends that
      child.send("arrivals")
    })
  return { url: `http://127.0.0.1:${port}`, arrivals, stop: () => child.disconnect() }
}

/** Stores monitors that have not been asked yet. */
const fill = (filename: string, url: string, count: number): Promise<unknown> =>
  Project.fill(count, (index) => ({
    details: { name: `monitor ${index}` },
    policy: { schedule: Never.never, probe: Probe.make({ url: `${url}/${index}`, every: minute }) },
  })).pipe(Effect.provide(Sqlite.layer({ filename })), Effect.runPromise)

/** Waits, and returns what a process has cost meanwhile and how it has asked. */
const measure = async (child: ChildProcess, asked: Awaited<ReturnType<typeof target>>) => {
  await setTimeout(warmUp)
  await asked.arrivals()
  const before = ProcessFigures.processorTime(child.pid!)
  await setTimeout(measured)
  const seconds = ProcessFigures.processorTime(child.pid!) - before
  const times = await asked.arrivals()
  const gaps = times.flatMap((all) => all.slice(1).map((at, index) => Math.abs(at - all[index]! - minute)))
  const drift = Quantile.of(gaps)
  return {
    core: (100 * seconds) / (measured / 1000),
    megabytes: ProcessFigures.memory(child.pid!),
    rounds: times.reduce((sum, all) => sum + all.length, 0),
    p50: drift(0.5),
    p99: drift(0.99),
    most: drift(1),
  }
}

const ours = async (count: number) => {
  using folder = Folder.make("bench-probes")
  const asked = await target()
  try {
    await fill(folder.file("overdue.db"), asked.url, count)
    await using server = await OverdueServer.start(folder.path)
    return await measure(server.child, asked)
  } finally {
    asked.stop()
  }
}

const bare = async (count: number) => {
  const asked = await target()
  const file = join(import.meta.dirname, "probes/bare.ts")
  const child = spawn(process.execPath, [file, asked.url, String(count), String(minute)], {
    stdio: "inherit",
  })
  try {
    return await measure(child, asked)
  } finally {
    child.kill()
    asked.stop()
  }
}

const series = []
for (const count of sizes) {
  Progress.show(`${count} monitors`)
  series.push({ monitors: count, ours: await ours(count), bare: await bare(count) })
}
Progress.show("")

const milliseconds = (value: number): string => `${value.toFixed(0)} ms`
const rows = series.map(({ monitors, ours, bare }) => [
  String(monitors),
  String(ours.rounds),
  `${ours.core.toFixed(1)} %`,
  `${bare.core.toFixed(1)} %`,
  `${ours.megabytes} MB`,
  `${bare.megabytes} MB`,
  milliseconds(ours.p50),
  milliseconds(ours.p99),
  milliseconds(ours.most),
])
const heading = ["monitors", "rounds", "core", "bare", "memory", "bare", "drift p50", "p99", "most"]
const last = series.at(-1)!
process.stdout.write(`
${Table.format(heading, rows)}
${JSON.stringify({
  bench: "probes",
  unit: `% of a core for ${last.monitors} monitors a minute`,
  ours: Number(last.ours.core.toFixed(2)),
  peers: { "timers and node:http": Number(last.bare.core.toFixed(2)) },
  ratios: { "timers and node:http": Number((last.bare.core / last.ours.core).toFixed(3)) },
  series,
})}
`)
