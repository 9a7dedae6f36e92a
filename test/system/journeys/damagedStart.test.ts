/** A server over a database in which a project or a key is damaged: it starts, serves all else, and says what is wrong. */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as Monitor from "@overdue/engine/Monitor"
import * as Sqlite from "@overdue/storage/Sqlite"
import { describe, expect, it } from "vitest"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"

/** Runs SQL on the database of a server that is stopped. */
const edit = (folder: string, sql: string) => {
  using database = new DatabaseSync(join(folder, "overdue.db"))
  database.exec(sql)
  return { counts: database.prepare(counted).get() }
}
const counted = "SELECT (SELECT count(*) FROM projects) AS projects, (SELECT count(*) FROM api_keys) AS keys"

const generated = { OVERDUE_API_KEY: "", OVERDUE_API_KEY_READONLY: "", OVERDUE_PING_KEY: "" }

/** The spoiled record, what the server says of it, and which keys still open the project. */
const spoiled = [
  {
    what: "the read-write key",
    sql: "UPDATE api_keys SET access = 'root' WHERE access = 'read-write'",
    says: /OVERDUE_API_KEY opens nothing until it is corrected: .* column access of table api_keys: "root"/,
    opens: [500, 200],
  },
  {
    what: "the read-only key",
    sql: "UPDATE api_keys SET created_at = -1 WHERE access = 'read-only'",
    says: /OVERDUE_API_KEY_READONLY opens nothing until it is corrected: .* column created_at of table api_keys/,
    opens: [200, 500],
  },
  {
    what: "the project's date",
    // With an id of its own, as one has that was not made by a first start.
    sql: "UPDATE projects SET created_at = 9000000000000000, id = '5c8c4c10-6d2a-4a7e-9a53-6f1f3a0d2b11'",
    says: /OVERDUE_PING_KEY opens nothing until it is corrected: .* column created_at of table projects/,
    opens: [500, 500],
  },
] as const

describe("a server in whose database is damaged", () => {
  it.each(spoiled)("$what starts, says so, and takes pings", async ({ sql, says, opens }) => {
    using folder = Folder.make()
    const first = await OverdueServer.start(folder.path)
    const { json } = await first.api("POST", "/api/v3/checks/", { name: "backup", slug: "backup" })
    await first.stop()
    const { counts } = edit(folder.path, sql)
    // Neither with the keys that it was started with, nor without, is anything made beside what is there.
    for (const environment of [{}, generated]) {
      await using server = await OverdueServer.start(folder.path, { environment })
      const ping = await fetch(`${server.url}/ping/${String(json["uuid"])}`)
      expect([ping.status, await ping.text()]).toEqual([200, "OK"])
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      const statuses = [keys.readWrite, keys.readOnly].map(async (key) => {
        const list = await fetch(`${server.url}/api/v3/checks/`, { headers: { "X-Api-Key": key } })
        return list.status
      })
      expect(await Promise.all(statuses)).toEqual(opens)
      const { stdout, stderr } = server.output
      expect(stdout).not.toContain("first start")
      if (!("OVERDUE_API_KEY" in environment)) expect(stderr).toMatch(says)
      expect(stderr).not.toContain(keys.readWrite)
      await server.stop()
    }
    expect(edit(folder.path, "").counts).toEqual(counts)
  })
})

describe("a monitor in whose database its project is damaged", () => {
  it("says so, and makes no second one of the name", async () => {
    using folder = Folder.make()
    const store = Sqlite.layer({ filename: join(folder.path, "overdue.db") })
    await (await Monitor.make({ store })).close()
    const { counts } = edit(folder.path, "UPDATE projects SET created_at = -1")
    await expect(Monitor.make({ store })).rejects.toThrow(
      /^the record of project .* column created_at of table projects/,
    )
    expect(edit(folder.path, "").counts).toEqual(counts)
  })
})
