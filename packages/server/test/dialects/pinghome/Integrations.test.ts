/** Integrations and reminders of uptime monitors: there is one of each, or none, however they are asked for. */
import { describe, expect, it } from "vitest"
import { PinghomeHost } from "./PinghomeHost.ts"

const open = async () => {
  const server = await PinghomeHost.open()
  const id = await server.resource(await server.service())
  const cmd = `/resource-cmd/v1/resource/${id}`
  const query = `/resource-query/v1/resource/${id}`
  const status = async (method: string, path: string, sent?: unknown) =>
    (await server.ask(method, path, { body: sent })).status
  return { server, cmd, query, status }
}

describe("integrations", () => {
  const one = { integration: "r276/xx ü", type: "statuspageIo", name: "Outage", status: "open", items: ["a"] }

  it("are added once, changed and removed by their ids, and an unknown one is not found", async () => {
    const { server, cmd, query, status } = await open()
    await using _server = server
    const path = `${cmd}/integration/${encodeURIComponent(one.integration)}`
    const twice = [status("POST", `${cmd}/integration`, one), status("POST", `${cmd}/integration`, one)]
    expect((await Promise.all(twice)).sort((one, other) => one - other)).toEqual([201, 409])
    expect((await server.tell("GET", `${query}/integrations`))[1]).toEqual({
      data: [{ ...one, message: null }],
    })
    expect(await status("PUT", path, { message: "Soon", items: ["b", "c"] })).toBe(200)
    const changed = { ...one, message: "Soon", items: ["b", "c"] }
    expect((await server.tell("GET", `${query}/integrations`))[1]).toEqual({ data: [changed] })
    for (const method of ["PUT", "DELETE"])
      expect(await status(method, `${cmd}/integration/other`, {})).toBe(404)
    expect([await status("DELETE", path), await status("DELETE", path)]).toEqual([200, 404])
    expect((await server.tell("GET", `${query}/integrations`))[1]).toEqual({ data: [] })
  })

  it("have no id that leads a client to the monitor itself", async () => {
    const { server, cmd, status } = await open()
    await using _server = server
    for (const integration of [".", ".."])
      expect(await status("POST", `${cmd}/integration`, { ...one, integration })).toBe(422)
    for (const integration of ["...", "%2e%2e", "./.."]) {
      expect(await status("POST", `${cmd}/integration`, { ...one, integration })).toBe(201)
      const { pathname } = new URL(`http://a/integration/${encodeURIComponent(integration)}`)
      expect(await status("DELETE", `${cmd}${pathname}`)).toBe(200)
    }
  })

  it("have lists in forms as well, and are at most twenty", async () => {
    const { server, cmd, query, status } = await open()
    await using _server = server
    const headers = { "content-type": "application/x-www-form-urlencoded" }
    const form = "integration=f&type=t&items[]=a&items[]=b"
    expect((await server.ask("POST", `${cmd}/integration`, { headers, body: form })).status).toBe(201)
    expect((await server.tell("GET", `${query}/integrations`))[1].data[0].items).toEqual(["a", "b"])
    for (let n = 1; n < 20; n++)
      expect(await status("POST", `${cmd}/integration`, { ...one, integration: String(n) })).toBe(201)
    expect(await status("POST", `${cmd}/integration`, one)).toBe(422)
  })

  it("are refused with the name of the field that is wrong", async () => {
    const { server, cmd } = await open()
    await using _server = server
    for (const [field, wrong] of [
      ["integration", { integration: "" }],
      ["type", { type: 1 }],
      ["items.0", { items: [1] }],
      ["items", { items: Array.from({ length: 101 }, () => "x") }],
      ["name", { name: "x".repeat(101) }],
    ] as const) {
      const [status, answer] = await server.tell("POST", `${cmd}/integration`, { body: { ...one, ...wrong } })
      expect([field, status, answer.errors?.[0]?.field]).toEqual([field, 422, field])
    }
  })
})

describe.each(["ssl", "tld"])("reminders of %s", (what) => {
  it("are there once, sorted and without doubles", async () => {
    const { server, cmd, query, status } = await open()
    await using _server = server
    const [written, read] = [`${cmd}/${what}/reminder`, `${query}/${what}/reminder`]
    for (const method of ["PUT", "DELETE"])
      expect(await status(method, written, { days_before: [1] })).toBe(404)
    expect(await status("GET", read)).toBe(404)
    const twice = [7, 1].map((day) => status("POST", written, { days_before: [day] }))
    expect((await Promise.all(twice)).sort((one, other) => one - other)).toEqual([201, 409])
    expect(await status("PUT", written, { days_before: [7, 1, 7, "3"] })).toBe(200)
    expect((await server.tell("GET", read))[1]).toEqual({ days_before: [1, 3, 7] })
    for (const days_before of [[], [366], [-1], [1.5], "x", null, Array.from({ length: 11 }, (_, n) => n)])
      expect([days_before, await status("PUT", written, { days_before })]).toEqual([days_before, 422])
    expect([await status("DELETE", written), await status("DELETE", written)]).toEqual([200, 404])
    expect(await status("POST", written, { days_before: [0, 365] })).toBe(201)
  })
})
