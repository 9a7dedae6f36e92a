/** Projects and keys that somebody has damaged: whoever manages them gets rid of them over the API. */
import * as KeyCommands from "@overdue/engine/commands/Keys"
import * as Effect from "effect/Effect"
import { afterAll, describe, expect, it } from "vitest"
import * as EditedHost from "../../kit/EditedHost.ts"
import * as Folder from "../../kit/Folder.ts"
import { site } from "../../kit/HttpHost.ts"

const folder = Folder.make("damaged-projects")
afterAll(() => folder[Symbol.dispose]())

const adminKey = "A".repeat(32)
const open = (name: string) => EditedHost.open(folder.path, name, { site: { ...site, adminKey } })

describe("a damaged key", () => {
  it.each([
    ["access", "root"],
    ["created_at", -1],
  ])("(%s = %s) can be deleted by its id, and no other goes with it", async (column, value) => {
    await using server = await open(`key-${column}`)
    const { host, editor } = server
    const keysOf = `/api/v3/projects/${host.project.id}/keys/`
    const operate = (method: string, path: string) => host.ask(method, path, { key: adminKey })
    const before: { id: string }[] = (await operate("GET", keysOf)).json().keys
    const [{ id } = { id: "" }] = before
    editor.prepare(`UPDATE api_keys SET "${column}" = ? WHERE substr(digest, 1, 12) = ?`).run(value, id)
    expect((await operate("GET", keysOf)).headers["overdue-warning"]).toContain("1 damaged record left out")
    for (const wrong of [id.slice(0, 11), "0".repeat(12)])
      expect((await operate("DELETE", `${keysOf}${wrong}`)).status).toBe(404)
    const byBeginning = KeyCommands.remove(host.project.id, id.slice(0, 11))
    expect((await host.run(Effect.flip(byBeginning)))._tag).toBe("KeyNotFound")
    const deleted = await operate("DELETE", `${keysOf}${id}`)
    expect([deleted.status, deleted.json()]).toEqual([200, { id }])
    expect((await operate("DELETE", `${keysOf}${id}`)).status).toBe(404)
    const after = await operate("GET", keysOf)
    expect(after.headers["overdue-warning"]).toBeUndefined()
    expect(after.json().keys).toEqual(before.slice(1))
  })

  it("can be deleted though its project is damaged as well", async () => {
    await using server = await open("key-of-damaged")
    const { host, editor } = server
    const keysOf = `/api/v3/projects/${host.project.id}/keys/`
    const [{ id }] = (await host.ask("GET", keysOf, { key: adminKey })).json().keys
    editor.exec("UPDATE projects SET created_at = -1")
    const deleted = await host.ask("DELETE", `${keysOf}${id}`, { key: adminKey })
    expect([deleted.status, deleted.json().id]).toEqual([200, id])
  })
})

describe("a damaged project", () => {
  it("can be deleted with its id as confirmation, for nobody can read its name, and no other is", async () => {
    await using server = await open("project")
    const { host, editor } = server
    await host.ask("POST", "/api/v3/checks/", { body: { name: "backup" } })
    editor.prepare("UPDATE projects SET created_at = -1 WHERE id = ?").run(host.project.id)
    const path = `/api/v3/projects/${host.project.id}`
    const operate = (query: string) => host.ask("DELETE", path + query, { key: adminKey })
    const asked = await operate("?confirm=P")
    expect([asked.status, asked.json()]).toEqual([
      400,
      {
        error:
          "this deletes all checks of the project: confirm it with ?confirm= and the id of the project, whose record is damaged",
      },
    ])
    const deleted = await operate(`?confirm=${host.project.id}`)
    expect([deleted.status, deleted.json()]).toEqual([200, { id: host.project.id }])
    expect((await operate(`?confirm=${host.project.id}`)).status).toBe(404)
    expect(editor.prepare("SELECT name FROM projects").all()).toEqual([{ name: "other" }])
    expect(editor.prepare("SELECT count(*) AS n FROM checks").get()).toEqual({ n: 0 })
  })
})
