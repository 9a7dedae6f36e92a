/** Monitors of Cronhub, and what other dialects see of them. */
import { day, hour, minute, second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { HttpHost, type Asked } from "../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../test/kit/Keys.ts"

const monitors = "/ch/api/v1/monitors"

const nightly = { name: "nightly", schedule: "0 3 * * *", timezone: "Europe/Riga", grace_period: 20 }

const create = async (host: HttpHost, given: Readonly<Record<string, unknown>> = {}) => {
  const answer = await host.ask("POST", monitors, { body: { ...nightly, ...given } })
  expect(answer.status).toBe(200)
  return answer.json().response
}

const get = async (host: HttpHost, code: string) =>
  (await host.ask("GET", `${monitors}/${code}`)).json().response

const form = (text: string): Asked => ({
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: text,
})

describe("a monitor", () => {
  it("is made from a form as from JSON", async () => {
    await using host = await HttpHost.open()
    const text = "name=a+job&schedule=*%2F5+*+*+*+*&timezone=UTC&grace_period=3&running_time=&unknown=1"
    const answer = await host.ask("POST", monitors, form(text))
    expect(answer.json()).toMatchObject({
      success: true,
      response: { name: "a job", schedule: "*/5 * * * *", grace_period: 3, running_time: null },
    })
  })

  it("is shown with a status everywhere but where it is made", async () => {
    await using host = await HttpHost.open()
    const made = await create(host)
    expect(made.status).toBeNull()
    expect(await get(host, made.code)).toEqual({ ...made, status: "new" })
    const list = await host.ask("GET", `${monitors}/`)
    expect(list.json()).toEqual({ success: true, response: [{ ...made, status: "new" }] })
  })

  it("keeps its running time in the unit in which it was entered, and shows others in the longest", async () => {
    await using host = await HttpHost.open()
    const { code } = await create(host, { running_time: 120, running_time_unit: "minutes" })
    expect(await get(host, code)).toMatchObject({ running_time: 120, running_time_unit: "minutes" })
    // Somebody else sets another one.
    await host.ask("POST", `/api/v3/checks/${code}?defaults=own`, { body: { max_runtime: 3 * 3600 } })
    expect(await get(host, code)).toMatchObject({ running_time: 3, running_time_unit: "hours" })
    const { response } = (await host.ask("PUT", `${monitors}/${code}`, { body: nightly })).json()
    expect(response).toMatchObject({ code, running_time: null, running_time_unit: null })
  })

  it("takes a start for a sign of life, and is down when a run takes too long", async () => {
    await using host = await HttpHost.open()
    const { code } = await create(host, { running_time: 10, running_time_unit: "minutes" })
    const started = (await host.ask("GET", `/ch/start/${code}`, { key: "" })).json()
    expect(started).toEqual({ success: true, monitor_status: "running", monitor_last_ping: null })
    await host.advance(9 * minute)
    expect((await get(host, code)).status).toBe("running")
    await host.advance(minute)
    expect((await get(host, code)).status).toBe("alert")
    const finished = (await host.ask("POST", `/ch/finish/${code}`, { key: "" })).json()
    expect(finished).toMatchObject({ monitor_status: "up", monitor_last_ping: expect.any(String) })
  })

  it("without a running time may run until its next run is late", async () => {
    await using host = await HttpHost.open()
    const { code } = await create(host, { schedule: "0 * * * *", timezone: "UTC" })
    await host.ask("GET", `/ch/start/${code}`, { key: "" })
    await host.advance(49 * minute)
    expect((await get(host, code)).status).toBe("running")
    await host.advance(minute)
    // Who asks for the status would hear of no outage otherwise.
    expect((await get(host, code)).status).toBe("alert")
    expect((await host.ask("GET", `/api/v3/checks/${code}`)).json().status).toBe("down")
    await host.ask("GET", `/ch/start/${code}`, { key: "" })
    expect((await get(host, code)).status).toBe("running")
    await host.ask("GET", `/ch/fail/${code}`, { key: "" })
    expect((await get(host, code)).status).toBe("alert")
  })

  it("tells of its first ping, and stays paused whatever pings come", async () => {
    await using host = await HttpHost.open()
    const { code } = await create(host)
    const shown = (await host.ask("GET", `/api/v3/checks/${code}?details=1`)).json()
    expect(shown).toMatchObject({ manual_resume: true, name: "nightly", grace: 1200, tz: "Europe/Riga" })
    expect((await host.ask("PUT", `${monitors}/${code}/pause`)).json().response.status).toBe("paused")
    const ping = await host.ask("GET", `/ch/ping/${code}`, { key: "" })
    expect(ping.json()).toEqual({ success: true, monitor_status: "paused", monitor_last_ping: null })
    const again = await host.ask("PUT", `${monitors}/${code}/resume`)
    expect(again.json().response.status).toBe("new")
    expect((await host.ask("PUT", `${monitors}/${code}/resume`)).status).toBe(409)
  })

  it("remembers its last ping when it is resumed", async () => {
    await using host = await HttpHost.open()
    const { code } = await create(host)
    await host.ask("GET", `/ch/ping/${code}`, { key: "" })
    const { last_ping } = await get(host, code)
    await host.advance(hour)
    await host.ask("PUT", `${monitors}/${code}/pause`)
    await host.ask("PUT", `${monitors}/${code}/resume`)
    expect(await get(host, code)).toMatchObject({ status: "new", last_ping })
  })
})

describe("a check of another dialect", () => {
  it("is a monitor that has a schedule only when that is cron", async () => {
    await using host = await HttpHost.open()
    const made = await host.ask("POST", "/api/v3/checks/", { body: { name: "x", timeout: 3600, grace: 90 } })
    const code = made.json().uuid
    expect(await get(host, code)).toMatchObject({
      name: "x",
      schedule: null,
      grace_period: 2,
      timezone: "UTC",
      running_time: null,
    })
    const update = await host.ask("PUT", `${monitors}/${code}`, { body: nightly })
    expect(update.status).toBe(200)
    expect((await host.ask("GET", `/api/v3/checks/${code}`)).json()).toMatchObject({
      schedule: "0 3 * * *",
      tz: "Europe/Riga",
      // What Cronhub does not know stays.
      manual_resume: false,
    })
  })

  it("that is late within its grace is up", async () => {
    await using host = await HttpHost.open()
    const made = await host.ask("POST", "/api/v3/checks/", { body: { timeout: 60, grace: 3600 } })
    const code = made.json().uuid
    await host.ask("GET", `/ping/${code}`, { key: "" })
    await host.advance(2 * minute + second)
    expect((await host.ask("GET", `/api/v3/checks/${code}`)).json().status).toBe("grace")
    expect((await get(host, code)).status).toBe("up")
    await host.advance(day)
    expect((await get(host, code)).status).toBe("alert")
  })
})

describe("a request", () => {
  it.each([
    ["no key", "", 401],
    ["a wrong key", "x".repeat(32), 401],
    ["a read-only key", keys.readOnly, 401],
  ])("that writes with %s is not authorized, and not read", async (_, key, status) => {
    await using host = await HttpHost.open()
    const answer = await host.ask("POST", monitors, { key, body: "{" })
    expect([answer.status, answer.json()]).toEqual([status, { success: false, message: "Unauthorized" }])
  })

  it("may read with a read-only key", async () => {
    await using host = await HttpHost.open()
    expect((await host.ask("GET", monitors, { key: keys.readOnly })).status).toBe(200)
  })

  it("learns of all fields that are wrong, in Laravel's form", async () => {
    await using host = await HttpHost.open()
    const answer = await host.ask("POST", monitors, {
      body: { name: "", schedule: "daily", timezone: "Mars/Base", grace_period: 61, running_time: 0 },
    })
    expect(answer.status).toBe(422)
    const { success, message, errors } = answer.json()
    expect([success, message]).toEqual([false, "The given data was invalid."])
    expect(Object.keys(errors).sort()).toEqual([
      "grace_period",
      "name",
      "running_time",
      "schedule",
      "timezone",
    ])
    expect(errors.name).toEqual(["The name field is required."])
    const typed = await host.ask("POST", monitors, { body: { ...nightly, name: 7, timezone: [] } })
    expect(typed.json().errors).toEqual({
      name: ["The name field must be a text."],
      timezone: ["The timezone field must be a text."],
    })
    expect(errors.grace_period).toEqual(["The grace_period field must be a whole number from 1 to 60."])
  })

  it.each<readonly [string, Asked, number]>([
    ["a list instead of an object", { body: [] }, 400],
    ["no JSON", { body: "{" }, 400],
    ["a form that is none", { ...form("%"), headers: { "content-type": "multipart/form-data" } }, 400],
    ["a number as the name", { body: { ...nightly, name: 7 } }, 422],
    ["half a minute of grace", { body: { ...nightly, grace_period: 0.5 } }, 422],
    ["minutes in words", { body: { ...nightly, grace_period: "1e1" } }, 422],
    ["an OnCalendar expression", { body: { ...nightly, schedule: "Mon..Fri 3:00" } }, 422],
    ["several cron lines", { body: { ...nightly, schedule: "0 3 * * *\n0 4 * * *" } }, 422],
    ["a schedule that is never due", { body: { ...nightly, schedule: "0 0 31 2 *" } }, 422],
    ["two names", form("name=a&name=b&schedule=0+3+*+*+*&timezone=UTC&grace_period=1"), 422],
    ["a year and a day", { body: { ...nightly, running_time: 53, running_time_unit: "weeks" } }, 422],
    ["a name of a megabyte", { body: { ...nightly, name: "x".repeat(100_000) } }, 422],
    ["more than is read", { body: { ...nightly, name: "x".repeat(200_000) } }, 400],
    [
      "the name of a property",
      { body: { ...nightly, ["__proto__"]: 1, running_time_unit: "toString" } },
      422,
    ],
  ])("with %s is refused with JSON that says so", async (_, asked, status) => {
    await using host = await HttpHost.open()
    const answer = await host.ask("POST", monitors, asked)
    expect(answer.status).toBe(status)
    expect(answer.json()).toMatchObject({ success: false, message: expect.any(String) })
    expect((await host.ask("GET", monitors)).json().response).toEqual([])
  })

  it("finds nothing where nothing is, and is told which methods there are", async () => {
    await using host = await HttpHost.open()
    const { code } = await create(host)
    const ask = async (method: string, path: string) => {
      const { status, headers } = await host.ask(method, `/ch${path}`)
      return [status, headers["allow"]]
    }
    expect(await ask("GET", "/api/v1/nothing")).toEqual([404, undefined])
    expect(await ask("GET", `/api/v1/monitors/${code.toUpperCase()}`)).toEqual([404, undefined])
    expect(await ask("PATCH", `/api/v1/monitors/${code}`)).toEqual([405, "GET, PUT, DELETE"])
    expect(await ask("HEAD", `/api/v1/monitors/${code}`)).toEqual([200, undefined])
    expect(await ask("DELETE", `/api/v1/monitors/${code}/`)).toEqual([200, undefined])
    expect(await ask("DELETE", `/api/v1/monitors/${code}`)).toEqual([404, undefined])
  })

  it("is refused once the project has all checks that it may have", async () => {
    await using host = await HttpHost.open({ checkLimit: 1 })
    await create(host)
    const answer = await host.ask("POST", monitors, { body: nightly })
    expect([answer.status, answer.json().message]).toEqual([
      403,
      "check limit reached: the project has its 1 checks; the operator can raise it",
    ])
  })
})

describe("a ping", () => {
  it("is taken with any method, whose payload is kept", async () => {
    await using host = await HttpHost.open()
    const { code } = await create(host)
    const body = async (method: string, path: string, asked: Asked = {}) => {
      expect((await host.ask(method, path, { key: "", ...asked })).status).toBe(200)
      const [ping] = (await host.ask("GET", `/api/v3/checks/${code}/pings/`)).json().pings
      if (ping.body_url === null) return null
      return (await host.ask("GET", `/api/v3/checks/${code}/pings/${ping.n}/body`)).text
    }
    expect(await body("GET", `/ch/ping/${code}?payload=jobs%2C30`)).toBe("jobs,30")
    expect(await body("GET", `/ch/ping/${code}/?payload=${"ä".repeat(2_000)}`)).toBe("ä".repeat(500))
    expect(await body("POST", `/ch/PING/${code.toUpperCase()}`, { body: "x".repeat(2_000) })).toBe(
      "x".repeat(1_000),
    )
    expect(await body("PUT", `/ch/fail/${code}`)).toBeNull()
    expect((await get(host, code)).status).toBe("alert")
  })

  it("of no monitor is told so, without a word to a cache", async () => {
    await using host = await HttpHost.open()
    const answer = await host.ask("GET", "/ch/ping/07c2f548-9850-4b27-af5d-6c9dc157ec02", { key: "" })
    expect([answer.status, answer.json()]).toEqual([404, { success: false, message: "Monitor not found" }])
    expect(answer.headers["cache-control"]).toContain("no-store")
    expect((await host.ask("GET", "/ch/ping/nothing", { key: "" })).status).toBe(404)
  })
})

describe("the documentation", () => {
  it("is a page and an OpenAPI document, which the pages of the other APIs lead to", async () => {
    await using host = await HttpHost.open()
    const welcome = await host.ask("GET", "/ch/", { key: "" })
    expect([welcome.status, welcome.headers["location"]]).toEqual([302, "/ch/docs"])
    const page = await host.ask("GET", "/ch/docs", { key: "" })
    expect(page.text).toContain("<h3>Create a monitor</h3>")
    expect(page.text).toContain('/api/v3/docs">Healthchecks</a>')
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'")
    const { paths } = (await host.ask("GET", "/ch/openapi.json", { key: "" })).json()
    expect(Object.keys(paths)).toContain("/api/v1/monitors/{uuid}/pause")
    const properties =
      paths["/api/v1/monitors"].post.requestBody.content["application/json"].schema.properties
    expect(Object.keys(properties)).toEqual([
      "name",
      "schedule",
      "timezone",
      "grace_period",
      "running_time",
      "running_time_unit",
    ])
    expect((await host.ask("GET", "/api/v3/docs", { key: "" })).text).toContain('/ch/docs">Cronhub</a>')
  })
})
