/** Clients that were written by the documentation of Pinghome, which have nothing changed but where names lead. */
import * as Rounds from "@overdue/engine/commands/Rounds"
import * as Dialects from "@overdue/server/dialects/index"
import { describe, expect, it } from "vitest"
import { HttpHost, keys } from "./PinghomeHost.ts"
import * as Samples from "./VendorSamples.ts"

const services = ["resource-cmd", "resource-query", "statistic-query", "data-gateway"]

const open = () =>
  HttpHost.open({
    dialects: Dialects.dialects.map((dialect) =>
      dialect.name === "pinghome"
        ? { ...dialect, hosts: services.map((name) => `${name}.api.pinghome.io`) }
        : dialect,
    ),
  })

/** Sends a request of a sample, with ids in the place of names. */
const send = (
  host: HttpHost,
  { method, url, body }: Samples.Sample,
  ids: Readonly<Record<string, string>>,
) => {
  const put = (text: string): string =>
    text.replaceAll(/SERVICE|RESOURCE|HEARTBEAT|=A|=B/g, (name) => ids[name]!)
  const bearer = url.includes("data-gateway") ? "" : keys.readWrite
  const headers = { "content-type": "application/json" }
  const text = body === undefined ? undefined : put(JSON.stringify(body))
  return host.ask(method, put(url), { bearer, headers, body: text })
}

const service = async (host: HttpHost): Promise<string> => {
  const url = "https://resource-cmd.api.pinghome.io/v1/service"
  return (await host.ask("POST", url, { bearer: keys.readWrite, body: { name: "S" } })).json().id
}

const certificate = {
  host: "website-stage.ping-home.com",
  issuer: "CN=X",
  subject: "CN=Y",
  validFrom: 0,
  validTo: Date.UTC(2027, 0, 1),
}

describe("every sample of the vendor", () => {
  it("about uptime monitors is answered with success", async () => {
    await using host = await open()
    const SERVICE = await service(host)
    const created = await send(host, Samples.resource, { SERVICE })
    expect([created.status, created.json()]).toMatchObject([201, { message: "Resource created" }])
    const RESOURCE = created.json().id
    const results = [
      { region: "eu-central-1", ok: true, statusCode: 200, timings: { whole: 9 }, certificate },
    ]
    for (const sample of Samples.ofResource) {
      // A round after the update: results of what was asked before say nothing.
      if (sample.url.endsWith("/ssl"))
        await host.run(Rounds.report(RESOURCE, { at: Date.UTC(2026, 5, 15, 12, 30), results }))
      const { status, text } = await send(host, sample, { SERVICE, RESOURCE })
      expect([sample.method, sample.url, status, text]).toEqual([
        sample.method,
        sample.url,
        sample.method === "POST" ? 201 : 200,
        text,
      ])
    }
  })

  it("about heartbeats is answered with success", async () => {
    await using host = await open()
    const SERVICE = await service(host)
    const created = await send(host, Samples.heartbeat, { SERVICE })
    expect(created.status).toBe(201)
    const HEARTBEAT = created.json().id
    for (const sample of Samples.ofHeartbeat) {
      const { status, text } = await send(host, sample, { SERVICE, HEARTBEAT })
      expect([sample.url, status, text]).toEqual([sample.url, 200, text])
    }
  })

  it("deletes several at once, and none when one is of another family", async () => {
    await using host = await open()
    const SERVICE = await service(host)
    const make = async (sample: Samples.Sample): Promise<string> =>
      (await send(host, sample, { SERVICE })).json().id
    const [resources, heartbeats] = [
      [await make(Samples.resource), await make(Samples.resource)] as const,
      [await make(Samples.heartbeat), await make(Samples.heartbeat)] as const,
    ]
    const remove = async (url: string, [a, b]: readonly [string, string]) =>
      send(host, { method: "DELETE", url }, { "=A": `=${a}`, "=B": `=${b}` })
    const [ofResources, ofHeartbeats] = Samples.deletions
    const mixed = [resources[0], heartbeats[0]] as const
    expect((await remove(ofResources, mixed)).status).toBe(404)
    expect((await remove(ofHeartbeats, mixed)).status).toBe(404)
    expect((await remove(ofResources, resources)).json()).toMatchObject({ ids: resources })
    expect((await remove(ofHeartbeats, heartbeats)).json()).toMatchObject({ ids: heartbeats })
  })

  it("that changes something is refused to keys that may only read, and to other projects", async () => {
    await using host = await open()
    const SERVICE = await service(host)
    const RESOURCE = (await send(host, Samples.resource, { SERVICE })).json().id
    const before = (await host.ask("GET", `/api/v3/checks/${RESOURCE}`)).text
    for (const sample of Samples.ofResource) {
      const url = sample.url.replaceAll("RESOURCE", RESOURCE).replaceAll("SERVICE", SERVICE)
      const body = JSON.stringify(sample.body)?.replaceAll("SERVICE", SERVICE)
      const ask = async (bearer: string) => (await host.ask(sample.method, url, { bearer, body })).status
      if (sample.method !== "GET") expect([sample, await ask(keys.readOnly)]).toEqual([sample, 401])
      expect([sample, await ask(keys.other)]).toEqual([sample, 404])
      expect([sample, await ask("nonsense")]).toEqual([sample, 401])
    }
    expect((await host.ask("GET", `/api/v3/checks/${RESOURCE}`)).text).toBe(before)
  })
})
