/** What Prometheus reads of a project. */
import { hour, minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const nobody = "07c2f548-9850-4b27-af5d-6c9dc157ec02"
const path = (key = keys.readOnly) => `/projects/${nobody}/metrics/${key}`

const create = async (server: HttpHost, body: unknown) => {
  const check = (await server.ask("POST", "/api/v3/checks/", { body })).json()
  const redacted = await server.ask("GET", `/api/v3/checks/${check.uuid}`, { key: keys.readOnly })
  return { uuid: check.uuid, key: redacted.json().unique_key }
}

/** Metric lines, without comments, in order. */
const lines = async (server: HttpHost): Promise<readonly string[]> =>
  (await server.ask("GET", path())).text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))

describe("the metrics of a project", () => {
  it("say of each check whether it is up, started, late, or paused", async () => {
    await using server = await HttpHost.open()
    const late = await create(server, { name: "late", tags: "a b", timeout: 60, grace: 31_536_000 })
    const down = await create(server, { name: "down", tags: "b" })
    const paused = await create(server, { name: "paused" })
    await server.ask("GET", `/ping/${late.uuid}`)
    await server.ask("GET", `/ping/${down.uuid}/fail`)
    await server.ask("GET", `/ping/${down.uuid}/start`)
    await server.ask("POST", `/api/v3/checks/${paused.uuid}/pause`)
    await server.advance(2 * minute)
    const checks = [
      [`{name="late", tags="a b", unique_key="${late.key}"}`, [1, 0, 1, 0]],
      [`{name="down", tags="b", unique_key="${down.key}"}`, [0, 1, 0, 0]],
      [`{name="paused", tags="", unique_key="${paused.key}"}`, [1, 0, 0, 1]],
    ] as const
    const names = ["hc_check_up", "hc_check_started", "hc_check_grace", "hc_check_paused"]
    expect((await lines(server)).slice(0, 16)).toEqual([
      ...names.flatMap((name, index) =>
        checks.map(([labels, values]) => `${name}${labels} ${values[index]}`),
      ),
      'hc_tag_up{tag="a"} 1',
      'hc_tag_up{tag="b"} 0',
      "hc_checks_total 3",
      "hc_checks_down_total 1",
    ])
  })

  it("say how long runs took, how long ago they succeeded, and how often the status changed", async () => {
    await using server = await HttpHost.open()
    const { uuid, key } = await create(server, { name: "J", timeout: 3600 })
    await create(server, { name: "never pinged" })
    await server.ask("GET", `/ping/${uuid}/start`)
    await server.advance(1500)
    await server.ask("GET", `/ping/${uuid}`)
    await server.ask("GET", `/ping/${uuid}/fail`)
    await server.ask("GET", `/ping/${uuid}/start`)
    await server.advance(2 * minute)
    await server.ask("GET", `/ping/${uuid}`)
    await server.advance(hour)
    const labels = `name="J", tags="", unique_key="${key}"`
    const more = (await lines(server)).filter((line) => line.startsWith("overdue_"))
    expect(more.slice(0, 2)).toEqual([
      `overdue_check_last_duration_seconds{${labels}} 120`,
      `overdue_check_last_success_age_seconds{${labels}} 3600`,
    ])
    expect(more.slice(2).sort()).toEqual([
      `overdue_check_flips_total{${labels}, reason="fail"} 1`,
      `overdue_check_flips_total{${labels}, reason="success"} 2`,
    ])
  })

  it("name each metric's type once, before its samples", async () => {
    await using server = await HttpHost.open()
    await create(server, { name: "J" })
    const { text, headers } = await server.ask("GET", path())
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8")
    const typed = [...text.matchAll(/^# TYPE (\S+) (?:gauge|counter)\n(\w+)/gm)]
    expect(typed.length).toBeGreaterThan(4)
    for (const [, named, sampled] of typed) expect(sampled).toBe(named)
    expect(text.endsWith("\n")).toBe(true)
  })

  it("escape what a name may hold", async () => {
    await using server = await HttpHost.open()
    await create(server, { name: 'a"b\\c\nd' })
    expect((await lines(server))[0]).toContain('{name="a\\"b\\\\c\\nd", tags=""')
  })
})

describe("Prometheus", () => {
  it("gives its key in the path, the older path, or a header", async () => {
    await using server = await HttpHost.open()
    const bearer = (key: string) => ({ key: "", headers: { authorization: `Bearer ${key}` } })
    for (const [target, asked] of [
      [path(), {}],
      [path().replace("/metrics/", "/checks/metrics/"), {}],
      [`/projects/${nobody}/metrics/`, bearer(keys.readOnly)],
    ] as const) {
      const { status, text } = await server.ask("GET", target, asked)
      expect([status, text.includes("hc_checks_total 0\n")]).toEqual([200, true])
    }
  })

  it.each([
    ["no key", "", undefined, 401],
    ["another scheme", "", "Basic eDp5", 401],
    ["a key of another length", "short", undefined, 400],
    ["an unknown key", "W".repeat(32), undefined, 403],
    ["a read-write key", keys.readWrite, undefined, 403],
    ["a read-write key in the header", "", `Bearer ${keys.readWrite}`, 403],
  ])("is refused with %s", async (_, key, authorization, status) => {
    await using server = await HttpHost.open()
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const answer = await server.ask("GET", `/projects/${nobody}/metrics/${key}`, { key: "", headers })
    expect(answer).toMatchObject({ status, text: "" })
  })

  it("only reads, and only there", async () => {
    await using server = await HttpHost.open()
    expect((await server.ask("POST", path())).status).toBe(405)
    for (const id of ["x", "", "1", nobody.toUpperCase(), nobody.replaceAll("-", ""), `${nobody}0`])
      for (const end of ["metrics/", `metrics/${keys.readOnly}`, `checks/metrics/${keys.readOnly}`])
        expect((await server.ask("GET", `/projects/${id}/${end}`)).status, id).toBe(404)
  })
})
