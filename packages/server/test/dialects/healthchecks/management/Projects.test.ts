import { describe, expect, it } from "vitest"
import { HttpHost, site } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const adminKey = "A".repeat(32)
const open = () => HttpHost.open({ site: { ...site, adminKey } })

const ask = (server: HttpHost, method: string, path: string, body?: unknown, key = adminKey) =>
  server.ask(method, `/api/v3/projects/${path}`, { key, ...(body !== undefined && { body }) })

const idOf = async (server: HttpHost, name: string): Promise<string> => {
  const { projects } = (await ask(server, "GET", "")).json()
  return projects.find((project: { name: string }) => project.name === name).id
}

const missing = "00000000-0000-4000-8000-0000000000ff"

const operations: readonly (readonly [method: string, path: string, body: object | undefined])[] = [
  ["GET", "", undefined],
  ["POST", "", { name: "x" }],
  ["GET", missing, undefined],
  ["POST", missing, { check_limit: 7 }],
  ["DELETE", missing, undefined],
  ["GET", `${missing}/keys/`, undefined],
  ["POST", `${missing}/keys/`, {}],
  ["DELETE", `${missing}/keys/0123456789ab`, undefined],
]

describe("projects and keys", () => {
  it.each(operations)("are not for keys of projects, nor for nobody: %s %s", async (method, path, body) => {
    await using server = await open()
    for (const key of [keys.readWrite, keys.readOnly, "W".repeat(32)]) {
      const answer = await ask(server, method, path, body, key)
      expect([answer.status, answer.json().error]).toEqual([
        403,
        expect.stringContaining("OVERDUE_ADMIN_KEY"),
      ])
    }
    expect((await ask(server, method, path, body, "")).status).toBe(401)
    expect((await ask(server, method, path, { ...Object(body), api_key: adminKey }, "")).status).toBe(401)
    expect((await ask(server, "GET", "")).json().projects).toHaveLength(2)
  })

  it.each(operations)("are closed where there is no operator's key: %s %s", async (method, path, body) => {
    await using server = await HttpHost.open()
    for (const key of [adminKey, "undefined".padEnd(32)]) {
      expect((await ask(server, method, path, body, key)).status).not.toBe(200)
    }
  })

  it("opens no check to the operator's key", async () => {
    await using server = await open()
    expect((await server.ask("GET", "/api/v3/checks/", { key: adminKey })).status).toBe(401)
  })

  it("are not in the older versions of the API", async () => {
    await using server = await open()
    expect((await server.ask("GET", "/api/v1/projects/", { key: adminKey })).status).toBe(404)
  })
})

describe("a project over the API", () => {
  it("is created with keys that open it, and it alone", async () => {
    await using server = await open()
    const made = await ask(server, "POST", "", { name: "staging", check_limit: 1 })
    expect(made.status).toBe(201)
    const { api_key, api_key_readonly, ping_key, id, ...project } = made.json()
    expect(project).toEqual({
      name: "staging",
      badge_key: expect.any(String),
      check_limit: 1,
      ping_limit: 100,
      checks: 0,
      channels: 0,
      keys: 2,
      created: "2026-06-15T12:30:00+00:00",
    })
    const create = (key: string) =>
      server.ask("POST", "/api/v3/checks/", { key, body: { slug: "a", name: "of staging" } })
    expect([(await create(api_key_readonly)).status, (await create(api_key)).status]).toEqual([401, 201])
    expect((await server.ask("GET", `/ping/${ping_key}/a`, { key: "" })).text).toBe("OK")
    expect((await server.ask("GET", "/api/v3/checks/")).json().checks).toEqual([])
    const full = await create(api_key)
    expect([full.status, full.headers["overdue-error"]]).toEqual([
      403,
      expect.stringContaining("has its 1 checks"),
    ])
    expect((await ask(server, "POST", id, { check_limit: 2 })).json().check_limit).toBe(2)
    expect((await create(api_key)).status).toBe(201)
  })

  it("changes in what is given", async () => {
    await using server = await open()
    const id = await idOf(server, "P")
    const before = (await ask(server, "GET", id)).json()
    const changed = await ask(server, "POST", id, { name: "renamed", ping_limit: 5 })
    expect(changed.json()).toEqual({ ...before, name: "renamed", ping_limit: 5 })
    const rotated = (await ask(server, "POST", id, { rotate_ping_key: true })).json()
    expect(rotated.ping_key).toMatch(/^[a-z0-9]{22}$/)
    const ping = (key: string) => server.ask("GET", `/ping/${key}/a?create=1`, { key: "" })
    expect([(await ping(keys.ping)).status, (await ping(rotated.ping_key)).status]).toEqual([404, 201])
    await ask(server, "POST", id, { ping_key: keys.ping })
    expect((await ping(keys.ping)).status).toBe(200)
  })

  it.each([
    [{ name: "other" }, 409, 'there is a project "other" already'],
    [{ name: " " }, 400, "name is empty"],
    [{ name: "x".repeat(101) }, 400, "name is too long"],
    [{ check_limit: 0 }, 400, "check_limit"],
    [{ check_limit: 1.5 }, 400, "check_limit"],
    [{ check_limit: "7" }, 400, "check_limit"],
    [{ ping_key: "a b" }, 400, "ping_key is not"],
    [{ ping_key: null }, 400, "ping_key"],
  ])("is not changed to %j", async (body, status, sentence) => {
    await using server = await open()
    const id = await idOf(server, "P")
    const before = (await ask(server, "GET", "")).json()
    const answer = await ask(server, "POST", id, body)
    expect([answer.status, answer.json().error]).toEqual([status, expect.stringContaining(sentence)])
    expect((await ask(server, "GET", "")).json()).toEqual(before)
  })

  it.each(["ping_key", "badge_key"])("does not take the %s of another", async (field) => {
    await using server = await open()
    const [own, taken] = (await ask(server, "GET", "")).json().projects
    const given = { [field]: field === "ping_key" ? keys.ping : own.badge_key }
    const answer = await ask(server, "POST", taken.id, given)
    expect([answer.status, answer.json().error]).toEqual([
      409,
      `another project has this ${field.replace("_", " ")}; choose another one`,
    ])
    const created = await ask(server, "POST", "", { name: "third", ...given })
    expect([created.status, (await ask(server, "GET", "")).json().projects.length]).toEqual([409, 2])
    expect((await ask(server, "POST", own.id, given)).status).toBe(200)
  })

  it("is deleted with all that it has, once its name is confirmed", async () => {
    await using server = await open()
    const id = await idOf(server, "P")
    const { ping_url } = (await server.ask("POST", "/api/v3/checks/", { body: {} })).json()
    for (const query of ["", "?confirm=", "?confirm=other", "?confirm=p"]) {
      expect((await ask(server, "DELETE", id + query)).status).toBe(400)
    }
    expect((await ask(server, "DELETE", `${id}?confirm=P`)).json()).toMatchObject({ name: "P", checks: 1 })
    expect((await ask(server, "DELETE", `${id}?confirm=P`)).status).toBe(404)
    expect((await server.ask("GET", "/api/v3/checks/")).status).toBe(401)
    expect((await server.ask("GET", ping_url, { key: "" })).status).toBe(404)
    expect((await server.ask("GET", "/api/v3/checks/", { key: keys.other })).status).toBe(200)
  })
})

describe("an API key over the API", () => {
  it("is created, listed without the key, and deleted by its id", async () => {
    await using server = await open()
    const id = await idOf(server, "P")
    const { key, ...made } = (
      await ask(server, "POST", `${id}/keys/`, { access: "read-only", label: "wall" })
    ).json()
    expect(made).toMatchObject({ access: "read-only", label: "wall", hint: key.slice(0, 8) })
    const listed = await ask(server, "GET", `${id}/keys/`)
    expect(listed.json().keys.at(-1)).toEqual(made)
    expect(listed.text).not.toContain(key)
    const status = async () => (await server.ask("GET", "/api/v3/checks/", { key })).status
    expect(await status()).toBe(200)
    expect((await ask(server, "DELETE", `${await idOf(server, "other")}/keys/${made.id}`)).status).toBe(404)
    expect(await status()).toBe(200)
    expect((await ask(server, "DELETE", `${id}/keys/${made.id}`)).json()).toEqual(made)
    expect([await status(), (await ask(server, "DELETE", `${id}/keys/${made.id}`)).status]).toEqual([
      401, 404,
    ])
  })

  it("may be one from another server, which no other project has", async () => {
    await using server = await open()
    const id = await idOf(server, "P")
    const key = "K".repeat(32)
    expect((await ask(server, "POST", `${id}/keys/`, { key })).json().key).toBe(key)
    expect((await server.ask("GET", "/api/v3/checks/", { key })).status).toBe(200)
    const again = await ask(server, "POST", `${await idOf(server, "other")}/keys/`, { key })
    expect(again.status).toBe(409)
  })

  it.each([{ key: "short" }, { key: "ä".repeat(32) }, { access: "admin" }, { label: 7 }])(
    "is not created as %j",
    async (body) => {
      await using server = await open()
      const id = await idOf(server, "P")
      expect((await ask(server, "POST", `${id}/keys/`, body)).status).toBe(400)
      expect((await ask(server, "GET", `${id}/keys/`)).json().keys).toHaveLength(2)
    },
  )
})
