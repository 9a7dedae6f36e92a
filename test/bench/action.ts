/**
 * The ping action from start to exit, its signal delivered to a server on loopback, against `node -e 0`.
 *
 * Both take turns in one run; a figure is the median of the rounds.
 */
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Table from "./report/Table.ts"

const rounds = 25
const action = new URL("../../actions/ping/dist/index.js", import.meta.url).pathname

let pings = 0
const server = createServer((request, response) => {
  pings++
  request.resume().on("end", () => response.end("OK"))
})
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
// safe because a listening TCP server has an address record
const { port } = server.address() as AddressInfo

const scratch = mkdtempSync(join(tmpdir(), "overdue-bench-"))
const output = join(scratch, "output")
writeFileSync(output, "")
const environment = {
  PATH: process.env.PATH,
  GITHUB_OUTPUT: output,
  GITHUB_STATE: output,
  INPUT_URL: `http://127.0.0.1:${port}/ping/7a3f2c1e-0b5d-4f6a-9c8b-1d2e3f4a5b6c`,
}

/** Milliseconds from start to exit. */
async function time(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, { env, stdio: "ignore" })
  const code = await new Promise((resolve) => child.on("close", resolve))
  if (code !== 0) throw new Error(`node ${args[0]} exited with ${String(code)}`)
  return performance.now() - startedAt
}

const median = (figures: readonly number[]): number =>
  figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]!

const contenders = [
  { name: "node -e 0", args: ["-e", "0"], state: {}, figures: [] as number[] },
  { name: "ping, main", args: [action], state: {}, figures: [] as number[] },
  {
    name: "ping, post",
    args: [action],
    state: {
      STATE_stage: "started",
      STATE_rid: "123e4567-e89b-42d3-a456-426614174000",
      STATE_startedAt: "0",
    },
    figures: [] as number[],
  },
]
for (let round = 0; round < rounds; round++) {
  for (const { args, state, figures } of contenders)
    figures.push(await time(args, { ...environment, ...state }))
}
server.close()
rmSync(scratch, { recursive: true })
if (pings !== 2 * rounds) throw new Error(`${pings} pings arrived, ${2 * rounds} were sent`)

const figures = contenders.map(({ figures }) => median(figures))
const [bare, main] = figures as [number, number]
process.stdout.write(`
${Table.format(
  ["start to exit", "median", "× node -e 0"],
  contenders.map(({ name }, index) => [
    name,
    Table.duration(figures[index]! * 1e6),
    (figures[index]! / bare).toFixed(1),
  ]),
)}
${JSON.stringify({
  bench: "action",
  unit: "ms",
  ours: Number(main.toFixed(1)),
  peers: { "node -e 0": Number(bare.toFixed(1)) },
  ratios: { "node -e 0": Number((bare / main).toFixed(3)) },
})}
`)
