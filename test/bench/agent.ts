/**
 * What the agent costs the machine that it measures: its share of a processor at an interval of a second, and its memory,
 * against `node -e "setInterval(() => {}, 1e9)"` beside it in the same minute. Both are the Node that runs this.
 */
import { spawn } from "node:child_process"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import * as Bundle from "../kit/Bundle.ts"
import * as Folder from "../kit/Folder.ts"
import * as ProcessFigures from "../kit/ProcessFigures.ts"
import * as Receiver from "../kit/Receiver.ts"
import * as Table from "./report/Table.ts"

/** Seconds. */
const [warmUp, measured] = [5, 60]

/** The usual seconds between two reports, for which the share of a processor is scaled. */
const usualInterval = 60

const memory = (pid: number) => ({
  rss: ProcessFigures.kibibytes(pid, "status", "VmRSS"),
  anonymous: ProcessFigures.kibibytes(pid, "status", "RssAnon"),
  proportional: ProcessFigures.kibibytes(pid, "smaps_rollup", "Pss"),
})

using folder = Folder.make("bench-agent")
const unbundle = await Bundle.setup()
const main = join(process.env["OVERDUE_TEST_BUNDLE"] ?? "", "main.js")
await using server = await Receiver.listen({ status: 200, body: '{"message":"ok","accepted":8,"ignored":0}' })
const env = { PATH: process.env.PATH, HOME: folder.path, OVERDUE_API_KEY: "k".repeat(32) }
const args = ["agent", "--monitor", "bench", "--url", server.url, "--interval", "1s"]
const stdio = ["ignore", "inherit", "inherit"] as const
const agent = spawn(process.execPath, [main, ...args], { env, stdio: [...stdio] })
const bare = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e9)"], { env, stdio: [...stdio] })
const pids = { agent: agent.pid!, bare: bare.pid! }
try {
  await setTimeout(warmUp * 1000)
  const before = {
    agent: ProcessFigures.threadTime(pids.agent),
    bare: ProcessFigures.threadTime(pids.bare),
    reports: server.received.length,
  }
  const begin = performance.now()
  await setTimeout(measured * 1000)
  const seconds = (performance.now() - begin) / 1000
  const reports = server.received.length - before.reports
  if (Math.abs(reports - seconds) > 2) throw new Error(`${reports} reports came in ${seconds} seconds`)
  const share = {
    agent: (ProcessFigures.threadTime(pids.agent) - before.agent) / 1e7 / seconds,
    bare: (ProcessFigures.threadTime(pids.bare) - before.bare) / 1e7 / seconds,
  }
  const held = { agent: memory(pids.agent), bare: memory(pids.bare) }
  const rows = (["bare", "agent"] as const).map((name) => [
    name === "bare" ? "node, idle" : "overdue agent",
    `${share[name].toFixed(3)} %`,
    `${(share[name] / usualInterval).toFixed(4)} %`,
    ...Object.values(held[name]).map((size) => `${(size / 1024).toFixed(1)} MiB`),
  ])
  const processes = readdirSync("/proc").filter((name) => /^\d/.test(name)).length
  process.stdout.write(`
${Table.format(["", "core at 1 s", "core at 60 s", "RSS", "anonymous", "PSS"], rows)}
${processes} processes on this machine
${JSON.stringify({
  bench: "agent",
  unit: "KiB, anonymous",
  ours: held.agent.anonymous,
  peers: { "node -e": held.bare.anonymous },
  ratios: { "node -e": Number((held.bare.anonymous / held.agent.anonymous).toFixed(3)) },
  core: { ours: Number(share.agent.toFixed(4)), unit: "% at an interval of 1 s" },
  held,
})}
`)
} finally {
  agent.kill()
  bare.kill()
  unbundle()
}
