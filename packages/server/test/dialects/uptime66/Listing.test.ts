/** Lists of heartbeats: what they find, in which order, and how their pages lead from one to the next. */
import { minute } from "@overdue/core/Time"
import * as Dialects from "@overdue/server/dialects/index"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { root } from "../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../test/kit/Keys.ts"
import { Client, json } from "./Client.ts"

/** Three heartbeats a minute apart: b, which runs; A, which is disabled; c, of a project, changed last. */
const three = async (): Promise<Client> => {
  const client = await Client.open()
  await client.ask("POST", "/api/projects", json({ name: "P" }))
  const ran = await client.create({ name: "b" })
  await client.server.advance(minute)
  await client.create({ name: "A", is_enabled: 0 })
  await client.server.advance(minute)
  const changed = await client.create({ name: "c" })
  await client.ping(ran)
  await client.server.advance(minute)
  await client.change(changed, { project_id: 1 })
  return client
}

describe("a list", () => {
  it.each([
    ["", "c A b"],
    ["order_type=ASC", "b A c"],
    ["order_by=name&order_type=ASC", "A b c"],
    ["order_by=name", "c b A"],
    ["order_by=nothing&order_type=sideways", "c A b"],
    ["order_by=last_datetime&order_type=asc", "b A c"],
    ["order_by=last_run_datetime", "b c A"],
    ["order_by=uptime&order_type=DESC", "b c A"],
    ["search=B&search_by=nothing", "b"],
    ["search=%25", ""],
    ["search=%00", ""],
    ["search=", "c A b"],
    ["is_enabled=1", "c b"],
    ["is_enabled=off", "A"],
    ["is_enabled=maybe", "c A b"],
    ["is_enabled=", "c A b"],
    ["project_id=1", "c"],
    ["project_id=0", "A b"],
    ["project_id=2", ""],
    ["project_id=x", "c A b"],
    ["datetime_start=2026-06-15+12:31:00", "c A"],
    ["datetime_end=2026-06-15+12:31:00", "A b"],
    ["datetime_end=2026-06-15+12:30:59", "b"],
    ["datetime_start=2026-06-15+12:31:00&datetime_end=2026-06-15+12:31:00", "A"],
    ["datetime_field=last_datetime&datetime_start=2026-06-15+12:33:00", "c"],
    ["datetime_field=last_run_datetime&datetime_start=2000-01-01+00:00:00", "b"],
    ["datetime_field=last_run_datetime", "c A b"],
    ["datetime_field=nothing&datetime_start=2026-06-15+12:32:00", "c"],
    ["datetime_start=2026-06-31+12:31:00", "c A b"],
    ["datetime_start=2026-06-15+24:00:00", "c A b"],
    ["datetime_start=tomorrow", "c A b"],
    ["page=2", ""],
    ["page=0", "c A b"],
    ["page=-1", "c A b"],
    ["page=999999999999", ""],
    ["page=9999999999999999999999", "c A b"],
    ["results_per_page=1", "c A b"],
  ])("by %j finds %j", async (query, names) => {
    await using client = await three()
    expect((await client.names(query)).join(" ")).toBe(names)
  })

  it("includes the whole last second", async () => {
    await using client = await Client.open()
    await client.server.advance(999)
    await client.create()
    expect(await client.names("datetime_end=2026-06-15+12:30:00")).toEqual(["job"])
    expect(await client.names("datetime_end=2026-06-15+12:29:59")).toEqual([])
  })

  it("has nothing of another project", async () => {
    await using client = await Client.open()
    await client.create()
    const answer = await client.ask("GET", "/api/heartbeats", undefined, "Y".repeat(32))
    expect(answer.json().data).toEqual([])
  })
})

describe("a page", () => {
  it("at a host of its own leads to others at that host", async () => {
    const dialects = Dialects.dialects.map((dialect) =>
      dialect.name === "uptime66" ? { ...dialect, hosts: ["up.example.org"] } : dialect,
    )
    await using client = await Client.open({ dialects })
    for (let count = 0; count < 11; count++) await client.create()
    const path = "/api/heartbeats?results_per_page=10"
    const headers = { host: "up.example.org" }
    const { links } = (await client.server.ask("GET", path, { bearer: keys.readWrite, headers })).json()
    expect(links.next).toBe("https://up.example.org/api/heartbeats?results_per_page=10&page=2")
    const docs = (await client.server.ask("GET", "/docs", { key: "", headers })).text
    expect(docs).toContain("<code>https://up.example.org</code>")
  })

  it("leads to the others, with what was asked for", async () => {
    await using client = await Client.open()
    for (let count = 0; count < 21; count++) await client.create()
    const linked = async (page: string) =>
      (
        await client.ask("GET", `/api/heartbeats/?page=${page}&results_per_page=10&search=JO+B&search=x`)
      ).json()
    const empty = await linked("1")
    const to = (page: number) =>
      `${root}/u66/api/heartbeats?results_per_page=10&search=JO+B&search=x&page=${page}`
    expect(empty.meta).toEqual({ page: 1, results_per_page: 10, total: 0, total_pages: 1 })
    expect(empty.links).toEqual({ first: to(1), last: to(1), next: null, prev: null, self: to(1) })
    const at = async (page: number) =>
      (await client.ask("GET", `/api/heartbeats?results_per_page=10&page=${page}`)).json()
    const link = (page: number) => `${root}/u66/api/heartbeats?results_per_page=10&page=${page}`
    const second = await at(2)
    expect(second.meta).toEqual({ page: 2, results_per_page: 10, total: 21, total_pages: 3 })
    expect(second.links).toEqual({
      first: link(1),
      last: link(3),
      next: link(3),
      prev: link(1),
      self: link(2),
    })
    expect((await at(9)).links).toMatchObject({ next: null, prev: link(3), self: link(9) })
  })

  it("that is read in ascending order skips and repeats nothing, whatever is created meanwhile", async () => {
    const births = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 25 }), births, async (first, later) => {
        await using client = await Client.open()
        let made = 0
        for (; made < first; made++) await client.create()
        const seen: number[] = []
        let next: string | null = `${root}/u66/api/heartbeats?order_type=ASC&results_per_page=10`
        for (let turn = 0; next !== null; turn++) {
          const { data, links } = (await client.ask("GET", next.slice(`${root}/u66`.length))).json()
          seen.push(...data.map(({ id }: { readonly id: number }) => id))
          for (let count = later[turn] ?? 0; count > 0; count--) made = await client.create()
          next = links.next
        }
        expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1))
        expect(seen.length).toBeGreaterThanOrEqual(first)
      }),
      { numRuns: 20 },
    )
  })
})
