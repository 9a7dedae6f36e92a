/** What has passed through a server leaves its memory with the next quick collection. */
import { Agent, get } from "node:http"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import { onPostgres } from "../../kit/postgres/onPostgres.ts"

const atOnce = 24
const pings = 9_000

const ping = (url: string, agent: Agent): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume()
      response.on("end", () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`answered ${response.statusCode}`)),
      )
    }).on("error", reject)
  })

/** Sends pings on connections that stay (of others, Node itself keeps what hangs on them), and waits for all answers. */
const load = async (urls: readonly string[], count: number): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
  let sent = 0
  const one = async (): Promise<void> => {
    while (sent < count) await ping(urls[sent++ % urls.length]!, agent)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  agent.destroy()
}

/** Returns how many bytes of each ping outlive collections. */
const outliving = async (database?: string): Promise<number> => {
  using folder = Folder.make("memory")
  const hook = new URL("Outliving.ts", import.meta.url).href
  await using server = await OverdueServer.start(folder.path, {
    ...(database !== undefined && { database }),
    environment: { NODE_OPTIONS: `--import ${hook}`, OVERDUE_SECRET: "a secret of the tests" },
  })
  const checks = await Promise.all(
    Array.from({ length: 50 }, (_, index) => server.api("POST", "/api/v3/checks/", { name: `job ${index}` })),
  )
  const urls = checks.map(({ json }) => `${server.url}${new URL(String(json["ping_url"])).pathname}`)
  await load(urls, 1_500)
  server.child.kill("SIGUSR2")
  await server.printed(/collected everything\n/)
  await load(urls, pings)
  server.child.kill("SIGUSR2")
  const [, bytes] = await server.printed(/(-?\d+) bytes outlived [1-9]\d* collections\n/)
  return Number(bytes) / pings
}

// A request with its answer is some twenty thousand bytes; a third of that stayed where its way led through a `Set`.
const few = 600

describe("of pings on SQLite", () => {
  it("hardly anything outlives a collection", async () => {
    expect(await outliving()).toBeLessThan(few)
  })
})

await onPostgres("of pings on PostgreSQL", ({ fresh }) => {
  it("hardly anything outlives a collection", async () => {
    expect(await outliving(fresh())).toBeLessThan(few)
  })
})
