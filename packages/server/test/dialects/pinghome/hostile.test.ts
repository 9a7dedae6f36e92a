/** What no client should send is refused, and never answered with a fault of the server. */
import { describe, expect, it } from "vitest"
import { faults, type Kind, PinghomeHost } from "./PinghomeHost.ts"

/** Values for any field. */
const scalars = [null, true, -1, 0, 1.5, 1e308, 31_536_001, "", " ", "\0", "\ud800", "x".repeat(101), "1e3"]
const containers: readonly unknown[] = [
  [],
  {},
  [[]],
  ["GET", 1],
  Array.from({ length: 1_000 }, () => "GET"),
  { toString: 1 },
]
const values: readonly unknown[] = [...scalars, ...containers, "__proto__"]

const make: Readonly<Record<Kind, (host: PinghomeHost, service: string) => Promise<string>>> = {
  heartbeat: (host, service) => host.heartbeat(service),
  resource: (host, service) => host.resource(service),
  "server-resource": (host, service) => host.server(service),
}

/** What may be changed of each kind, in an order in which what is taken leaves the rest possible. */
const fields: Readonly<Record<Kind, string>> = {
  heartbeat: "service_id name interval enabled methods",
  resource: `service_id name is_advanced skip_ssl_error not_follow_redirect grace_period recovery_period
    maintenance_cron_expression maintenance_duration conditions regions method body data headers port url host type`,
  "server-resource": `service_id name description timezone chart_type_default os interval enabled
    metric_types_basic metric_types_advanced metric_types_complex`,
}

describe("a body", () => {
  it.each(["heartbeat", "resource", "server-resource"] as const)(
    "of any kind is taken or refused of a %s, and what is refused changes nothing",
    async (kind) => {
      await using server = await PinghomeHost.open()
      const service_id = await server.service()
      const id = await make[kind](server, service_id)
      for (const field of fields[kind].split(/\s+/)) {
        for (const value of values) {
          const before = await server.shown(id, kind)
          const answer = await server.update(id, { [field]: value }, kind)
          expect([field, value, [200, 422].includes(answer.status)]).toEqual([field, value, true])
          if (answer.status === 200) continue
          expect(faults(answer.json())?.[0]).toMatch(new RegExp(`^${field}`))
          expect(await server.shown(id, kind)).toEqual(before)
        }
      }
      expect((await server.shown(id, kind)).service_id).toBe(service_id)
    },
  )

  it("that cannot be read is named as what is wrong", async () => {
    await using server = await PinghomeHost.open()
    for (const body of ["{", "[]", "null", "1", '"x"', `{"name": "${"x".repeat(200_000)}"}`]) {
      for (const path of ["/resource-cmd/v1/heartbeat", "/resource-cmd/v1/service"]) {
        const [status, document] = await server.tell("POST", path, { body })
        expect([body.slice(0, 9), status, faults(document)]).toEqual([body.slice(0, 9), 422, ["body"]])
      }
    }
  })

  it("is told of all its faults at once", async () => {
    await using server = await PinghomeHost.open()
    const body = { interval: 0, enabled: "maybe", methods: ["GET", "BREW"] }
    const [status, document] = await server.tell("POST", "/resource-cmd/v1/heartbeat", { body })
    expect(status).toBe(422)
    expect(faults(document)?.sort()).toEqual(["enabled", "interval", "methods.1", "name", "service_id"])
  })

  it("is told of all faults of its values at once, also of those that only a lookup or the whole can tell", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const faultsOf = async (path: string, body: object) =>
      faults((await server.tell("POST", path, { body }))[1])?.sort()
    const named = { service_id: "nonsense", name: "" }
    expect(await faultsOf("/resource-cmd/v1/heartbeat", named)).toEqual(["name", "service_id"])
    expect(await faultsOf("/resource-cmd/v1/server-resource", named)).toEqual(["name", "service_id"])
    const target = { service_id: service, name: "W", type: "http", regions: ["a"] }
    const line = "maintenance_cron_expression"
    expect(await faultsOf("/resource-cmd/v1/resource", { ...target, url: "ftp://a", [line]: "x" })).toEqual([
      line,
      "url",
    ])
    const wrong = {
      ...target,
      url: "https://example.org",
      regions: ["a b"],
      headers: { A: "b\r\nC: d" },
      body: "x".repeat(20_000),
      conditions: [{ type: "response-status-check", operator: "equal", values: [] }],
    }
    expect(await faultsOf("/resource-cmd/v1/resource", wrong)).toEqual([
      "body",
      "conditions",
      "headers",
      "regions",
    ])
    const report = {
      received_at: "2000-01-01T00:00:00Z",
      metrics: [
        { type: "cpu-total-usage", value: -1 },
        { type: "swap-usage", value: 1 },
        { type: "memory-usage", value: "1" },
      ],
    }
    const path = `/data-gateway/v1/server-resource/${await server.server(service)}/metrics`
    expect(await faultsOf(path, report)).toEqual(["metrics.0.value", "metrics.2.value", "received_at"])
  })

  it("is told of a list that is none, and of one that is too long, what is wrong", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const [monitor, beat] = [await server.server(service), await server.heartbeat(service)]
    const website = await server.resource(service)
    const many = <A>(item: A): readonly A[] => Array.from({ length: 201 }, () => item)
    const report = `/data-gateway/v1/server-resource/${monitor}/metrics`
    const reminder = `/resource-cmd/v1/resource/${website}/ssl/reminder`
    const integration = { integration: "a", type: "statuspageIo" }
    const asked = [
      ["POST", report, { metrics: many({ type: "swap-usage", value: 1 }) }, "at most 200 items"],
      ["POST", report, { metrics: {} }, "a list of objects with type and value"],
      [
        "PUT",
        `/resource-cmd/v1/server-resource/${monitor}`,
        { metric_types_basic: many("swap-usage") },
        "at most 50",
      ],
      ["PUT", `/resource-cmd/v1/heartbeat/${beat}`, { methods: many("GET") }, "at most 12 items"],
      [
        "POST",
        `/resource-cmd/v1/resource/${website}/integration`,
        { ...integration, items: many("a") },
        "100",
      ],
      ["POST", reminder, { days_before: many(1) }, "at most 10 items"],
      ["POST", reminder, { days_before: [] }, "at least one item"],
    ] as const
    for (const [method, path, body, expected] of asked) {
      const [status, { errors }] = await server.tell(method, path, { body })
      expect([path, status, errors]).toEqual([
        path,
        422,
        [{ field: Object.keys(body).at(-1), message: expect.stringContaining(expected) }],
      ])
    }
  })

  it("makes no more heartbeats than the project may have", async () => {
    await using server = await PinghomeHost.open({ checkLimit: 1 })
    const service_id = await server.service()
    await server.heartbeat(service_id)
    const body = { service_id, name: "one too many" }
    expect((await server.ask("POST", "/resource-cmd/v1/heartbeat", { body })).status).toBe(403)
  })
})

describe("a query and a path", () => {
  it("of any kind are taken or refused", async () => {
    await using server = await PinghomeHost.open()
    const service = await server.service()
    const id = await server.heartbeat(service)
    await server.event(id)
    const texts = ["", "%00", "%", "%E0%A4%A", "-1", "9".repeat(400), "NaN", "2026-06-15T12:30:00Z", "a&a=b"]
    for (const text of [...texts, "0001-01-01", "9999-12-31T23:59:59Z", "+010000-01-01", "[]", "ü"]) {
      for (const path of [
        `/resource-query/v1/service/${service}/heartbeats?page=${text}&limit=${text}`,
        `/resource-query/v1/service/${text}/heartbeats`,
        `/resource-query/v1/team-service/${text}`,
        `/resource-query/v1/heartbeat/${text}`,
        `/statistic-query/v1/heartbeat/${id}/statistic?interval=1h&start_date=${text}`,
        `/statistic-query/v1/heartbeat/${id}/statistic?interval=30d&end_date=${text}`,
        `/statistic-query/v1/heartbeat/${id}/events?last_received_at=${text}`,
        `/statistic-query/v1/heartbeat/${id}/events?limit=${text}`,
        `/v1/${text}`,
      ]) {
        const { status } = await server.ask("GET", path)
        expect([path, [200, 404, 422].includes(status)]).toEqual([path, true])
      }
    }
  })

  it("that name nothing, or by another method, are told so", async () => {
    await using server = await PinghomeHost.open()
    expect(await server.tell("GET", "/resource-query/v1/nothing")).toEqual([
      404,
      { message: "Page not found" },
    ])
    const answer = await server.ask("PATCH", "/resource-cmd/v1/heartbeat")
    expect([answer.status, answer.headers["allow"]]).toEqual([405, "POST, DELETE"])
  })
})
