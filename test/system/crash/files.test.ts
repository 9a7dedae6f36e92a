/** Files of the database that somebody deletes or overwrites while the server runs. */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

const create = async (server: OverdueServer): Promise<string> =>
  String((await server.api("POST", "/api/v3/checks/", { name: "job" })).json["uuid"])

const ping = async (url: string, id: string): Promise<number> => (await fetch(`${url}/ping/${id}`)).status

/** Asks until something is so. */
const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  while (!(await isSo())) await pause(100)
}

describe("the log of a database that is deleted under a server", () => {
  it(
    "takes no acknowledged ping with it when the server is killed after it has noticed",
    { timeout: 60_000 },
    async () => {
      using folder = Folder.make()
      const file = join(folder.path, "overdue.db")
      let acknowledged = 0
      await using server = await OverdueServer.start(folder.path)
      const id = await create(server)
      const send = async (count: number) => {
        for (let n = 0; n < count; n++) if ((await ping(server.url, id)) === 200) acknowledged += 1
      }
      await send(50)
      for (const end of ["-wal", "-shm"]) rmSync(file + end)
      await send(50)
      await until(() => Promise.resolve(server.output.stderr.includes("has had its log deleted")))
      await send(50)
      expect(acknowledged).toBe(150)
      await server.stop("SIGKILL")
      await using again = await OverdueServer.start(folder.path)
      expect((await again.api("GET", `/api/v3/checks/${id}`)).json).toMatchObject({ n_pings: 150 })
    },
  )
})

describe("a database that is overwritten under a server", () => {
  it("makes the server refuse, say so, and be unhealthy", { timeout: 60_000 }, async () => {
    using folder = Folder.make()
    await using server = await OverdueServer.start(folder.path)
    const id = await create(server)
    const health = async () => (await fetch(`${server.url}/healthz`)).status
    expect(await health()).toBe(200)
    writeFileSync(join(folder.path, "overdue.db"), "x".repeat(100_000))
    await until(async () => (await ping(server.url, id)) === 503)
    await until(async () => (await health()) === 503)
    expect(server.output.stderr).toContain("was cut short or overwritten while it was in use")
  })
})
