/** A database in which somebody has written what Overdue did not: what is not damaged works, and what is says so. */
import type { SQLInputValue } from "node:sqlite"
import { hour } from "@overdue/core/Time"
import { afterAll, describe, expect, it } from "vitest"
import * as EditedHost from "../../kit/EditedHost.ts"
import * as Folder from "../../kit/Folder.ts"
import * as DamagedValues from "../../kit/DamagedValues.ts"
import { keys } from "../../kit/Keys.ts"

const folder = Folder.make("damaged-records")
afterAll(() => folder[Symbol.dispose]())

/** A server over a file with three checks, `a`, `b` and `c`, and what edits the file beside it. */
const open = async (name: string) => {
  const edited = await EditedHost.open(folder.path, name)
  const { host, editor } = edited
  const ids: Record<string, string> = {}
  for (const slug of ["a", "b", "c"]) {
    const { json } = await host.ask("POST", "/api/v3/checks/", {
      body: { name: slug, slug, tags: `tag-${slug}`, timeout: 3600, grace: 60 },
    })
    ids[slug] = json().uuid
    await host.ask("GET", `/ping/${ids[slug]}/start`)
    await host.ask("GET", `/ping/${ids[slug]}`)
  }
  const spoil = (column: string, value: SQLInputValue) =>
    editor.prepare(`UPDATE checks SET "${column}" = ? WHERE id = ?`).run(value, ids["b"]!)
  return { ...edited, spoil, a: ids["a"]!, b: ids["b"]!, c: ids["c"]! }
}

describe("a check whose record is damaged", () => {
  it("is left out of lists, badges and metrics, which say so", async () => {
    await using server = await open("lists")
    const { host, spoil } = server
    spoil("policy", "{")
    const list = await host.ask("GET", "/api/v3/checks/")
    expect(list.status).toBe(200)
    expect(list.json().checks.map(({ name }: { name: string }) => name)).toEqual(["a", "c"])
    expect(list.headers["overdue-warning"]).toBe(
      "1 damaged record left out; the log of the server says which",
    )
    const badges = await host.ask("GET", "/api/v3/badges/")
    expect(Object.keys(badges.json().badges)).toEqual(["*", "tag-a", "tag-c"])
    const badge = await host.ask("GET", new URL(badges.json().badges["*"].svg).pathname)
    expect(badge.status).toBe(200)
    const metrics = await host.ask("GET", `/projects/${host.project.id}/metrics/${keys.readOnly}`, {
      key: "",
    })
    expect(metrics.status).toBe(200)
    expect(metrics.text).toContain("hc_checks_total 2")
    const slug = await host.ask("GET", "/api/v3/checks/?slug=c")
    expect(slug.headers["overdue-warning"]).toBeUndefined()
  })

  it("is left out of the alerts that are listed, which say so, and answers for its own", async () => {
    await using server = await open("alerts")
    const { host, spoil, a, b, sweep, editor } = server
    const channel = (
      await host.ask("POST", "/api/v3/channels/", { body: { name: "desk", kind: "callback" } })
    ).json().id
    for (const id of [a, b]) {
      await host.ask("POST", `/api/v3/checks/${id}`, { body: { channels: channel } })
      await host.ask("GET", `/ping/${id}/fail`)
    }
    await sweep()
    const { id } = editor
      .prepare("SELECT d.id FROM deliveries d JOIN checks c ON c.key = d.check_key WHERE c.id = ?")
      .get(b)!
    spoil("policy", "{")
    for (const path of ["/api/v3/deliveries/", "/api/v3/deliveries/?channel=desk&status=pending"]) {
      const list = await host.ask("GET", path)
      expect([list.status, list.headers["overdue-warning"]]).toEqual([
        200,
        "1 damaged record left out; the log of the server says which",
      ])
      expect(list.json().deliveries.map(({ check }: { check: string }) => check)).toEqual([a])
    }
    for (const [method, path] of [
      ["GET", `/api/v3/deliveries/${String(id)}`],
      ["POST", `/api/v3/deliveries/${String(id)}/drop`],
    ] as const) {
      const alone = await host.ask(method, path)
      expect([alone.status, alone.headers["overdue-error"]]).toEqual([
        500,
        expect.stringContaining("the record of this check is damaged: column policy of table checks"),
      ])
    }
  })

  it("answers for itself that it is, in which column, and that waiting does not help", async () => {
    await using server = await open("itself")
    const { host, spoil, b, log } = server
    spoil("policy", `{"schedule":{"kind":"every","period":3600000},"grace":"${"x".repeat(200_000)}"}`)
    const path = `/api/v3/checks/${b}`
    const sentence =
      "the record of this check is damaged: column policy of table checks, field grace; delete the check, or have the operator correct it"
    for (const [method, target, body] of [
      ["GET", path, undefined],
      ["POST", path, { timeout: 60 }],
      ["POST", `${path}/pause`, {}],
      ["POST", `${path}/resume`, {}],
      ["GET", `${path}/flips/`, undefined],
      ["POST", "/api/v3/checks/", { name: "b", unique: ["name"] }],
    ] as const) {
      const answer = await host.ask(method, target, { body })
      expect([answer.status, answer.headers["overdue-error"]], target).toEqual([500, sentence])
      expect(answer.headers["retry-after"]).toBeUndefined()
      expect(answer.json()).toEqual({ error: sentence })
    }
    for (const target of [
      `/ping/${b}`,
      `/ping/${b}/fail`,
      `/ping/${keys.ping}/b`,
      `/ping/${keys.ping}/b?create=1`,
    ]) {
      const answer = await host.ask("GET", target)
      expect([answer.status, answer.text], target).toEqual([500, sentence])
      expect(answer.headers["retry-after"]).toBeUndefined()
    }
    for (let n = 0; n < 3; n++) await host.ask("GET", "/api/v3/checks/")
    // One line for itself and one for lists, however often somebody asks, and nothing in it that is long or would ping the check.
    const lines = log.filter((line) => line.includes("damaged"))
    expect(lines.length).toBeLessThanOrEqual(2)
    expect(lines.join()).toContain(`check ${b.slice(0, 8)}…`)
    expect(lines.join()).toContain("column policy of table checks, field grace: Expected number")
    for (const line of log) {
      expect(line).not.toContain(b)
      expect(line.length).toBeLessThan(500)
    }
  })

  it("can be deleted, by nobody but its project, and is gone", async () => {
    await using server = await open("deleted")
    const { host, editor, b, spoil } = server
    for (const value of ["{", '{"grace":1}']) spoil("policy", value)
    spoil("last_logged", 9_223_372_036_854_775_807n)
    const path = `/api/v3/checks/${b}`
    expect((await host.ask("DELETE", path, { key: keys.other })).status).toBe(404)
    const deleted = await host.ask("DELETE", path)
    expect([deleted.status, deleted.json()]).toEqual([200, { uuid: b }])
    expect((await host.ask("GET", path)).status).toBe(404)
    expect((await host.ask("DELETE", path)).status).toBe(404)
    expect(editor.prepare("SELECT count(*) AS n FROM checks").get()).toEqual({ n: 2 })
    expect((await host.ask("GET", "/api/v3/checks/")).headers["overdue-warning"]).toBeUndefined()
  })
})

const texts = [
  ...DamagedValues.texts,
  '{"healthchecks":{"period":"x","zone":5}}',
  '{"healthchecks":{"period":1e300}}',
  '{"healthchecks":5}',
  '{"failure":{"missed":8e15,"at":-8e15}}',
  '{"silencedUntil":8e15,"tellAt":8e15}',
  '{"schedule":{"kind":"every","period":1e14},"grace":100000000000000,"early":100000000000000}',
  '{"schedule":{"kind":"cron","expression":"0 0 30 2 *","zone":"Mars/X"},"grace":1}',
  '{"schedule":{"kind":"every","period":60000},"grace":1,"maxRuntime":0,"remindEvery":0,"minRuntime":0}',
  '{"schedule":{"kind":"every","period":60000},"grace":1,"maxRuntime":0,"remindEvery":1,"minRuntime":0}',
  '{"schedule":{"kind":"every","period":60000},"grace":1,"quiet":[{"schedule":{"kind":"every","period":60000},"duration":0}]}',
  '{"schedule":{"kind":"every","period":60000},"grace":1,"quiet":[{"from":8000000000000000,"to":-8000000000000000}]}',
]
const integers = [...DamagedValues.integers, 33, -8e15, 8e15]

describe("whatever a column of a check holds", () => {
  it("keeps no other check from being listed, shown, pinged and told of", { timeout: 120_000 }, async () => {
    await using server = await open("columns")
    const { host, editor, a, b, spoil, sweep } = server
    const columns = editor
      .prepare("SELECT name FROM pragma_table_info('checks')")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !["key", "id"].includes(name))
    const before: Readonly<Record<string, SQLInputValue>> = editor
      .prepare("SELECT * FROM checks WHERE id = ?")
      .get(b)!
    const names = Object.keys(before)
    const forget = ["deliveries", "flips", "pings"].map((table) =>
      editor.prepare(`DELETE FROM ${table} WHERE check_key = ?`),
    )
    const restore = editor.prepare(
      `UPDATE checks SET ${names.map((name) => `"${name}" = ?`).join(", ")} WHERE id = ?`,
    )
    const lists = [
      "/api/v3/checks/?details=1",
      "/api/v1/checks/",
      "/api/v3/badges/",
      "/api/v3/channels/?details=1",
      "/api/v3/deliveries/",
      `/projects/${host.project.id}/metrics/${keys.readOnly}`,
    ]
    const ofItself = [
      ["GET", `/api/v3/checks/${b}?details=1&remarks=1`],
      ["GET", `/api/v3/checks/${b}/flips/?details=1`],
      ["GET", `/api/v3/checks/${b}/pings/?details=1`],
      ["GET", `/api/v3/checks/${b}/statistics`],
      ["GET", `/ping/${b}`],
      ["GET", `/ping/${b}/start`],
      ["POST", `/api/v3/checks/${b}/pause`],
      ["POST", `/api/v3/checks/${b}`],
    ] as const
    for (const column of columns) {
      for (const value of [null, ...texts, ...integers]) {
        try {
          spoil(column, value)
        } catch {
          continue
        }
        const what = `${column} = ${String(value)}`
        await host.advance(2 * hour)
        await sweep().catch((error: unknown) => expect(error, what).toMatchObject({ reason: "damaged" }))
        for (const path of lists) {
          const key = path.startsWith("/projects") ? "" : keys.readWrite
          const { status } = await host.ask("GET", path, { key })
          expect([path, status], what).toEqual([path, 200])
        }
        expect((await host.ask("GET", `/ping/${a}`)).text).toBe("OK")
        for (const [method, path] of ofItself) {
          const { status, headers, text } = await host.ask(
            method,
            path,
            method === "POST" ? { body: {} } : {},
          )
          if (status === 500) expect(headers["overdue-error"], `${path}: ${what}: ${text}`).toBeDefined()
          else expect(status, `${path}: ${what}: ${text}`).toBeLessThan(500)
        }
        for (const statement of forget) statement.run(before["key"] ?? null)
        restore.run(...names.map((name) => before[name] ?? null), b)
      }
    }
  })
})
