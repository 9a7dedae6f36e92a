/** What the APIs of other services say of themselves: valid, and served as it says. */
import { Validator } from "@seriousme/openapi-schema-validator"
import type { Result } from "@overdue/core/Probe"
import * as Rounds from "@overdue/engine/commands/Rounds"
import * as Checks from "@overdue/engine/queries/Checks"
import * as Dialects from "@overdue/server/dialects/index"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { HttpHost, type Document } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"
import { DescribedAnswers } from "./DescribedAnswers.ts"

/** What is asked of one of the APIs: an operation, the parameters in its path and query, and its body. */
type Asking = (
  method: string,
  template: string,
  names?: Readonly<Record<string, string | number>>,
  body?: unknown,
) => Promise<Document>

/** Asks an API for everything that it has. */
const tours: Readonly<Record<string, (ask: Asking, host: HttpHost) => Promise<void>>> = {
  "/ch": async (ask) => {
    const given = { name: "Backup", schedule: "0 3 * * *", timezone: "Europe/Riga", grace_period: 5 }
    const list = "/api/v1/monitors"
    const one = "/api/v1/monitors/{uuid}"
    await ask("GET", list)
    const { response } = await ask("POST", list, {}, given)
    const named = { uuid: response.code }
    await ask("POST", list, {}, { ...given, running_time: 1, running_time_unit: "hours" })
    for (let more = 0; more < 4; more++) await ask("POST", list, {}, given)
    await ask("POST", list, {}, { grace_period: 61 })
    await ask("POST", list, {}, "no JSON")
    for (const path of ["/ping/{uuid}", "/start/{uuid}", "/finish/{uuid}", "/fail/{uuid}"]) {
      await ask("GET", path, named)
      await ask("GET", path, { uuid: crypto.randomUUID() })
      await ask("GET", one, named)
    }
    for (const body of [{ ...given, name: "Restore" }, {}, "no JSON"]) await ask("PUT", one, named, body)
    for (const path of ["/pause", "/resume", "/resume"]) await ask("PUT", one + path, named)
    await ask("GET", list)
    for (let twice = 0; twice < 2; twice++) await ask("DELETE", one, named)
    await ask("GET", one, named)
  },
  "/u66": async (ask) => {
    for (const path of ["/api/heartbeats", "/api/projects"]) {
      await ask("GET", path)
      const { data } = await ask("POST", path, {}, { name: "one" })
      await ask("POST", path, {}, { name: "two", project_id: data.id, color: "#123" })
      await ask("POST", path, {}, { name: "" })
      await ask("POST", path, {}, "no JSON")
      const named = { serial: data.id }
      for (const method of ["POST", "PUT", "PATCH"]) {
        await ask(method, `${path}/{serial}`, named, { name: method })
        await ask(method, `${path}/{serial}`, named, "no JSON")
        await ask(method, `${path}/{serial}`, named, { color: 1, run_interval: "often" })
      }
      await ask("GET", `${path}/{serial}`, named)
      await ask("GET", path)
      await ask("GET", path, { results_per_page: 10, page: 3 })
    }
    for (let more = 0; more < 5; more++) await ask("POST", "/api/heartbeats", {}, { name: "more" })
    const { data } = await ask("GET", "/api/heartbeats")
    const named = { serial: data[0].id, code: data[0].code }
    for (let twice = 0; twice < 2; twice++) {
      await ask("GET", "/webhook-heartbeat/{code}", named)
      await ask("GET", "/api/heartbeats/{serial}", named)
      await ask("DELETE", "/api/heartbeats/{serial}", named)
      await ask("DELETE", "/api/projects/{serial}", { serial: 1 })
    }
    const handlers = await ask("GET", "/api/notification-handlers")
    await ask("GET", "/api/notification-handlers/{serial}", { serial: handlers.data[0].id })
    await ask("GET", "/api/notification-handlers/{serial}", { serial: 99 })
  },
  "/ph": async (ask, host) => {
    const { id: service } = await ask("POST", "/resource-cmd/v1/service", {}, { name: "S", team_id: "t" })
    await ask("POST", "/resource-cmd/v1/service", {}, {})
    const create = "/resource-cmd/v1/heartbeat"
    const { id } = await ask("POST", create, {}, { service_id: service, name: "Backup", interval: 60 })
    const { id: other } = await ask("POST", create, {}, { service_id: service, name: "Other" })
    for (let more = 0; more < 4; more++) await ask("POST", create, {}, { service_id: service, name: "More" })
    await ask("POST", create, {}, { service_id: "none", name: "Backup" })
    await ask("POST", create, {}, "no JSON")
    const query = "/resource-query/v1/heartbeat/{id}"
    const event = "/data-gateway/v1/heartbeat/{id}"
    await ask("GET", query, { id })
    for (const result of ["run", "complete", "fail", "tick", "other"]) {
      await ask("GET", event, { id, result, message: result })
      await ask("GET", query, { id })
    }
    await ask("GET", event, { id: crypto.randomUUID() })
    for (const list of [
      "/resource-query/v1/team-service/{team}",
      "/resource-query/v1/service/{id}/heartbeats",
    ]) {
      for (const limit of [50, 0]) await ask("GET", list, { team: "t", id: service, limit })
    }
    const history = "/statistic-query/v1/heartbeat/{id}"
    await ask("GET", `${history}/statistic`, { id })
    await ask("GET", `${history}/statistic`, { id, interval: "1y" })
    await ask("GET", `${history}/events`, { id })
    await ask("GET", `${history}/events`, { id, limit: 0 })
    await ask("PUT", `${create}/{id}`, { id }, { enabled: false, methods: ["POST"] })
    await ask("PUT", `${create}/{id}`, { id }, { interval: "often" })
    await ask("GET", query, { id })
    for (let twice = 0; twice < 2; twice++) {
      await ask("DELETE", `${create}/{id}`, { id })
      await ask("DELETE", create, { id: other })
    }
    await ask("DELETE", create)
    await resources(ask, host, service)
    await askOfServers(ask, service)
  },
}

/** Uptime monitors. */
const resources = async (ask: Asking, host: HttpHost, service: string): Promise<void> => {
  const create = "/resource-cmd/v1/resource"
  const given = {
    name: "Website",
    type: "http",
    url: "https://example.org",
    regions: ["eu"],
    service_id: service,
  }
  // There is room for two more.
  const [{ id }, { id: other }] = [await ask("POST", create, {}, given), await ask("POST", create, {}, given)]
  for (let more = 0; more < 4; more++) await ask("POST", create, {}, given)
  for (const body of [{}, "no JSON", { ...given, type: "moon" }]) await ask("POST", create, {}, body)
  const query = "/resource-query/v1/resource/{id}"
  await ask("GET", query, { id })
  await ask("GET", `${query}/tld`, { id })
  const now = Date.now()
  for (const isFine of [true, false, true]) {
    const answer = (): Effect.Effect<Omit<Result, "region">> =>
      Effect.succeed({
        ok: isFine,
        statusCode: isFine ? 200 : 503,
        ...(!isFine && { reason: "status 503" }),
        timings: { whole: 12.5 },
        certificate: { host: "h", issuer: "i", subject: "s", validFrom: now, validTo: now + 1e9 },
        registration: { domain: "example.org", registrar: "R", expiresAt: now + 1e9 },
      })
    await host.run(Effect.flatMap(Checks.get(host.project.id, id), (check) => Rounds.once(check, answer)))
  }
  for (const part of ["", "/regions", "/ssl", "/tld", "/integrations"]) await ask("GET", query + part, { id })
  for (const limit of [50, 0])
    await ask("GET", "/resource-query/v1/service/{id}/resources", { id: service, limit })
  for (const history of [
    "/statistic-query/v1/resource/{id}/statistic",
    "/statistic-query/v1/resource/{id}/state-changed-logs",
    "/response-manager/v1/resource/{id}/responses",
  ]) {
    for (const limit of [50, 0]) await ask("GET", history, { id, limit })
  }
  for (const what of ["ssl", "tld"]) {
    const reminder = `/resource-cmd/v1/resource/{id}/${what}/reminder`
    const days = { days_before: [7, 1] }
    for (const body of [days, days, { days_before: [] }, "no JSON"]) await ask("POST", reminder, { id }, body)
    await ask("GET", `${query}/${what}/reminder`, { id })
    for (const body of [days, { days_before: [1.5] }]) await ask("PUT", reminder, { id }, body)
    await ask("DELETE", reminder, { id })
  }
  const integration = `/resource-cmd/v1/resource/{id}/integration`
  const page = { integration: "r276", type: "statuspageIo" }
  for (const body of [page, page, {}]) await ask("POST", integration, { id }, body)
  for (const body of [{ status: "resolved" }, { status: 1 }])
    await ask("PUT", `${integration}/{integration}`, { id, integration: "r276" }, body)
  await ask("DELETE", `${integration}/{integration}`, { id, integration: "r276" })
  for (const body of [{ enabled: false }, { enabled: "often" }])
    await ask("PUT", `${create}/{id}/status`, { id }, body)
  for (const body of [{ grace_period: 5 }, { grace_period: -1 }])
    await ask("PUT", `${create}/{id}`, { id }, body)
  for (let twice = 0; twice < 2; twice++) {
    await ask("DELETE", `${create}/{id}`, { id })
    await ask("DELETE", create, { id: other })
  }
  await ask("DELETE", create)
}

/** Servers. */
const askOfServers = async (ask: Asking, service: string): Promise<void> => {
  const create = "/resource-cmd/v1/server-resource"
  const metric_types_basic = ["cpu-total-usage", "disk-usage-unified", "processes-unified"]
  const given = { service_id: service, name: "web-1", metric_types_basic }
  const { id } = await ask("POST", create, {}, given)
  const { id: other } = await ask("POST", create, {}, given)
  await ask("POST", create, {}, { interval: 1 })
  for (let more = 0; more < 9; more++) await ask("POST", create, {}, given)
  const query = "/resource-query/v1/server-resource/{id}"
  const report = "/data-gateway/v1/server-resource/{id}/metrics"
  await ask("GET", query, { id })
  const metrics = [
    { type: "cpu-total-usage", value: 12.5 },
    { type: "disk-usage-unified", value: { "/": { used: 1, total: 4, percent: 25 } } },
    { type: "processes-unified", value: [{ pid: 1, name: "init", cpu: 0, memory: 1 }] },
    { type: "swap-usage", value: 0 },
  ]
  await ask("POST", report, { id }, { metrics })
  await ask("POST", report, { id }, { metrics: [{ type: "other", value: 1 }] })
  await ask("POST", report, { id: crypto.randomUUID() }, { metrics })
  await ask("GET", query, { id })
  for (const limit of [50, 0])
    await ask("GET", "/resource-query/v1/service/{id}/server-resources", { id: service, limit })
  for (const type of [...metric_types_basic, "other"])
    for (const interval of ["on-demand", "hour"])
      await ask("GET", "/statistic-query/v1/server-resource/{id}/metrics", { id, type, interval })
  await ask("PUT", `${create}/{id}`, { id }, { enabled: false, os: "ubuntu" })
  await ask("PUT", `${create}/{id}`, { id }, { timezone: "Berlin" })
  await ask("POST", report, { id }, { metrics })
  for (let twice = 0; twice < 2; twice++) {
    await ask("DELETE", `${create}/{id}`, { id })
    await ask("DELETE", create, { id: other })
  }
  await ask("DELETE", create)
}

describe.each(Dialects.dialects.slice(1))("the document of $title", ({ mount }) => {
  it("is valid OpenAPI 3.1, names each operation once, and no path that is not served", async () => {
    await using host = await HttpHost.open()
    const document = (await host.ask("GET", `${mount}/openapi.json`, { key: "" })).json()
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    expect([errors ?? [], valid]).toEqual([[], true])
    const ids: string[] = []
    for (const [path, methods] of Object.entries<Record<string, { readonly operationId: string }>>(
      document.paths,
    )) {
      for (const [method, { operationId }] of Object.entries(methods)) {
        ids.push(operationId)
        const served = await host.ask(method.toUpperCase(), mount + path.replaceAll(/\{\w+\}/g, "1"), {
          key: "",
        })
        expect([path, method, [401, 404, 422].includes(served.status)]).toEqual([path, method, true])
      }
    }
    expect(new Set(ids).size).toBe(ids.length)
  })

  it("says of numbers nothing that JSON does not have", async () => {
    await using host = await HttpHost.open()
    const { text } = await host.ask("GET", `${mount}/openapi.json`, { key: "" })
    expect(text).toContain('"number"')
    expect(text).not.toMatch(/Infinity|NaN/)
  })

  it("is a page with every field of what is sent", async () => {
    await using host = await HttpHost.open()
    const { text } = await host.ask("GET", `${mount}/docs`, { key: "" })
    expect(text).toMatch(/<code>name<\/code>(<br><small>required<\/small>)?<\/td>/)
    expect(text).toContain('href="#schema-Error"')
  })

  it("says what is answered, of each operation, and of each reason to refuse", async () => {
    const mountedAt = mount
    const asked = new Set<string>()
    await using host = await HttpHost.open({ checkLimit: 5 })
    await host.ask("POST", "/api/v3/channels/", { body: { kind: "callback", name: "C" } })
    const document = (await host.ask("GET", `${mount}/openapi.json`, { key: "" })).json()
    const described = new DescribedAnswers(document)
    const header = mountedAt === "/ch" ? "x-api-key" : "authorization"
    const ask = async (
      method: string,
      template: string,
      names: Readonly<Record<string, string | number>>,
      asking: { readonly key: string; readonly body?: unknown },
    ) => {
      const path = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(names[name]))
      const query = new URLSearchParams(
        Object.entries(names).flatMap(([name, value]) =>
          template.includes(`{${name}}`) ? [] : [[name, String(value)]],
        ),
      )
      const key = header === "authorization" ? `Bearer ${asking.key}` : asking.key
      const headers = { [header]: key, "content-type": "application/json" }
      const answer = await host.ask(method, `${mount}${path}?${query}`, {
        key: "",
        headers,
        body: asking.body,
      })
      asked.add(`${method.toLowerCase()} ${template} ${answer.status}`)
      return described.compare(method, template, answer)
    }
    const touring = async (
      method: string,
      template: string,
      names: Readonly<Record<string, string | number>> = {},
      body?: unknown,
    ) => {
      const isOpen = document.paths[template][method.toLowerCase()].security.length === 0
      if (!isOpen) await ask(method, template, names, { key: "none", body })
      return ask(method, template, names, { key: keys.readWrite, body })
    }
    await tours[mount]!(touring, host)
    for (const [template, methods] of Object.entries<Document>(document.paths)) {
      if (!template.includes("{")) continue
      for (const method of Object.keys(methods)) {
        const unknown = {
          uuid: crypto.randomUUID(),
          id: crypto.randomUUID(),
          serial: 99,
          code: "0",
          team: "t",
          integration: "none",
        }
        await ask(method.toUpperCase(), template, unknown, { key: keys.readWrite })
      }
    }
    const all = Object.entries<Document>(document.paths).flatMap(([template, methods]) =>
      Object.entries<Document>(methods).flatMap(([method, { responses }]) =>
        Object.keys(responses).map((status) => `${method} ${template} ${status}`),
      ),
    )
    // Too many requests are refused before they come to an operation, and thousands of services take long to make.
    const others = all.filter((each) => !each.endsWith(" 429") && !asked.has(each))
    expect(others).toEqual(mount === "/ph" ? ["post /resource-cmd/v1/service 403"] : [])
  })

  it("has a page whose command lines for what is sent succeed, once the names in capitals are filled in", async () => {
    await using host = await HttpHost.open()
    const { text } = await host.ask("GET", `${mount}/docs`, { key: "" })
    const headers = {
      authorization: `Bearer ${keys.readWrite}`,
      "content-type": "application/x-www-form-urlencoded",
    }
    // The one that an example adds.
    const named: Record<string, string> = { INTEGRATION: "r276xxt51c23" }
    const lines = text.matchAll(
      /<pre>curl (?:-X (\w+) )?-H &quot;[^<]*?&quot; -d '([^<]*?)' https:\/\/[^/<]*([^<]*)<\/pre>/g,
    )
    const statuses: [string, number][] = []
    for (const [, method = "POST", body = "", path = ""] of lines) {
      const fill = (line: string) =>
        line
          .replaceAll("&amp;", "&")
          .replaceAll(/\$?\b(ID|UUID|SERIAL|SERVICE_ID|INTEGRATION)\b/g, (_, name: string) => named[name]!)
      const answer = await host.ask(method, fill(path), { headers, body: fill(body) })
      statuses.push([`${method} ${path} ${body}`, answer.status])
      const { id, response, data } = answer.json()
      if (path.endsWith("/service")) named["SERVICE_ID"] = id
      named["ID"] = id
      named["UUID"] = response?.code
      named["SERIAL"] = data?.id
    }
    expect(statuses.length).toBeGreaterThan(1)
    expect(statuses.filter(([, status]) => status > 201)).toEqual([])
  })
})
