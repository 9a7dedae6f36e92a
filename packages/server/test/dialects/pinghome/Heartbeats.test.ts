/** Heartbeats and services, and what other dialects make of them. */
import * as Channels from "@overdue/engine/commands/Channels"
import { describe, expect, it } from "vitest"
import { HttpHost, keys, PinghomeHost, root } from "./PinghomeHost.ts"

const unknown = "07c2f548-9850-4b27-af5d-6c9dc157ec02"
const team = "b74ca3ec-c0da-49b3-84ff-1d113b165d70"

const names = (page: { readonly data: readonly { readonly name: string }[] }) =>
  page.data.map(({ name }) => name)

describe("a heartbeat", () => {
  it("is created with an interval of a minute, enabled, and says where its events go", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const body = { service_id: service.toUpperCase(), name: "Backup" }
    const [status, created] = await server.tell("POST", "/resource-cmd/v1/heartbeat", { body })
    expect([status, created]).toEqual([
      201,
      {
        message: "Heartbeat created",
        id: created.id,
        url: `${root}/ph/data-gateway/v1/heartbeat/${created.id}`,
      },
    ])
    const at = "2026-06-15T12:30:00.000Z"
    expect(await server.shown(created.id)).toEqual({
      id: created.id,
      service_id: service,
      name: "Backup",
      interval: 60,
      enabled: true,
      methods: [],
      url: created.url,
      state: "pending",
      running: false,
      last_received_at: null,
      created_at: at,
      updated_at: at,
    })
  })

  it("tells all channels of the project", async () => {
    await using server = await PinghomeHost.open()
    const make = (name: string) =>
      Channels.create({ project: server.http.project.id, name, kind: "callback", value: {} })
    const made = [await server.http.run(make("one")), await server.http.run(make("two"))]
    const id = await server.heartbeat(await server.service())
    const { channels } = (await server.http.ask("GET", `/api/v3/checks/${id}`)).json()
    expect(channels.split(",").sort()).toEqual(made.map((channel) => channel.id).sort())
  })

  it("is changed in what an update names, and in nothing else", async () => {
    await using server = await PinghomeHost.open()
    const [one, two] = [await server.service("one"), await server.service("two")]
    const id = await server.heartbeat(one, { interval: 600, methods: ["GET", "get", "PUT"] })
    await server.advance(5)
    expect((await server.update(id, { name: "Renamed" })).json()).toEqual({
      message: "Heartbeat updated",
      id,
    })
    expect(await server.shown(id)).toMatchObject({
      service_id: one,
      name: "Renamed",
      interval: 600,
      methods: ["GET", "PUT"],
      updated_at: "2026-06-15T12:30:05.000Z",
    })
    await server.update(id, { service_id: two, interval: 7, methods: [], enabled: true })
    const changed = { service_id: two, name: "Renamed", interval: 7, methods: [], state: "pending" }
    expect(await server.shown(id)).toMatchObject(changed)
  })

  it("is changed by forms as by JSON", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.heartbeat(await server.service())
    const send = async (body: string) => {
      const headers = { "content-type": "application/x-www-form-urlencoded" }
      const path = `/resource-cmd/v1/heartbeat/${id}`
      return (await server.ask("PUT", path, { headers, body })).status
    }
    for (const [text, enabled] of [
      ["false", false],
      ["1", true],
      ["0", false],
      ["true", true],
    ] as const) {
      expect([text, await send(`enabled=${text}`)]).toEqual([text, 200])
      expect((await server.shown(id)).enabled).toBe(enabled)
    }
    for (const text of [
      "methods[]=GET&methods[]=post",
      "methods[0]=GET&methods[1]=POST",
      "methods=GET,POST",
    ]) {
      expect([text, await send(text)]).toEqual([text, 200])
      expect((await server.shown(id)).methods).toEqual(["GET", "POST"])
      expect(await send("methods[]=")).toBe(200)
      expect((await server.shown(id)).methods).toEqual([])
    }
    for (const text of ["enabled=", "enabled=2", "methods[]=TEA", "name=", "service_id=", "interval="])
      expect([text, await send(text)]).toEqual([text, 422])
  })

  it("is late when a tenth of its interval has passed after it, or five seconds", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    for (const [interval, grace] of [
      [1, 5],
      [50, 5],
      [51, 6],
      [86_400, 8_640],
    ] as const) {
      const id = await server.heartbeat(service, { interval })
      await server.event(id)
      await server.advance(interval + grace - 0.001)
      expect([interval, (await server.shown(id)).state]).toEqual([interval, "up"])
      await server.advance(0.001)
      expect([interval, (await server.shown(id)).state]).toEqual([interval, "down"])
    }
  })

  it("that is disabled stays so until it is enabled, and then waits for its first event", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.heartbeat(await server.service(), { enabled: false })
    expect(await server.shown(id)).toMatchObject({ enabled: false, state: "paused" })
    await server.update(id, { name: "still", enabled: false })
    await server.event(id)
    expect(await server.shown(id)).toMatchObject({ enabled: false, last_received_at: null })
    await server.update(id, { enabled: true })
    expect(await server.shown(id)).toMatchObject({ enabled: true, state: "pending" })
    await server.event(id)
    await server.update(id, { enabled: true })
    expect(await server.shown(id)).toMatchObject({
      state: "up",
      last_received_at: "2026-06-15T12:30:00.000Z",
    })
  })

  it("is deleted with others, or all of them stay", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const ids = [
      await server.heartbeat(service),
      await server.heartbeat(service),
      await server.heartbeat(service),
    ]
    const remove = (query: string) => server.tell("DELETE", `/resource-cmd/v1/heartbeat?${query}`)
    const total = async () =>
      (await server.tell("GET", `/resource-query/v1/service/${service}/heartbeats`))[1].total
    for (const lost of [unknown, "x"]) {
      expect((await remove(`id=${ids[0]}&id=${lost}`))[0]).toBe(404)
    }
    expect((await remove(""))[0]).toBe(422)
    expect((await remove(`id=${unknown},`.repeat(101)))[0]).toBe(422)
    expect(await total()).toBe(3)
    const message = "Heartbeats deleted"
    const first = `heartbeat_ids=${ids[0]}&id[]=${ids[1]!.toUpperCase()}&id=${ids[0]}`
    expect(await remove(first)).toEqual([200, { message, ids: [ids[0], ids[1]] }])
    expect(await total()).toBe(1)
  })

  it("is reached by its own project only, by whose read-only key it is only read", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const id = await server.heartbeat(service)
    const reads = [
      ["GET", `/resource-query/v1/heartbeat/${id}`],
      ["GET", `/resource-query/v1/service/${service}/heartbeats`],
    ] as const
    const writes = [
      ["PUT", `/resource-cmd/v1/heartbeat/${id}`],
      ["DELETE", `/resource-cmd/v1/heartbeat/${id}`],
      ["DELETE", `/resource-cmd/v1/heartbeat?id=${id}`],
    ] as const
    for (const [method, path] of [...reads, ...writes]) {
      const statuses = await Promise.all(
        ["", "wrong", keys.other].map(async (key) => (await server.ask(method, path, { key })).status),
      )
      expect([method, path, ...statuses]).toEqual([method, path, 401, 401, 404])
    }
    for (const [method, path] of writes)
      expect((await server.ask(method, path, { key: keys.readOnly })).status).toBe(401)
    for (const [method, path] of reads)
      expect((await server.ask(method, path, { key: keys.readOnly })).status).toBe(200)
    const body = { service_id: service, name: "stolen" }
    const [status, { errors }] = await server.tell("POST", "/resource-cmd/v1/heartbeat", {
      key: keys.other,
      body,
    })
    expect([status, errors]).toEqual([
      422,
      [{ field: "service_id", message: "is no service of the project" }],
    ])
  })
})

describe("a list", () => {
  it("has the heartbeats of a service, newest first, by pages", async () => {
    await using server = await PinghomeHost.open()
    const [service, other] = [await server.service(), await server.service("other")]
    for (const name of ["a", "b", "c"]) await server.heartbeat(service, { name })
    await server.heartbeat(other)
    const path = `/resource-query/v1/service/${service}/heartbeats`
    const [, first] = await server.tell("GET", `${path}?limit=2`)
    expect([names(first), first.page, first.limit, first.total, first.total_pages]).toEqual([
      ["c", "b"],
      1,
      2,
      3,
      2,
    ])
    expect(names((await server.tell("GET", `${path}?limit=2&page=2`))[1])).toEqual(["a"])
    expect(names((await server.tell("GET", `${path}?limit=2&page=3`))[1])).toEqual([])
    expect((await server.tell("GET", path))[1]).toMatchObject({ limit: 50, total_pages: 1 })
    for (const query of ["page=0", "page=x", "limit=101", "limit=-1", "page=1e3", "limit=1.5"]) {
      expect([query, (await server.ask("GET", `${path}?${query}`)).status]).toEqual([query, 422])
    }
    expect((await server.ask("GET", `/resource-query/v1/service/${unknown}/heartbeats`)).status).toBe(404)
  })

  it("has the services of a team, and the default one when anything is in it", async () => {
    await using server = await PinghomeHost.open()
    await server.service("one", team)
    await server.service("two", "another")
    await server.service("three", team)
    const path = `/resource-query/v1/team-service/${team}`
    const [status, page] = await server.tell("GET", path)
    expect([status, names(page), page.data[0].team_id, page.total]).toEqual([200, ["three", "one"], team, 2])
    await server.http.ask("POST", "/api/v3/checks/", { body: { name: "of Healthchecks" } })
    const all = (await server.tell("GET", path))[1]
    expect(names(all)).toEqual(["three", "one", "Default"])
    const own = (await server.tell("GET", `/resource-query/v1/service/${all.data[2].id}/heartbeats`))[1]
    expect(names(own)).toEqual(["of Healthchecks"])
    expect(own.data[0].service_id).toBe(all.data[2].id)
    expect((await server.tell("GET", path, { key: keys.other }))[1].total).toBe(0)
    expect((await server.tell("GET", `${path}?limit=1&page=2`))[1].data).toMatchObject([{ name: "one" }])
  })
})

describe("a check of another dialect", () => {
  const made = async (server: PinghomeHost, body: unknown): Promise<string> =>
    (await server.http.ask("POST", "/api/v3/checks/", { body })).json().uuid
  const read = async (server: PinghomeHost, id: string) =>
    (await server.http.ask("GET", `/api/v3/checks/${id}`)).json()

  it("has the time between its next two slots as its interval, and turns simple when one is written", async () => {
    await using server = await PinghomeHost.open()
    const id = await made(server, { schedule: "0 3 * * *", tz: "Europe/Riga", grace: 60, tags: "a b" })
    expect(await server.shown(id)).toMatchObject({ interval: 86_400, state: "pending" })
    await server.update(id, { name: "nightly" })
    expect(await read(server, id)).toMatchObject({ schedule: "0 3 * * *", name: "nightly", grace: 60 })
    await server.update(id, { interval: 86_400 })
    expect(await read(server, id)).toMatchObject({ timeout: 86_400, grace: 8_640, tags: "a b" })
    expect((await read(server, id)).schedule).toBeUndefined()
  })

  it("keeps its grace when the interval is the one that it has", async () => {
    await using server = await PinghomeHost.open()
    const id = await made(server, { timeout: 3_600, grace: 60 })
    await server.update(id, { interval: 3_600 })
    expect(await read(server, id)).toMatchObject({ timeout: 3_600, grace: 60 })
    await server.update(id, { interval: 7_200 })
    expect(await read(server, id)).toMatchObject({ timeout: 7_200, grace: 720 })
  })

  it("that is disabled here ignores its pings", async () => {
    await using server = await PinghomeHost.open()
    const id = await made(server, {})
    await server.update(id, { enabled: false })
    await server.http.ask("GET", `/ping/${id}`, { key: "" })
    expect(await read(server, id)).toMatchObject({ status: "paused", manual_resume: true })
  })
})

describe("the hosts of the vendor", () => {
  it("are the same services as the paths", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.heartbeat(await server.service())
    const status = async (host: string, method: string, path: string, key: string = keys.readWrite) =>
      (await server.ask(method, path, { key, headers: { host } })).status
    expect(await status("resource-query.api.example.org", "GET", `/v1/heartbeat/${id}`)).toBe(200)
    expect(await status("resource-query.api.example.org", "GET", `/v1/heartbeat/${id}`, "")).toBe(401)
    expect(await status("Data-Gateway.api.example.org:8443", "GET", `/v1/heartbeat/${id}`)).toBe(200)
    expect(await server.shown(id)).toMatchObject({ state: "up" })
    expect(await status("statistic-query.api.example.org", "GET", `/v1/heartbeat/${id}/events`)).toBe(200)
    expect(await status("resource-query.api.example.org", "DELETE", `/v1/heartbeat/${id}`)).toBe(405)
    expect(await status("resource-cmd.api.example.org", "DELETE", `/v1/heartbeat/${id}`)).toBe(200)
  })

  it("need not be named where only one of them can be meant", async () => {
    await using server = await PinghomeHost.open()
    const [status, { id }] = await server.tell("POST", "/v1/service", { body: { name: "S" } })
    expect(status).toBe(201)
    const heartbeat = await server.heartbeat(id)
    const path = `/v1/heartbeat/${heartbeat}`
    expect((await server.ask("GET", `/v1/service/${id}/heartbeats`)).status).toBe(200)
    expect((await server.ask("GET", `${path}/statistic`)).status).toBe(200)
    expect((await server.tell("GET", path))[1].state).toBe("pending")
    expect((await server.tell("GET", path, { key: "" }))[1].message).toBe("Heartbeat event received")
    expect((await server.ask("PUT", path, { body: { name: "N" } })).status).toBe(200)
    expect((await server.ask("DELETE", path)).status).toBe(200)
  })

  it("are not known by other dialects", async () => {
    await using server = await HttpHost.open()
    expect((await server.ask("POST", "/resource-cmd/v1/service", { body: { name: "S" } })).status).toBe(404)
  })
})
