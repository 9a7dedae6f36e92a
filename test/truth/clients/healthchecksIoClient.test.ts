/** Every call of the npm package `healthchecks-io-client`, unmodified, in the first version of the API and the third. */
import client, { type ApiClient } from "healthchecks-io-client"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { keys } from "../../kit/Keys.ts"
import { ClientFixture } from "./ClientFixture.ts"

let fixture: ClientFixture
beforeAll(async () => {
  fixture = await ClientFixture.open()
})
afterAll(() => fixture[Symbol.asyncDispose]())

const api = (apiVersion: number, apiKey: string = keys.readWrite): ApiClient =>
  new client.HealthChecksApiClient({ apiKey, apiVersion, baseUrl: fixture.overdue.url })

describe.each([1, 3])("the client of version %i of the API", (version) => {
  it("creates, finds, lists, changes, pauses and deletes a check", async () => {
    const tag = `v${version}`
    const created = await api(version).createCheck({
      name: "Nightly backup",
      tags: `prod ${tag}`,
      desc: "of the database",
      timeout: 3_600,
      grace: 900,
      channels: "*",
      unique: ["name", "tags"],
    })
    const id = String(created["ping_url"]).split("/").at(-1)!
    expect(created).toMatchObject({ name: "Nightly backup", timeout: 3_600, grace: 900, status: "new" })
    expect(created["update_url"]).toBe(`${fixture.overdue.url}/api/v${version}/checks/${id}`)

    expect(await api(version).getCheck(id)).toEqual(created)
    expect((await api(version).getChecks([tag])).checks).toEqual([created])
    expect((await api(version).getChecks([tag, "nowhere"])).checks).toEqual([])

    const changed = await api(version).updateCheck(id, { schedule: "0 2 * * *", tz: "Europe/Riga" })
    expect(changed).toMatchObject({ schedule: "0 2 * * *", tz: "Europe/Riga", name: "Nightly backup" })
    expect(await api(version).pauseCheck(id)).toMatchObject({ status: "paused" })
    expect(await api(version).deleteCheck(id)).toMatchObject({ name: "Nightly backup" })
    await expect(api(version).getCheck(id)).rejects.toMatchObject({ statusCode: 404 })
  })

  it("lists pings, flips and integrations", async () => {
    const { id } = await fixture.check()
    await fixture.overdue.api("POST", "/api/v3/channels/", {
      name: "hook",
      kind: "webhook",
      value: { url_down: "http://127.0.0.1:1/" },
    })
    const pings = new client.HealthChecksPingClient({ uuid: id, baseUrl: fixture.overdue.url })
    await pings.start()
    await pings.success("done")
    await pings.fail("disk full")
    expect((await api(version).listPings(id)).pings.map(({ type }) => type)).toEqual([
      "fail",
      "success",
      "start",
    ])
    const { flips } = await api(version).listFlips(id)
    expect(flips.map(({ up }) => up)).toEqual([0, 1])
    expect((await api(version).listFlips(id, { seconds: 3_600 })).flips).toEqual(flips)
    expect((await api(version).listFlips(id, { end: 1 })).flips).toEqual([])
    const { channels } = await api(version).getIntegrations()
    expect(channels[0]).toMatchObject({
      name: "hook",
      kind: "webhook",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
  })

  it("shows with a read-only key what it may show, and finds by what is shown instead of the id", async () => {
    const { id } = await fixture.check({ name: "secret", tags: `hidden${version}` })
    const [shown] = (await api(version, keys.readOnly).getChecks([`hidden${version}`])).checks
    expect(JSON.stringify(shown)).not.toContain(id)
    const key = String(shown!["unique_key"])
    expect(await api(version, keys.readOnly).getCheck(key)).toEqual(shown)
    expect((await api(version, keys.readOnly).listFlips(key)).flips).toEqual([])
    await expect(api(version, keys.readOnly).pauseCheck(id)).rejects.toMatchObject({ statusCode: 401 })
  })

  it("reports what the server refuses", async () => {
    const wrong = api(version, "?".repeat(32))
    await expect(wrong.getChecks()).rejects.toMatchObject({ statusCode: 401 })
    await expect(api(version).createCheck({ schedule: "not cron" })).rejects.toMatchObject({
      statusCode: 400,
    })
    await expect(api(version).pauseCheck(crypto.randomUUID())).rejects.toMatchObject({ statusCode: 404 })
  })
})

describe("the ping client", () => {
  it("hears what was answered, and keeps what was said", async () => {
    const { id } = await fixture.check()
    const options = { uuid: id, baseUrl: fixture.overdue.url, returnResponse: true }
    const pings = new client.HealthChecksPingClient(options)
    expect(await pings.start()).toBe("OK")
    expect(await pings.success()).toBe("OK")
    expect(await pings.success("all of it")).toBe("OK")
    expect(await pings.fail("disk full")).toBe("OK")
    const logged = await fixture.pings(id)
    expect(logged.map(({ type, method }) => `${method} ${type}`)).toEqual([
      "GET start",
      "GET success",
      "POST success",
      "POST fail",
    ])
    expect(await fixture.body(logged[3]!)).toBe("disk full")
    expect(await fixture.status(id)).toBe("down")
  })

  it("reports that there is no such check", async () => {
    const options = { uuid: crypto.randomUUID(), baseUrl: fixture.overdue.url }
    await expect(new client.HealthChecksPingClient(options).success()).rejects.toMatchObject({
      statusCode: 404,
    })
  })
})
