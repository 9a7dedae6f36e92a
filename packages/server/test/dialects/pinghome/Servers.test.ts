/** Server monitors: their settings, their reports, and their metrics as charts need them. */
import { describe, expect, it } from "vitest"
import { keys, metricTypes, PinghomeHost } from "./PinghomeHost.ts"

const unknown = "07c2f548-9850-4b27-af5d-6c9dc157ec02"
const path = "/resource-cmd/v1/server-resource"

const shown = (server: PinghomeHost, id: string) => server.shown(id, "server-resource")

/** A value of each type. */
const samples: Readonly<Record<string, unknown>> = {
  "cpu-total-usage": 1,
  "memory-usage": 2,
  "swap-usage": 3,
  "system-load-unified": { load1: 1, load5: 2, load15: 3 },
  "disk-usage-unified": { "/": { used: 1, total: 2, percent: 50 } },
  "disk-io-unified": { sda: { read: 1, write: 2 } },
  "network-usage-unified": { eth0: { rx: 1, tx: 2 } },
  "processes-unified": [{ pid: 1, name: "init", cpu: 0, memory: 0 }],
}

describe("a server monitor", () => {
  it("is created with what is usual, and shows all that was given", async () => {
    await using server = await PinghomeHost.open()
    const service_id = await server.service()
    const usual = await server.server(service_id)
    expect(await shown(server, usual)).toEqual({
      id: usual,
      service_id,
      name: "web-1",
      description: "",
      timezone: "UTC",
      chart_type_default: "line",
      os: "",
      metric_types_basic: ["cpu-total-usage", "memory-usage", "swap-usage", "system-load-unified"],
      metric_types_advanced: ["disk-usage-unified", "disk-io-unified", "network-usage-unified"],
      metric_types_complex: ["processes-unified"],
      interval: 60,
      enabled: true,
      state: "pending",
      last_report_at: null,
      created_at: "2026-06-15T12:30:00.000Z",
      updated_at: "2026-06-15T12:30:00.000Z",
    })
    const given = {
      name: "x".repeat(255),
      description: "In the cellar",
      timezone: "Europe/Berlin",
      chart_type_default: "sparkline",
      os: "ubuntu",
      metric_types_basic: ["cpu-total-usage"],
      metric_types_advanced: ["disk-io-unified"],
      metric_types_complex: ["processes-unified"],
      interval: 10,
      enabled: false,
    }
    const id = await server.server(service_id, given)
    expect(await shown(server, id)).toMatchObject({ ...given, state: "paused" })
  })

  it("is changed in what an update names, and in nothing else, by forms as by JSON", async () => {
    await using server = await PinghomeHost.open()
    const [one, two] = [await server.service("one"), await server.service("two")]
    const id = await server.server(one, { os: "ubuntu", interval: 30, description: "old" })
    const before = await shown(server, id)
    await server.advance(5)
    const answer = await server.tell("PUT", `${path}/${id}`, { body: { name: "Renamed", description: "" } })
    expect(answer).toEqual([200, { message: "Server resource updated", id }])
    const renamed = { name: "Renamed", description: "", updated_at: "2026-06-15T12:30:05.000Z" }
    expect(await shown(server, id)).toEqual({ ...before, ...renamed })
    const headers = { "content-type": "application/x-www-form-urlencoded" }
    const body = `service_id=${two}&enabled=0&metric_types_complex[]=processes-unified&metric_types_basic=cpu-total-usage,disk-io-unified`
    await server.ask("PUT", `${path}/${id}`, { headers, body })
    expect(await shown(server, id)).toEqual({
      ...before,
      ...renamed,
      service_id: two,
      enabled: false,
      state: "paused",
      metric_types_basic: ["cpu-total-usage", "disk-io-unified"],
      metric_types_complex: ["processes-unified"],
    })
  })

  it("says of each field what is wrong with it", async () => {
    await using server = await PinghomeHost.open()
    const body = {
      name: "x".repeat(256),
      timezone: "Berlin",
      interval: 9,
      enabled: "maybe",
      metric_types_basic: [1],
      metric_types_complex: ["processes-unified", "zzz"],
      description: 5,
    }
    const [status, { errors }] = await server.tell("POST", path, { body })
    expect(status).toBe(422)
    expect(errors.map(({ field }: { readonly field: string }) => field).sort()).toEqual([
      "description",
      "enabled",
      "interval",
      "metric_types_basic.0",
      "metric_types_complex.1",
      "name",
      "service_id",
      "timezone",
    ])
  })

  it("is no heartbeat, and no heartbeat is one", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const [id, beat] = [await server.server(service), await server.heartbeat(service)]
    const lists = ["heartbeats", "server-resources"].map(async (kind) => {
      const { data } = (await server.ask("GET", `/resource-query/v1/service/${service}/${kind}`)).json()
      return data.map((each: { readonly id: string }) => each.id)
    })
    expect(await Promise.all(lists)).toEqual([[beat], [id]])
    const wrong = [
      ["GET", `/resource-query/v1/heartbeat/${id}`],
      ["GET", `/statistic-query/v1/heartbeat/${id}/statistic`],
      ["GET", `/statistic-query/v1/heartbeat/${id}/events`],
      ["PUT", `/resource-cmd/v1/heartbeat/${id}`],
      ["DELETE", `/resource-cmd/v1/heartbeat/${id}`],
      ["DELETE", `/resource-cmd/v1/heartbeat?id=${beat}&id=${id}`],
      ["GET", `/resource-query/v1/server-resource/${beat}`],
      ["GET", `/statistic-query/v1/server-resource/${beat}/metrics?type=swap-usage`],
      ["PUT", `${path}/${beat}`],
      ["DELETE", `${path}/${beat}`],
      ["DELETE", `${path}?id=${id},${beat}`],
      ["POST", `/data-gateway/v1/server-resource/${beat}/metrics`],
      ["GET", `/resource-query/v1/server-resource/${unknown}`],
      ["GET", "/resource-query/v1/server-resource/1"],
    ] as const
    for (const [method, asked] of wrong) {
      const message = asked.includes("/heartbeat") ? "Heartbeat not found" : "Server resource not found"
      const answer = await server.tell(method, asked, method === "GET" ? {} : { body: {} })
      expect([asked, answer]).toEqual([asked, [404, { message }]])
    }
    expect([(await server.shown(beat)).id, (await shown(server, id)).id]).toEqual([beat, id])
    const { data } = (await server.http.ask("GET", "/u66/api/heartbeats", { bearer: keys.readWrite })).json()
    expect(data).toHaveLength(1)
    for (const serial of [1, 2]) {
      const asked = `/u66/api/heartbeats/${serial}`
      const { status } = await server.http.ask("GET", asked, { bearer: keys.readWrite })
      expect(status).toBe(serial === 1 ? 404 : 200)
    }
  })

  it("is not said to be up or down by whoever knows its id, through any door", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const before = await shown(server, id)
    const paths = ["", "?result=fail", "?result=run", "?result=complete"].map((query) => `${id}${query}`)
    for (const path of paths) {
      const answer = await server.tell("GET", `/data-gateway/v1/heartbeat/${path}`, { key: "" })
      expect(answer).toEqual([200, { message: "Heartbeat event ignored" }])
    }
    for (const path of [
      `/ping/${id}`,
      `/ping/${id}/fail`,
      `/ping/${id}/start`,
      `/ping/${id}/1`,
      `/ping/${id}/log`,
    ])
      expect((await server.http.ask("POST", path, { key: "" })).status).toBe(200)
    for (const path of [`/ch/ping/${id}`, `/ch/start/${id}`, `/ch/fail/${id}`])
      expect((await server.http.ask("GET", path, { key: "" })).status).toBe(200)
    const { status: code } = await server.http.ask("GET", `/u66/webhook-heartbeat/${id.replaceAll("-", "")}`)
    expect(code).toBeLessThan(500)
    expect(await shown(server, id)).toEqual(before)
    const answer = await server.http.ask("GET", `/api/v3/checks/${id}/pings/?details=1`)
    const { pings } = answer.json()
    expect(pings.every(({ type }: { readonly type: string }) => type === "ign")).toBe(true)
    expect(pings[0].diagnosis).toMatchObject([{ code: "server" }])
    expect((await server.report(id, {})).status).toBe(200)
    expect((await shown(server, id)).state).toBe("up")
    await server.event(id, "?result=fail")
    await server.advance(179)
    await server.event(id)
    await server.advance(1)
    expect((await shown(server, id)).state).toBe("down")
  })

  it("is not asked as well, whichever API asks for that", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const before = await server.own(id)
    for (const version of [1, 2, 3]) {
      const body = { probe: "https://example.org" }
      const answer = await server.http.ask("POST", `/api/v${version}/checks/${id}`, { body })
      expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("server monitor")])
    }
    expect(await server.own(id)).toEqual(before)
  })

  it("is deleted alone and with others, all or none", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const [one, two, three] = [
      await server.server(service),
      await server.server(service),
      await server.server(service),
    ]
    expect(await server.tell("DELETE", `${path}/${one}`)).toEqual([
      200,
      { message: "Server resource deleted", id: one },
    ])
    expect((await server.ask("DELETE", `${path}?id=${two}&id=${unknown}`)).status).toBe(404)
    expect(await server.tell("DELETE", `${path}?id=${two}&id=${three}`)).toEqual([
      200,
      { message: "Server resources deleted", ids: [two, three] },
    ])
    expect((await server.ask("GET", `/resource-query/v1/server-resource/${two}`)).status).toBe(404)
  })

  it("is down when it has not reported for its interval and a grace of two, at least a minute", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const slow = await server.server(service, { interval: 100 })
    const fast = await server.server(service, { interval: 10 })
    for (const id of [slow, fast]) await server.report(id, { "cpu-total-usage": 1 })
    const states = async () => [(await shown(server, slow)).state, (await shown(server, fast)).state]
    await server.advance(69)
    expect(await states()).toEqual(["up", "up"])
    await server.advance(1)
    expect(await states()).toEqual(["up", "down"])
    await server.advance(229)
    expect(await states()).toEqual(["up", "down"])
    await server.advance(1)
    expect(await states()).toEqual(["down", "down"])
  })
})

describe("a report", () => {
  it("is one signal of its server, and counts what it kept", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service(), { metric_types_basic: ["cpu-total-usage"] })
    const more = { "system-load-unified": { load1: 1 }, "processes-unified": [] }
    const answer = await server.report(id, { "cpu-total-usage": 12.5, "swap-usage": 1, ...more })
    const message =
      "Report received, without what the server monitor does not list: swap-usage, system-load-unified (metric_types_basic); processes-unified (metric_types_complex)"
    expect([answer.status, answer.json()]).toEqual([200, { message, accepted: 1, ignored: 3 }])
    expect(await shown(server, id)).toMatchObject({ state: "up", last_report_at: "2026-06-15T12:30:00.000Z" })
    expect((await server.http.ask("GET", `/api/v3/checks/${id}`)).json()).toMatchObject({ n_pings: 1 })
    expect(await server.metrics(id, "type=swap-usage")).toEqual([])
  })

  it("counts what its server monitor has no room for, and says how many series that keeps", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const disks = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`d${from + n}`, { read: 1, write: 2 }]))
    const report = async (values: Readonly<Record<string, unknown>>) =>
      (await server.report(id, values)).json()
    for (const from of [0, 250])
      expect(await report({ "disk-io-unified": disks(from, 250) })).toEqual({
        message: "Report received",
        accepted: 1,
        ignored: 0,
      })
    const message =
      "Report received, without 4 numbers whose series would be more than the 1000 of a server monitor"
    const again = { "disk-io-unified": disks(498, 3), "swap-usage": 1, "memory-usage": 1 }
    expect(await report(again)).toEqual({ message, accepted: 0, ignored: 3 })
    expect(await report({ "disk-io-unified": disks(0, 2), "processes-unified": [] })).toEqual({
      message: "Report received",
      accepted: 2,
      ignored: 0,
    })
  })

  it("of a time that no instant has here is told which have", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    for (const [at, message] of [
      ["1969-01-01T00:00:00Z", "must be an instant in the years 1970 to 9999"],
      ["2026-02-30T00:00:00Z", "must be a day from 01 to 28 in month 2026-02"],
    ] as const) {
      const answer = await server.report(id, { "cpu-total-usage": 1 }, at)
      expect([answer.status, answer.json().errors]).toEqual([422, [{ field: "received_at", message }]])
    }
  })

  it("is kept whole of a monitor that was created with a name alone, and of one that names none not at all", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const values = Object.fromEntries(metricTypes.map((type) => [type, samples[type]]))
    const [all, none] = [
      await server.server(service),
      await server.server(service, { metric_types_basic: [] }),
    ]
    expect((await server.report(all, values)).json()).toEqual({
      message: "Report received",
      accepted: metricTypes.length,
      ignored: 0,
    })
    for (const type of metricTypes) expect(await server.metrics(all, `type=${type}`)).toHaveLength(1)
    const refused = (await server.report(none, values)).json()
    expect(refused).toMatchObject({ accepted: 0, ignored: metricTypes.length })
    for (const part of [
      ...metricTypes,
      "metric_types_basic",
      "metric_types_advanced",
      "metric_types_complex",
    ])
      expect(refused.message).toContain(part)
    expect((await shown(server, none)).state).toBe("up")
  })

  it("changes nothing while its server is disabled, and needs a key that may write", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service(), { enabled: false })
    const answer = await server.report(id, { "cpu-total-usage": 12.5 })
    expect([answer.status, answer.json()]).toEqual([
      200,
      { message: "Report ignored: the server monitor is disabled", accepted: 0, ignored: 1 },
    ])
    expect(await shown(server, id)).toMatchObject({ state: "paused", last_report_at: null })
    expect(await server.metrics(id, "type=cpu-total-usage")).toEqual([])
    await server.ask("PUT", `${path}/${id}`, { body: { enabled: true } })
    await server.report(id, { "cpu-total-usage": 12.5 })
    expect(await server.metrics(id, "type=cpu-total-usage")).toHaveLength(1)
    for (const key of ["", keys.readOnly]) {
      const asked = `/data-gateway/v1/server-resource/${id}/metrics`
      expect((await server.ask("POST", asked, { key, body: { metrics: [] } })).status).toBe(401)
    }
  })

  it.each([
    ["cpu-total-usage", [null, "12", -1, {}, [1], 1e19]],
    ["system-load-unified", [1, {}, { load2: 1 }, { load1: "1" }, [1]]],
    [
      "disk-usage-unified",
      [1, { "/": 5 }, { "/": { free: 1 } }, { "/": {} }, { ["x".repeat(200)]: { used: 1 } }],
    ],
    ["disk-io-unified", [{ "a\nb": { read: 1 } }, { sda: { read: -1 } }]],
    ["network-usage-unified", [{ eth0: [1, 2] }]],
    [
      "processes-unified",
      [
        {},
        [{ pid: 1, name: "a", cpu: -1, memory: 0 }],
        [{ pid: 1 }],
        [{ pid: 1, name: 2, cpu: 0, memory: 0 }],
        "top",
      ],
    ],
    ["uptime", [1]],
  ])("of %s that makes no sense is refused, and nothing of it is kept", async (type, values) => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    for (const value of values) {
      const answer = await server.report(id, { "memory-usage": 1, [type]: value })
      expect([type, value, answer.status]).toEqual([type, value, 422])
      expect(answer.json().errors[0].field).toMatch(/^metrics\.1\.(?:value|type)$/)
    }
    expect(await shown(server, id)).toMatchObject({ state: "pending" })
  })

  it("may be late by as long as samples are kept as they came, and hardly ahead", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const cpu = { "cpu-total-usage": 1 }
    const statuses: number[] = []
    for (const at of [
      "2026-06-14T12:29:59.999Z",
      "2026-06-14T12:30:00Z",
      "2026-06-15T14:34:00+02:00",
      "2026-06-15T12:35:00.001Z",
      "yesterday",
    ])
      statuses.push((await server.report(id, cpu, at)).status)
    expect(statuses).toEqual([422, 200, 200, 422, 422])
    const data = await server.metrics(id, "type=cpu-total-usage&start_date=2026-06-01T00:00:00Z")
    expect(data.map(({ received_at }) => received_at)).toEqual([
      "2026-06-14T12:30:00.000Z",
      "2026-06-15T12:34:00.000Z",
    ])
  })

  it("has at most 64 KiB, and 2,000 numbers", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const disks = (count: number, name = "") =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}${n}`, { read: 1, write: 1 }]))
    expect((await server.report(id, { "disk-io-unified": disks(1_000) })).status).toBe(200)
    expect((await server.report(id, { "disk-io-unified": disks(1_001) })).json().errors).toEqual([
      { field: "metrics", message: "must have at most 2000 numbers" },
    ])
    const long = await server.report(id, { "disk-io-unified": disks(700, "x".repeat(100)) })
    expect([long.status, long.json().errors]).toEqual([
      422,
      [{ field: "body", message: "the body is too long" }],
    ])
  })
})

describe("metrics", () => {
  it("have the shape in which they were reported, whatever things are called", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const reported = {
      "cpu-total-usage": 12.5,
      "system-load-unified": { load1: 0.5, load15: 0.25, load5: 1 },
      "disk-usage-unified": {
        "/": { percent: 25, total: 4e12, used: 1e12 },
        "/mnt/my disk": { percent: 1, total: 2, used: 3 },
        ["__proto__"]: { percent: 1, total: 2, used: 3 },
      },
      "network-usage-unified": { eth0: { rx: 5, tx: 0 } },
      "processes-unified": Array.from({ length: 25 }, (_, pid) => ({
        pid,
        name: `p${pid}`,
        cpu: 1,
        memory: 2,
      })),
    }
    await server.report(id, reported)
    for (const [type, value] of Object.entries(reported)) {
      const received_at = "2026-06-15T12:30:00.000Z"
      const kept = Array.isArray(value) ? value.slice(0, 20) : value
      expect(await server.metrics(id, `type=${type}`)).toEqual([{ received_at, value: kept }])
    }
  })

  it("are the newest, oldest first, of the last hour unless it is asked for otherwise", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    for (let minutes = 0; minutes < 4; minutes++) {
      await server.report(id, { "cpu-total-usage": minutes })
      await server.advance(1_200)
    }
    const values = async (query: string) =>
      (await server.metrics(id, `type=cpu-total-usage&${query}`)).map(({ value }) => value)
    expect(await values("")).toEqual([1, 2, 3])
    expect(await values("limit=2")).toEqual([2, 3])
    expect(await values("start_date=2026-06-15T12:00:00Z")).toEqual([0, 1, 2, 3])
    expect(await values("start_date=2026-06-15T12:50:00Z&end_date=2026-06-15T13:10:00Z")).toEqual([1, 2])
    expect(await values("end_date=2026-06-15T12:50:00Z")).toEqual([0, 1])
  })

  it("are processes of the time that is asked for, and of no report that was ignored", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const processes = (name: string) => ({ "processes-unified": [{ pid: 1, name, cpu: 0, memory: 0 }] })
    const names = async (query = "") =>
      (await server.metrics(id, `type=processes-unified${query}`)).flatMap(({ value }) =>
        value.map(({ name }: { readonly name: string }) => name),
      )
    for (const name of ["first", "second"]) {
      await server.report(id, processes(name))
      for (let minutes = 0; minutes < 45; minutes++) {
        await server.advance(60)
        await server.report(id, { "cpu-total-usage": 1 })
      }
    }
    expect(await names()).toEqual(["second"])
    expect(await names("&end_date=2026-06-15T13:14:59Z")).toEqual(["first"])
    expect(await names("&start_date=2026-06-15T13:15:01Z")).toEqual([])
    await server.update(id, { enabled: false }, "server-resource")
    await server.report(id, processes("ignored"))
    expect(await names()).toEqual(["second"])
  })

  it("come in buckets of a minute, an hour or a day, with the mean, the least and the most", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    for (const [seconds, used] of [
      [0, 10],
      [30, 30],
      [3_570, 50],
    ] as const) {
      await server.advance(seconds)
      await server.report(id, { "memory-usage": used, "disk-usage-unified": { "/": { used } } })
    }
    const asked = (type: string, interval: string) => server.metrics(id, `type=${type}&interval=${interval}`)
    expect(await asked("memory-usage", "minute")).toEqual([
      { received_at: "2026-06-15T12:30:00.000Z", value: 20, min: 10, max: 30, count: 2 },
      { received_at: "2026-06-15T13:30:00.000Z", value: 50, min: 50, max: 50, count: 1 },
    ])
    expect(await asked("memory-usage", "hour")).toMatchObject([
      { received_at: "2026-06-15T12:00:00.000Z", value: 20 },
      { received_at: "2026-06-15T13:00:00.000Z", value: 50 },
    ])
    const of = (used: number) => ({ "/": { used } })
    expect(await asked("disk-usage-unified", "day")).toEqual([
      { received_at: "2026-06-15T00:00:00.000Z", value: of(30), min: of(10), max: of(50), count: 3 },
    ])
  })

  it("are asked for by a type and an interval that there are", async () => {
    await using server = await PinghomeHost.open()
    const id = await server.server(await server.service())
    const fields: unknown[] = []
    for (const query of [
      "",
      "type=uptime",
      "type=swap-usage&interval=week",
      "type=swap-usage&limit=1001",
      "type=swap-usage&start_date=soon",
      "type=swap-usage&start_date=2026-06-15T12:50:00Z&end_date=2026-06-15T12:49:00Z",
    ]) {
      const answer = await server.ask("GET", `/statistic-query/v1/server-resource/${id}/metrics?${query}`)
      fields.push([answer.status, answer.json().errors[0].field])
    }
    expect(fields).toEqual(
      ["type", "type", "interval", "limit", "start_date", "start_date"].map((field) => [422, field]),
    )
    for (const type of metricTypes) expect(await server.metrics(id, `type=${type}&interval=day`)).toEqual([])
  })

  it("are reached without the name of a service, as at a host of their own", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const made = await server.tell("POST", "/v1/server-resource", {
      body: { service_id: service, name: "a" },
    })
    const { id } = made[1]
    const metrics = [{ type: "swap-usage", value: 1 }]
    const statuses = [
      made[0],
      (await server.ask("POST", `/v1/server-resource/${id}/metrics`, { body: { metrics } })).status,
      (await server.ask("GET", `/v1/server-resource/${id}/metrics?type=swap-usage`)).status,
      (await server.ask("GET", `/v1/service/${service}/server-resources`)).status,
      (await server.ask("GET", `/v1/server-resource/${id}`)).status,
      (await server.ask("PUT", `/v1/server-resource/${id}`, { body: {} })).status,
      (await server.ask("DELETE", `/v1/server-resource?id=${id}`)).status,
    ]
    expect(statuses).toEqual([201, 200, 200, 200, 200, 200, 200])
  })
})
