import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const uuid = "0a1b2c3d-0000-4000-8000-00000000000a"
const badge_key = "0a1b2c3d-0000-4000-8000-00000000000b"

const post = (server: HttpHost, body: unknown, path = "/api/v3/checks/", key?: string) =>
  server.ask("POST", path, { body, ...(key !== undefined && { key }) })

describe("a check that comes from another server", () => {
  it("keeps its id and its badge key, and with them its addresses", async () => {
    await using server = await HttpHost.open()
    const made = await post(server, { name: "moved", uuid, badge_key })
    expect(made.status).toBe(201)
    expect(made.json()).toMatchObject({
      uuid,
      ping_url: `https://monitor.example.org/ping/${uuid}`,
      badge_url: `https://monitor.example.org/b/2/${badge_key}.svg`,
    })
    expect((await server.ask("GET", `/ping/${uuid}`, { key: "" })).text).toBe("OK")
    expect((await server.ask("GET", `/b/2/${badge_key}.svg`, { key: "" })).status).toBe(200)
  })

  it.each([
    ["its own project", keys.readWrite],
    ["another project", keys.other],
  ])("is refused with a sentence when %s has a check with its id, or with its badge key", async (_, key) => {
    await using server = await HttpHost.open()
    await post(server, { uuid, badge_key }, "/api/v3/checks/", key)
    const sameId = await post(server, { uuid, name: "second" })
    expect([sameId.status, sameId.json()]).toEqual([
      409,
      { error: `there is a check with the id ${uuid} already` },
    ])
    const sameBadge = await post(server, { badge_key })
    expect([sameBadge.status, sameBadge.json()]).toEqual([
      409,
      { error: `there is a check with the badge key ${badge_key} already` },
    ])
    const { checks } = (await server.ask("GET", "/api/v3/checks/")).json()
    expect(checks.map(({ name }: { name: string }) => name)).toEqual(key === keys.readWrite ? [""] : [])
  })

  it("is updated when `unique` finds it, whether or not the request has its id", async () => {
    await using server = await HttpHost.open()
    await post(server, { uuid, slug: "a" })
    const again = await post(server, { uuid, slug: "a", name: "renamed", unique: ["slug"] })
    expect([again.status, again.json().name]).toEqual([200, "renamed"])
    const other = await post(server, { slug: "b" })
    const clash = await post(server, { uuid, slug: "b", unique: ["slug"] })
    expect([other.status, clash.status]).toEqual([201, 409])
  })

  it.each(["", "x", uuid.toUpperCase(), `${uuid} `, `{${uuid}}`, uuid.replaceAll("-", ""), 7, null, [], {}])(
    "is refused when its id is %j",
    async (wrong) => {
      await using server = await HttpHost.open()
      for (const field of ["uuid", "badge_key"]) {
        const { status, json } = await post(server, { [field]: wrong })
        expect([status, json().error]).toEqual([
          400,
          expect.stringMatching(new RegExp(`^json validation error: ${field} is not a`)),
        ])
      }
      expect((await server.ask("GET", "/api/v3/checks/")).json().checks).toEqual([])
    },
  )

  it("has a new id in the older versions of the API, which ignore the field as Healthchecks does", async () => {
    await using server = await HttpHost.open()
    for (const version of [1, 2]) {
      const made = await post(server, { uuid: 7 }, `/api/v${version}/checks/`)
      expect([made.status, made.json().ping_url.includes(uuid)]).toEqual([201, false])
    }
  })

  it("ignores the id in an update, as Healthchecks does", async () => {
    await using server = await HttpHost.open()
    const { uuid: own } = (await post(server, {})).json()
    const updated = await post(server, { uuid, name: "x" }, `/api/v3/checks/${own}`)
    expect([updated.status, updated.json().uuid]).toEqual([200, own])
  })
})

describe("two channels of one name", () => {
  it("are refused when the second is created or renamed, because nothing could name it", async () => {
    await using server = await HttpHost.open()
    const add = (name: string) => post(server, { name, kind: "callback" }, "/api/v3/channels/")
    expect((await add("ops")).status).toBe(201)
    const second = await add("ops")
    expect([second.status, second.json()]).toEqual([
      409,
      { error: 'there is a channel "ops" already; give this one another name' },
    ])
    const other = (await add("other")).json()
    expect((await post(server, { name: "ops" }, `/api/v3/channels/${other.id}`)).status).toBe(409)
    expect((await post(server, { name: "other" }, `/api/v3/channels/${other.id}`)).status).toBe(200)
    expect([(await add("")).status, (await add("")).status]).toEqual([201, 201])
  })
})
