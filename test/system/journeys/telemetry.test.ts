/** A real server that is watched: scraped by Prometheus, and exporting to a collector. */
import { families } from "@overdue/engine/Metrics"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Collected from "../../kit/Collected.ts"
import * as Folder from "../../kit/Folder.ts"
import { keys } from "../../kit/Keys.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as PromText from "../../kit/PromText.ts"
import * as Receiver from "../../kit/Receiver.ts"

const metricsKey = "the-key-to-the-metrics"
const token = "the-token-of-the-collector"

/** What nobody who sees an export may learn, besides ids and keys. */
const secrets = [
  "hunter2",
  "the-slug-of-the-job",
  "the-body-of-the-ping",
  "hook-of-the-team",
  "page-of-the-team",
]

const exporting = (url: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
  OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${token}`,
  OTEL_BSP_SCHEDULE_DELAY: "100",
  OTEL_METRIC_EXPORT_INTERVAL: "100",
  OVERDUE_METRICS_KEY: metricsKey,
})

const scrape = async (server: OverdueServer) => {
  const answer = await fetch(`${server.url}/api/v3/metrics/`, {
    headers: { accept: "text/plain", authorization: `Bearer ${metricsKey}` },
  })
  return PromText.parse(await answer.text())
}

describe("a server that exports to a collector", () => {
  const folder = Folder.make("telemetry")
  let collector: Receiver.Receiver
  let hook: Receiver.Receiver
  let server: OverdueServer
  let ids: readonly string[]
  let scraped: ReadonlyMap<string, PromText.Family>

  beforeAll(async () => {
    collector = await Receiver.listen(Receiver.status(200))
    hook = await Receiver.listen()
    server = await OverdueServer.start(folder.path, { environment: exporting(collector.url) })
    const created = async (path: string, body: unknown) => (await server.api("POST", path, body)).json
    const channel = await created("/api/v3/channels/", {
      kind: "webhook",
      name: "hook",
      value: { method_down: "POST", url_down: `${hook.url}/hook-of-the-team?key=hunter2` },
    })
    const check = await created("/api/v3/checks/", {
      name: "a job",
      slug: "the-slug-of-the-job",
      channels: String(channel["id"]),
    })
    const asked = await created("/api/v3/checks/", {
      name: "a page",
      probe: { url: `http://127.0.0.1:${hook.port}/page-of-the-team?key=hunter2`, every: 60 },
    })
    const nobody = crypto.randomUUID()
    ids = [check, asked, channel].map((one) => String(one["uuid"] ?? one["id"])).concat(nobody)
    const ping = (path: string, body = "") => fetch(`${server.url}${path}`, { method: "POST", body })
    await ping(`/ping/${ids[0]}`)
    await ping(`/ping/${ids[0]}/fail`, "the-body-of-the-ping")
    await ping(`/ping/${keys.ping}/the-slug-of-the-job`)
    await ping(`/ping/${nobody}`)
    await server.api("DELETE", `/api/v3/checks/${nobody}`)
    await server.api("GET", `/api/v3/checks/${ids[0]}/pings/`)
    await fetch(`${server.url}/api/v3/checks/`, { headers: { "X-Api-Key": "W".repeat(32) } })
    await fetch(`${server.url}/projects/${nobody}/metrics/${keys.readOnly}`)
    // The page is asked for, and the team is told, which the server sees later than they do.
    await hook.count(2)
    do scraped = await scrape(server)
    while (!scraped.has("overdue_probes_total") || !scraped.has("overdue_attempts_total"))
    while (!collector.received.some(({ body }) => body.includes("overdue_process_uptime_seconds")))
      await collector.count(collector.received.length + 1)
    const { code } = await server.stop()
    expect(code).toBe(0)
  })

  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await collector.close()
    await hook.close()
    folder[Symbol.dispose]()
  })

  it("shows what it does: commits, attempts, probes and requests, by their routes", () => {
    const { spans, metrics, lines, resource } = Collected.of(collector.received)
    const names = spans.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining([
        "overdue.commit",
        "overdue.store.transact",
        "overdue.claim",
        "overdue.attempt",
        "overdue.settle",
        "overdue.probe",
      ]),
    )
    expect(spans.find(({ name }) => name === "overdue.attempt")!.attributes).toMatchObject({
      "overdue.kind": "webhook",
      "overdue.outcome": "delivered",
    })
    expect(spans.find(({ name }) => name === "overdue.probe")!.attributes).toMatchObject({
      "overdue.kind": "http",
    })
    const requests = spans.filter(({ attributes }) => "http.request.method" in attributes)
    const shown = requests.map(({ name, attributes }) => [
      name.split(" ")[0],
      attributes["http.route"],
      attributes["http.response.status_code"],
    ])
    expect(shown).toEqual(
      expect.arrayContaining([
        ["POST", "/api/v3/checks/", 201],
        ["DELETE", "/api/v3/checks/{uuid}", 404],
        ["GET", "/api/v3/checks/{uuid}/pings/", 200],
        ["GET", "/api/v3/checks/", 401],
      ]),
    )
    expect(
      names.filter((name) => name.includes("ping")),
      "pings have no span of their own",
    ).toEqual([])
    expect(metrics).toEqual(expect.arrayContaining(["overdue_pings_total", "overdue_process_uptime_seconds"]))
    expect(lines).toEqual(expect.arrayContaining([expect.stringContaining("a job"), "stopping on SIGTERM"]))
    expect(resource["service.name"]).toBe("overdue")
  })

  it("tells the collector no id, no key, no address and nothing that anybody sent", () => {
    const said = collector.received.map(({ url, body }) => url + body).join("\n")
    expect(said.length).toBeGreaterThan(1_000)
    for (const secret of [...ids, ...secrets, ...Object.values(keys), metricsKey, token])
      expect(said.includes(secret), secret).toBe(false)
    // Ids without their hyphens, and 32 digits of a key, would be secrets as well: only traces are named so.
    const traces = new Set([...said.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map(([, id]) => id))
    for (const [text] of said.matchAll(/[0-9a-f]{32}/g)) expect(traces).toContain(text)
    for (const { headers } of collector.received) expect(headers.authorization).toBe(`Bearer ${token}`)
    expect(server.output.stderr).not.toContain(token)
  })

  it("shows the same to Prometheus, with every metric that it has", () => {
    const absent = families.map(({ name }) => name).filter((name) => !scraped.has(name))
    // SQLite has no pool, and nothing fell silent.
    expect(absent).toEqual(["overdue_store_connections", "overdue_sweep_lag_seconds"])
    const value = (name: string, labels = "") => scraped.get(name)!.samples.get(name + labels)
    expect(value("overdue_pings_refused_total", '{reason="not-found"}')).toBe(1)
    expect(value("overdue_attempts_total", '{kind="webhook",outcome="delivered"}')).toBeGreaterThanOrEqual(1)
    expect(value("overdue_probes_total", '{kind="http",outcome="ok"}')).toBe(1)
    expect(value("overdue_sweep_age_seconds")).toBeLessThan(60)
    expect(value("overdue_process_resident_memory_bytes")).toBeGreaterThan(1e7)
  })
})

describe("a server whose collector never answers", () => {
  it("takes pings as ever, says so once, and stops in time", async () => {
    using folder = Folder.make("telemetry-hang")
    await using collector = await Receiver.listen("hang")
    const environment = { ...exporting(collector.url), OTEL_EXPORTER_OTLP_TIMEOUT: "200" }
    await using server = await OverdueServer.start(folder.path, { environment })
    const { json } = await server.api("POST", "/api/v3/checks/", {})
    while (!server.output.stderr.includes("traces cannot be exported"))
      expect(await (await fetch(`${server.url}/ping/${String(json["uuid"])}`)).text()).toBe("OK")
    const { code, stderr } = await server.stop()
    expect(code).toBe(0)
    expect(stderr.match(/traces cannot be exported/g)).toHaveLength(1)
    expect(stderr).toContain("because it did not answer within 0.2 s")
  })
})

describe("a server whose variables for a collector are wrong", () => {
  it("says which and starts without", async () => {
    using folder = Folder.make("telemetry-wrong")
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:4317/hunter2" }
    await using server = await OverdueServer.start(folder.path, { environment })
    const { code, stderr } = await server.stop()
    expect(code).toBe(0)
    expect(stderr).toContain(
      "overdue serve: OTEL_EXPORTER_OTLP_ENDPOINT is no URL such as http://127.0.0.1:4318; it is left out\n",
    )
    expect(stderr).not.toContain("hunter2")
  })
})
