/**
 * The list of checks through the management API, over HTTP from a real server over SQLite or PostgreSQL, against a bare `node:http`
 * that holds the same bytes ready. Projects of 10, 100 and 1,000 checks; the two take turns, a figure is the median.
 */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Overdue from "../kit/Overdue.ts"
import { OverdueServer } from "../kit/OverdueServer.ts"
import { median } from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import * as Asked from "./store/Asked.ts"
import * as Place from "./store/Place.ts"

const sizes = [10, 100, 1_000]
const rounds = 60

const asked = Asked.read()
await using places = await Place.open(asked)
const { database, environment } = places.next()

/** Makes a project with so many checks and resolves to a key of it. */
const project = async (url: string, checks: number): Promise<string> => {
  const limit = ["--check-limit", String(checks)]
  const made = await Overdue.at(places.path, environment).run([
    "projects",
    "create",
    `p${checks}`,
    ...limit,
    "--json",
    "--database",
    database,
  ])
  if (made.code !== 0) throw new Error(made.stderr)
  const { apiKey } = JSON.parse(made.stdout)
  for (let n = 0; n < checks; n++) {
    const check = { name: `job ${n}`, slug: `job-${n}`, tags: `all t${n % 7}`, schedule: "15 5 * * 1-5" }
    const { status } = await fetch(`${url}/api/v3/checks/`, {
      method: "POST",
      headers: { "X-Api-Key": apiKey },
      body: JSON.stringify(check),
    })
    if (status !== 201) throw new Error(`a check was answered with ${status}`)
  }
  return apiKey
}

/** Asks once, and resolves to the time in milliseconds and the text. */
const ask = async (url: string, key: string): Promise<{ readonly took: number; readonly text: string }> => {
  const begin = performance.now()
  const answer = await fetch(url, { headers: { "X-Api-Key": key } })
  const text = await answer.text()
  const took = performance.now() - begin
  if (answer.status !== 200) throw new Error(`a list was answered with ${answer.status}`)
  return { took, text }
}

let ready = ""
const bare = createServer((_, response) => {
  response.writeHead(200, { "content-type": "application/json" })
  response.end(ready)
})
await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve))
// safe because a listening TCP server has an address record
const peer = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`

const overdue = await OverdueServer.start(places.path, { database, environment })
const results: { readonly checks: number; readonly ours: number; readonly theirs: number }[] = []
try {
  for (const checks of sizes) {
    const key = await project(overdue.url, checks)
    const list = `${overdue.url}/api/v3/checks/`
    ready = (await ask(list, key)).text
    const listed = JSON.parse(ready).checks.length
    if (listed !== checks) throw new Error(`${listed} checks were listed, not ${checks}`)
    const took: { readonly ours: number[]; readonly theirs: number[] } = { ours: [], theirs: [] }
    for (let round = 0; round < rounds; round++) {
      took.ours.push((await ask(list, key)).took)
      took.theirs.push((await ask(peer, key)).took)
    }
    results.push({ checks, ours: median(took.ours), theirs: median(took.theirs) })
  }
} finally {
  await overdue.stop()
  bare.close()
  bare.closeAllConnections()
}

const last = results.at(-1)!
const round = (figure: number): number => Number(figure.toPrecision(3))

process.stdout.write(`
${Table.format(
  ["a list of checks", "time", "the same bytes from a bare node:http"],
  results.map(({ checks, ours, theirs }) => [
    checks.toLocaleString("en"),
    Table.duration(ours * 1e6),
    Table.duration(theirs * 1e6),
  ]),
)}
${JSON.stringify({
  bench: "list",
  store: asked.store,
  unit: "ms",
  ours: round(last.ours),
  peers: { "node:http": round(last.theirs) },
  ratios: { "node:http": round(last.theirs / last.ours) },
  series: results.map(({ checks, ours, theirs }) => ({
    checks,
    ours: round(ours),
    peers: { "node:http": round(theirs) },
    ratios: { "node:http": round(theirs / ours) },
  })),
})}
`)
