/**
 * Durable pings a second over HTTP: 64 connections, 10,000 checks, SQLite with `synchronous=FULL`, against a bare
 * `node:http` that answers `OK` to the same load. The two take short turns, so that what else the machine does
 * meets both; each figure is the median of the turns.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Sqlite from "@overdue/storage/Sqlite"
import * as Effect from "effect/Effect"
import * as ProcessFigures from "../kit/ProcessFigures.ts"
import * as Load from "./ping/load.ts"
import * as Progress from "./report/Progress.ts"
import { median } from "./report/Quantile.ts"
import * as Project from "./seed/Project.ts"

const connections = 64
const checks = 10_000
const rounds = 24
const milliseconds = 600

const directory = mkdtempSync(join(tmpdir(), "overdue-bench-"))
const filename = join(directory, "overdue.db")

const seed = Project.fill(checks, () => ({ policy: { runs: "latest" } }))

/** Starts a server and resolves to its port once it says where it listens. */
const start = (
  ...args: readonly string[]
): Promise<{ readonly child: ChildProcess; readonly port: number }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] })
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

try {
  const seeded = await Effect.runPromise(Effect.provide(seed, Sqlite.layer({ filename })))
  const main = new URL("../../packages/cli/src/main.ts", import.meta.url).pathname
  const overdue = await start(main, "serve", "--port", "0", "--database", `sqlite:${filename}`)
  const bare = await start(new URL("ping/bareHttp.ts", import.meta.url).pathname)
  let turn = 0
  const path = (): string => `/ping/${seeded[turn++ % seeded.length]!.id}`
  const measured: { readonly ours: Load.Measured[]; readonly bare: Load.Measured[] } = { ours: [], bare: [] }
  const shared = { connections, path }
  await Load.run({ ...shared, port: overdue.port, milliseconds: 1_000 })
  await Load.run({ ...shared, port: bare.port, milliseconds: 1_000 })
  const used = { ours: processorTime(overdue.child), bare: processorTime(bare.child) }
  for (let round = 0; round < rounds; round++) {
    measured.ours.push(await Load.run({ ...shared, port: overdue.port, milliseconds }))
    measured.bare.push(await Load.run({ ...shared, port: bare.port, milliseconds }))
    Progress.show(`round ${round + 1} of ${rounds}`)
  }
  Progress.show("")
  used.ours = processorTime(overdue.child) - used.ours
  used.bare = processorTime(bare.child) - used.bare
  await Promise.all([stop(overdue.child), stop(bare.child)])

  const refused = measured.ours.reduce((sum, round) => sum + round.refused, 0)
  if (refused > 0) throw new Error(`${refused} pings were not answered with 200`)
  const row = (name: string, of: readonly Load.Measured[], microseconds: number): string =>
    [
      name.padEnd(24),
      Math.round(median(of.map(({ rate }) => rate)))
        .toLocaleString("en")
        .padStart(12),
      median(of.map(({ p50 }) => p50))
        .toFixed(1)
        .padStart(9),
      median(of.map(({ p99 }) => p99))
        .toFixed(1)
        .padStart(9),
      (microseconds / of.reduce((sum, { answers }) => sum + answers, 0)).toFixed(1).padStart(13),
    ].join("")
  const ours = median(measured.ours.map(({ rate }) => rate))
  const peer = median(measured.bare.map(({ rate }) => rate))
  console.log(
    `${"".padEnd(24)}${"answers/s".padStart(12)}${"p50 ms".padStart(9)}${"p99 ms".padStart(9)}${"CPU µs each".padStart(13)}`,
  )
  console.log(row("overdue, durable", measured.ours, used.ours))
  console.log(row("bare node:http", measured.bare, used.bare))
  console.log(
    `${((100 * ours) / peer).toFixed(0)}% of a bare server; ${connections} connections, ${checks} checks`,
  )
  console.log(
    JSON.stringify({
      bench: "ping",
      unit: "pings/s",
      ours: Math.round(ours),
      peers: { "node:http": Math.round(peer) },
      ratios: { "node:http": Number((ours / peer).toFixed(3)) },
      p99: Number(median(measured.ours.map(({ p99 }) => p99)).toFixed(1)),
    }),
  )
} finally {
  rmSync(directory, { recursive: true, force: true })
}
