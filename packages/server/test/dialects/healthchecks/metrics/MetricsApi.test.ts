/** What Prometheus reads of a project. */
import { hour, minute } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { House, keys } from "../../../HttpHost.ts"

const nobody = "07c2f548-9850-4b27-af5d-6c9dc157ec02"
const path = (key = keys.readOnly) => `/projects/${nobody}/metrics/${key}`

const create = async (house: House, body: unknown) => {
  const check = (await house.ask("POST", "/api/v3/checks/", { body })).json()
  const redacted = await house.ask("GET", `/api/v3/checks/${check.uuid}`, { key: keys.readOnly })
  return { uuid: check.uuid, key: redacted.json().unique_key }
}

/** Metric lines, without comments, in order. */
const lines = async (house: House): Promise<readonly string[]> =>
  (await house.ask("GET", path())).text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))

describe("the metrics of a project", () => {
  it("say of each check whether it is up, started, late, or paused", async () => {
    await using house = await House.open()
    const late = await create(house, { name: "late", tags: "a b", timeout: 60, grace: 31_536_000 })
    const down = await create(house, { name: "down", tags: "b" })
    const paused = await create(house, { name: "paused" })
    await house.ask("GET", `/ping/${late.uuid}`)
    await house.ask("GET", `/ping/${down.uuid}/fail`)
    await house.ask("GET", `/ping/${down.uuid}/start`)
    await house.ask("POST", `/api/v3/checks/${paused.uuid}/pause`)
    await house.advance(2 * minute)
    const checks = [
      [`{name="late", tags="a b", unique_key="${late.key}"}`, [1, 0, 1, 0]],
      [`{name="down", tags="b", unique_key="${down.key}"}`, [0, 1, 0, 0]],
      [`{name="paused", tags="", unique_key="${paused.key}"}`, [1, 0, 0, 1]],
    ] as const
    const names = ["hc_check_up", "hc_check_started", "hc_check_grace", "hc_check_paused"]
    expect((await lines(house)).slice(0, 16)).toEqual([
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
    await using house = await House.open()
    const { uuid, key } = await create(house, { name: "J", timeout: 3600 })
    await create(house, { name: "never pinged" })
    await house.ask("GET", `/ping/${uuid}/start`)
    await house.advance(1500)
    await house.ask("GET", `/ping/${uuid}`)
    await house.ask("GET", `/ping/${uuid}/fail`)
    await house.ask("GET", `/ping/${uuid}/start`)
    await house.advance(2 * minute)
    await house.ask("GET", `/ping/${uuid}`)
    await house.advance(hour)
    const labels = `name="J", tags="", unique_key="${key}"`
    const more = (await lines(house)).filter((line) => line.startsWith("overdue_"))
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
    await using house = await House.open()
    await create(house, { name: "J" })
    const { text, headers } = await house.ask("GET", path())
    expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8")
    const typed = [...text.matchAll(/^# TYPE (\S+) (?:gauge|counter)\n(\w+)/gm)]
    expect(typed.length).toBeGreaterThan(4)
    for (const [, named, sampled] of typed) expect(sampled).toBe(named)
    expect(text.endsWith("\n")).toBe(true)
  })

  it("escape what a name may hold", async () => {
    await using house = await House.open()
    await create(house, { name: 'a"b\\c\nd' })
    expect((await lines(house))[0]).toContain('{name="a\\"b\\\\c\\nd", tags=""')
  })
})

describe("Prometheus", () => {
  it("gives its key in the path, the older path, or a header", async () => {
    await using house = await House.open()
    const bearer = (key: string) => ({ key: "", headers: { authorization: `Bearer ${key}` } })
    for (const [target, asked] of [
      [path(), {}],
      [path().replace("/metrics/", "/checks/metrics/"), {}],
      [`/projects/${nobody}/metrics/`, bearer(keys.readOnly)],
    ] as const) {
      const { status, text } = await house.ask("GET", target, asked)
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
    await using house = await House.open()
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization }
    const answer = await house.ask("GET", `/projects/${nobody}/metrics/${key}`, { key: "", headers })
    expect(answer).toMatchObject({ status, text: "" })
  })

  it("only reads, and only there", async () => {
    await using house = await House.open()
    expect((await house.ask("POST", path())).status).toBe(405)
    expect((await house.ask("GET", "/projects/x/metrics/")).status).toBe(404)
  })
})
