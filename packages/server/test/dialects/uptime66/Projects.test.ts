/** Projects and notification handlers, by whose ids heartbeats name them. */
import { minute } from "@overdue/core/Time"
import * as Groups from "@overdue/engine/commands/Groups"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { root } from "../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../test/kit/Keys.ts"
import { Client, json, multipart, urlencoded } from "./Client.ts"

describe("a project", () => {
  it("is created, changed, and deleted, and its number is not used again", async () => {
    await using client = await Client.open()
    const created = await client.ask("POST", "/api/projects/", multipart(["name", "Web"], ["color", "#3a9"]))
    expect([created.status, created.json()]).toEqual([201, { data: { id: 1 } }])
    const get = async () => (await client.ask("GET", "/api/projects/1")).json().data
    const made = "2026-06-15 12:30:00"
    expect(await get()).toEqual({ id: 1, name: "Web", color: "#33aa99", last_datetime: made, datetime: made })
    await client.server.advance(minute)
    for (const method of ["POST", "PUT", "PATCH"]) {
      const answer = await client.ask(method, "/api/projects/1", urlencoded(["name", method]))
      expect([answer.status, answer.json()]).toEqual([200, { data: { id: 1 } }])
      expect(await get()).toMatchObject({
        name: method,
        color: "#33aa99",
        last_datetime: "2026-06-15 12:31:00",
      })
    }
    const id = await client.create({ project_id: "1" })
    expect((await client.get(id)).project_id).toBe(1)
    expect((await client.ask("DELETE", "/api/projects/1")).status).toBe(204)
    expect((await client.get(id)).project_id).toBe(0)
    expect((await client.ask("GET", "/api/projects/1")).status).toBe(404)
    expect((await client.ask("POST", "/api/projects", json({ name: "Next" }))).json().data.id).toBe(2)
  })

  it.each(["0", ""])("is left by a heartbeat whose project is %j", async (none) => {
    await using client = await Client.open()
    await client.ask("POST", "/api/projects", json({ name: "Web" }))
    const id = await client.create({ project_id: 1 })
    await client.change(id, { name: "b" })
    expect((await client.get(id)).project_id).toBe(1)
    await client.ask("POST", `/api/heartbeats/${id}`, urlencoded(["project_id", none]))
    expect((await client.get(id)).project_id).toBe(0)
  })

  it("is on a page, the newest first", async () => {
    await using client = await Client.open()
    for (let count = 1; count <= 11; count++) {
      await client.ask("POST", "/api/projects", json({ name: `p${count}` }))
    }
    const page = async (query: string) => (await client.ask("GET", `/api/projects?${query}`)).json()
    const { data, meta, links } = await page("results_per_page=10&page=2")
    expect(data).toMatchObject([{ id: 1, name: "p1", color: "#000000" }])
    expect(meta).toEqual({ page: 2, results_per_page: 10, total: 11, total_pages: 2 })
    expect(links.prev).toBe(`${root}/u66/api/projects?results_per_page=10&page=1`)
    expect((await page("order_type=ASC")).data[0]).toMatchObject({ id: 1 })
  })

  it.each([
    ["no name", {}],
    ["an empty name", { name: "" }],
    ["a long name", { name: "x".repeat(65) }],
    ["another color", { name: "a", color: "red" }],
  ])("with %s is refused", async (_, fields) => {
    await using client = await Client.open()
    const answer = await client.ask("POST", "/api/projects", json(fields))
    expect(answer.status).toBe(400)
    expect(answer.json().errors[0].status).toBe("400")
    expect((await client.ask("GET", "/api/projects")).json().data).toEqual([])
  })

  it("of another account is none", async () => {
    await using client = await Client.open()
    await client.ask("POST", "/api/projects", json({ name: "Web" }))
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      expect((await client.ask(method, "/api/projects/1", json({ name: "x" }), keys.other)).status).toBe(404)
    }
    expect((await client.ask("GET", "/api/projects/1")).json().data.name).toBe("Web")
    const answer = await client.ask("POST", "/api/heartbeats", json({ name: "a", project_id: 1 }), keys.other)
    expect(answer.status).toBe(400)
  })

  it("is one of a thousand at most", async () => {
    await using client = await Client.open()
    const project = client.server.project.id
    const numbers = Array.from({ length: 999 }, (_, index) => index)
    await client.server.run(
      Effect.forEach(numbers, (number) => Groups.create({ project, name: `p${number}` }), { discard: true }),
    )
    const status = async () => (await client.ask("POST", "/api/projects", json({ name: "one more" }))).status
    expect([await status(), await status()]).toEqual([201, 400])
  })

  it("is written with a key that may write", async () => {
    await using client = await Client.open()
    expect((await client.ask("POST", "/api/projects", json({ name: "x" }), keys.readOnly)).status).toBe(401)
  })
})

describe("a notification handler", () => {
  it("is shown without what it is set to", async () => {
    await using client = await Client.open()
    await client.channel("webhook", { url_down: "https://hooks.example.org/secret" })
    await client.channel("email", "ops@example.org")
    const list = await client.ask("GET", "/api/notification-handlers/")
    expect(list.json().data).toEqual([
      expect.objectContaining({ id: 2, type: "email" }),
      {
        id: 1,
        type: "webhook",
        name: "",
        settings: {},
        is_enabled: true,
        last_datetime: null,
        datetime: "2026-06-15 12:30:00",
      },
    ])
    expect(list.json().meta.total).toBe(2)
    const one = await client.ask("GET", "/api/notification-handlers/1")
    expect(one.json()).toMatchObject({ data: { id: 1, type: "webhook" } })
    expect(list.text + one.text).not.toMatch(/secret|ops@/)
  })

  it("that there is not is not found, and none can be written", async () => {
    await using client = await Client.open()
    expect((await client.ask("GET", "/api/notification-handlers/1")).status).toBe(404)
    expect((await client.ask("POST", "/api/notification-handlers", json({}))).status).toBe(405)
  })
})
