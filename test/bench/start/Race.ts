/** Commands from start to exit, taking turns in one run, with a server on loopback that counts their signals. */
import { spawn } from "node:child_process"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { median } from "../report/Quantile.ts"
import * as Table from "../report/Table.ts"

export interface Contender {
  readonly name: string
  readonly args: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** How many signals one run sends; more or fewer is an error, for a figure of something that failed is none. */
  readonly signals: number
}

const rounds = 25

/** Medians in milliseconds, in the order of the contenders; the first is `node -e 0`. */
export async function run(contenders: (url: string) => readonly Contender[]): Promise<readonly number[]> {
  let arrived = 0
  const server = createServer((request, response) => {
    arrived++
    request.resume().on("end", () => response.end("OK"))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // safe because a listening TCP server has an address record
  const { port } = server.address() as AddressInfo
  const all: readonly Contender[] = [
    { name: "node -e 0", args: ["-e", "0"], signals: 0 },
    ...contenders(`http://127.0.0.1:${port}`),
  ]
  const figures = all.map((): number[] => [])
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, args, environment = {}, signals }] of all.entries()) {
      const before = arrived
      figures[index]!.push(await time(args, environment))
      if (arrived - before !== signals)
        throw new Error(`${name} sent ${arrived - before} signals, not ${signals}`)
    }
  }
  server.close()
  const medians = figures.map(median)
  const rows = all.map(({ name }, index) => [
    name,
    Table.duration(medians[index]! * 1e6),
    (medians[index]! / medians[0]!).toFixed(1),
  ])
  process.stdout.write(`\n${Table.format(["start to exit", "median", "× node -e 0"], rows)}\n`)
  return medians
}

/** The last line: `ours` against `node -e 0`. */
export function report(bench: string, ours: number, bare: number): void {
  const line = {
    bench,
    unit: "ms",
    ours: Number(ours.toFixed(1)),
    peers: { "node -e 0": Number(bare.toFixed(1)) },
    ratios: { "node -e 0": Number((bare / ours).toFixed(3)) },
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

async function time(args: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> {
  const startedAt = performance.now()
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment }
  const child = spawn(process.execPath, args, { env, stdio: "ignore" })
  const code = await new Promise((resolve) => child.on("close", resolve))
  if (code !== 0) throw new Error(`node ${args.join(" ")} exited with ${String(code)}`)
  return performance.now() - startedAt
}
