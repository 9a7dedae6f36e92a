/** Whatever record of whatever table is damaged, no list fails for it: what is listed beside it still is. */
import type { SQLInputValue } from "node:sqlite"
import { afterAll, describe, expect, it } from "vitest"
import * as DamagedValues from "../../kit/DamagedValues.ts"
import * as EditedHost from "../../kit/EditedHost.ts"
import * as Folder from "../../kit/Folder.ts"
import { site } from "../../kit/HttpHost.ts"
import { keys } from "../../kit/Keys.ts"

const folder = Folder.make("damaged-lists")
afterAll(() => folder[Symbol.dispose]())

const adminKey = "A".repeat(32)
const values: readonly SQLInputValue[] = [
  null,
  ...DamagedValues.texts,
  ...DamagedValues.integers,
  DamagedValues.huge,
  new Uint8Array(3),
]

/** A server over a file with two checks that have told two channels, and what edits the file beside it. */
const open = async (name: string) => {
  const edited = await EditedHost.open(folder.path, name, { site: { ...site, adminKey } })
  const { host, editor } = edited
  for (const channel of ["desk", "wall"])
    await host.ask("POST", "/api/v3/channels/", { body: { name: channel, kind: "callback" } })
  editor.exec(`INSERT INTO api_keys (project, digest, access, hint, label, created_at)
    SELECT project, 'd', access, hint, 'spare', created_at FROM api_keys WHERE key = 1`)
  const checks: string[] = []
  for (const slug of ["a", "b"]) {
    const body = { name: slug, slug, tags: slug, channels: "*" }
    const { json } = await host.ask("POST", "/api/v3/checks/", { body })
    checks.push(json().uuid)
    for (const signal of ["start", "", "fail", "0"]) await host.ask("GET", `/ping/${json().uuid}/${signal}`)
  }
  return { ...edited, checks }
}

/** The damaged record of each table: never the project and the key with which somebody asks. */
const tables: readonly (readonly [table: string, where: string])[] = [
  ["projects", "name = 'other'"],
  ["api_keys", "label = 'spare'"],
  ["channels", "name = 'desk'"],
  ["checks", "slug = 'b'"],
  ["pings", "key = 2"],
  ["flips", "key = 2"],
  ["deliveries", "key = 2"],
]

describe("a damaged record", () => {
  it.each(tables)("of %s fails no list", { timeout: 120_000 }, async (table, where) => {
    await using server = await open(table)
    const { host, editor, checks } = server
    const lists: readonly (readonly [method: string, path: string, key: string])[] = [
      ["GET", "/api/v3/checks/?details=1", keys.readWrite],
      ["GET", `/api/v3/checks/${checks[0]}/flips/`, keys.readWrite],
      ["GET", `/api/v3/checks/${checks[0]}/pings/`, keys.readWrite],
      ["GET", `/api/v3/checks/${checks[0]}/statistics`, keys.readWrite],
      ["GET", "/api/v3/badges/", keys.readWrite],
      ["GET", "/api/v3/channels/?details=1", keys.readWrite],
      ["GET", "/api/v3/deliveries/", keys.readWrite],
      ["GET", "/api/v3/deliveries/?check=a&channel=wall&limit=1000", keys.readWrite],
      ["GET", `/projects/${host.project.id}/metrics/${keys.readOnly}`, ""],
      ["GET", "/api/v3/projects/", adminKey],
      ["GET", `/api/v3/projects/${host.project.id}/keys/`, adminKey],
      ["GET", "/api/v3/metrics/", ""],
      ["POST", "/api/v3/silence", keys.readWrite],
    ]
    const columns = editor
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all()
      .map(({ name }) => String(name))
      .filter((name) => name !== "key")
    const found = editor.prepare(`SELECT * FROM ${table} WHERE ${where}`)
    found.setReadBigInts(true)
    const before: Readonly<Record<string, SQLInputValue>> = found.get()!
    const restore = editor.prepare(
      `UPDATE ${table} SET ${columns.map((name) => `"${name}" = ?`).join(", ")} WHERE key = ?`,
    )
    const headers = { "x-metrics-key": host.metricsKey }
    let tried = 0
    for (const column of columns) {
      for (const value of values) {
        try {
          editor.prepare(`UPDATE ${table} SET "${column}" = ? WHERE key = ?`).run(value, before["key"]!)
        } catch {
          // A constraint of the table keeps the value out.
          continue
        }
        tried++
        for (const [method, path, key] of lists) {
          const body = method === "POST" ? { body: { for: 60 } } : {}
          const { status, text } = await host.ask(method, path, { key, headers, ...body })
          const what = `${column} = ${JSON.stringify(typeof value === "bigint" ? Number(value) : value)}: ${text}`
          expect([path, status], what).toEqual([path, 200])
        }
        restore.run(...columns.map((name) => before[name]!), before["key"]!)
      }
    }
    expect(tried).toBeGreaterThan(columns.length)
  })
})
