/** What Prometheus reads of the whole installation. */
import { readFileSync } from "node:fs"
import { families } from "@overdue/engine/Metrics"
import * as MemoryStore from "@overdue/engine/MemoryStore"
import * as Store from "@overdue/core/Store"
import { second } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import * as PromText from "../../../../../../test/kit/PromText.ts"

/** As Prometheus 3 says what it takes. */
const accept =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"

const scrape = (host: HttpHost, headers: Readonly<Record<string, string>> = {}) =>
  host.ask("GET", "/api/v3/metrics/", {
    key: "",
    headers: { accept, "x-metrics-key": host.metricsKey, ...headers },
  })

describe("the metrics of the installation", () => {
  it("can be parsed, say what each means, and are those of the list and no others", async () => {
    await using host = await HttpHost.open()
    const { uuid } = (await host.ask("POST", "/api/v3/checks/")).json()
    const before = PromText.parse((await scrape(host)).text)
    await host.ask("GET", `/ping/${uuid}`)
    await host.ask("GET", `/ping/${uuid}/fail`)
    await host.ask("GET", "/ping/ffffffff-0000-4000-8000-000000000000")
    await host.advance(3 * second)
    const { status, headers, text } = await scrape(host)
    expect([status, headers["content-type"]]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"])
    const found = PromText.parse(text)
    const known = new Map(families.map((family) => [family.name, family]))
    for (const [name, { type, help }] of found)
      expect({ type, help }).toEqual({ type: known.get(name)?.type, help: known.get(name)?.help })
    const grown = (name: string, labels = "") =>
      found.get(name)!.samples.get(name + labels)! - before.get(name)!.samples.get(name + labels)!
    expect(grown("overdue_pings_total")).toBe(2)
    expect(grown("overdue_pings_refused_total", '{reason="not-found"}')).toBe(1)
    expect(found.get("overdue_outbox_pending")!.samples.get("overdue_outbox_pending")).toBe(0)
    expect(found.has("overdue_commit_seconds")).toBe(true)
    expect(text).not.toContain(uuid)
  })

  it("of a histogram have buckets that only grow, the last of which has all, the sum and the count", async () => {
    await using host = await HttpHost.open()
    const { uuid } = (await host.ask("POST", "/api/v3/checks/")).json()
    await host.ask("GET", `/ping/${uuid}`)
    const { samples } = PromText.parse((await scrape(host)).text).get("overdue_commit_pings")!
    const bounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, "+Inf"]
    const buckets = bounds.map((bound) => samples.get(`overdue_commit_pings_bucket{le="${bound}"}`)!)
    expect(buckets).toEqual(buckets.toSorted((a, b) => a - b))
    expect(buckets[0]).toBeGreaterThanOrEqual(1)
    expect(buckets.at(-1)).toBe(samples.get("overdue_commit_pings_count"))
    expect(samples.get("overdue_commit_pings_sum")).toBeGreaterThanOrEqual(1)
    expect(samples.size).toBe(bounds.length + 2)
  })

  it("are for whoever accepts text, and everybody else gets what Healthchecks answers", async () => {
    await using host = await HttpHost.open()
    for (const accepts of ["*/*", "application/json", ""])
      expect((await scrape(host, { accept: accepts })).json()).toHaveProperty("num_unprocessed_flips")
    for (const accepts of ["text/plain", "TEXT/PLAIN;q=1", accept])
      expect((await scrape(host, { accept: accepts })).text).toContain("# TYPE overdue_pings_total counter\n")
    expect((await scrape(host)).headers).toMatchObject({ vary: "Accept", "cache-control": "no-store" })
  })

  it("are for whoever has the key, as a bearer token as well", async () => {
    await using host = await HttpHost.open()
    const ask = (authorization: string) =>
      host.ask("GET", "/api/v3/metrics/", { key: "", headers: { accept, authorization } })
    expect((await ask(`Bearer ${host.metricsKey}`)).status).toBe(200)
    for (const wrong of ["Bearer wrong", "Bearer ", "Basic bWV0cmljczo=", ""])
      expect(await ask(wrong)).toMatchObject({ status: 403, text: "" })
  })

  it("are answered when the store fails, without what only the store knows", async () => {
    const state = { isAway: false }
    const store = Layer.effect(
      Store.Store,
      Effect.map(Store.Store, (inner) => ({
        ...inner,
        activity: Effect.suspend(() =>
          state.isAway
            ? Effect.fail(new Store.StoreError({ reason: "unavailable", detail: "as the test says" }))
            : inner.activity,
        ),
      })),
    ).pipe(Layer.provide(MemoryStore.layer))
    await using host = await HttpHost.open({ store, log: [] })
    expect((await scrape(host)).text).toContain("\noverdue_outbox_pending 0\n")
    state.isAway = true
    const { status, text } = await scrape(host)
    expect(status).toBe(200)
    expect(text).toContain("overdue_pings_total")
    expect(text).not.toContain("overdue_outbox_pending")
    expect((await scrape(host, { accept: "*/*" })).status).toBe(503)
  })
})

describe("the table of metrics in README.md", () => {
  it("has every metric, with its type, its labels and what it says", () => {
    const path = new URL("../../../../README.md", import.meta.url).pathname
    const rows = [...readFileSync(path, "utf8").matchAll(/^\| `(overdue_\w+)` +\|(.*)\|$/gm)]
    const written = rows.map(([, name, rest]) => [name, ...rest!.split("|").map((cell) => cell.trim())])
    expect(written).toEqual(
      families.map(({ name, type, labels = {}, help }) => [
        name,
        type,
        Object.keys(labels).join(", "),
        help.replace(/\.$/, ""),
      ]),
    )
  })
})
