/** What becomes of heartbeats: runs and those that are missed, and those that nobody expects for a while. */
import { second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { Client, json } from "./Client.ts"

const shown = async (client: Client, id: number) => {
  const heartbeat = await client.get(id)
  const { is_ok, is_enabled, uptime, downtime, total_runs, total_missed_runs } = heartbeat
  return [is_ok, is_enabled, uptime, downtime, total_runs, total_missed_runs]
}

/** A heartbeat of a minute and ten seconds that has run once. */
const running = async () => {
  const client = await Client.open()
  const id = await client.create()
  await client.ping(id)
  return { client, id }
}

const uuidOf = async (client: Client): Promise<string> =>
  (await client.healthchecks("GET", "/checks/")).json().checks[0].uuid

describe("a heartbeat", () => {
  it("has been up all the time when its first run has just come", async () => {
    const { client, id } = await running()
    await using _ = client
    expect(await shown(client, id)).toEqual([1, true, 100, 0, 1, 0])
    expect((await client.get(id)).last_run_datetime).toBe("2026-06-15 12:30:00")
  })

  it("is down when a run is missed, also when no deadline was processed since", async () => {
    const { client, id } = await running()
    await using _ = client
    await client.server.advance(69 * second)
    expect(await shown(client, id)).toEqual([1, true, 100, 0, 1, 0])
    await client.server.advance(141 * second)
    expect(await shown(client, id)).toEqual([0, true, 33.33, 66.67, 1, 3])
    await client.ping(id)
    expect(await shown(client, id)).toEqual([1, true, 33.33, 66.67, 2, 3])
  })

  it("is as it was while it is disabled, ignores runs, and is expected again from the first run on", async () => {
    const { client, id } = await running()
    await using _ = client
    await client.server.advance(140 * second)
    expect(await client.change(id, { is_enabled: 0 })).toBe(200)
    expect(await shown(client, id)).toEqual([0, false, 50, 50, 1, 2])
    await client.server.advance(3600 * second)
    await client.ping(id)
    expect(await shown(client, id)).toEqual([0, false, 50, 50, 1, 2])
    expect(await client.change(id, { is_enabled: "on" })).toBe(200)
    expect(await shown(client, id)).toEqual([1, true, 50, 50, 1, 2])
    await client.server.advance(3600 * second)
    expect((await shown(client, id)).slice(0, 4)).toEqual([1, true, 50, 50])
    await client.ping(id)
    await client.server.advance(60 * second)
    expect((await shown(client, id)).slice(0, 5)).toEqual([1, true, 65, 35, 2])
  })

  it("was up when it was paused after it had recovered", async () => {
    const { client, id } = await running()
    await using _ = client
    await client.server.advance(140 * second)
    await client.ping(id)
    await client.change(id, { is_enabled: 0 })
    expect((await client.get(id)).is_ok).toBe(1)
  })

  it("counts runs that its log has forgotten", async () => {
    const { client, id } = await running()
    await using _ = client
    for (let count = 0; count < 4; count++) await client.ping(id)
    await client.server.advance(140 * second)
    // Twice as many as the log of the project keeps.
    for (let count = 0; count < 200; count++) await client.ping(id)
    const uuid = await uuidOf(client)
    const { pings } = (await client.healthchecks("GET", `/checks/${uuid}/pings/`)).json()
    expect(pings).toHaveLength(100)
    expect(await shown(client, id)).toEqual([1, true, 50, 50, 205, 2])
  })

  it("is late by a new interval as if it had been expected so all along", async () => {
    const { client, id } = await running()
    await using _ = client
    await client.server.advance(50 * second)
    await client.change(id, { run_interval: 2 })
    await client.server.advance(79 * second)
    expect((await client.get(id)).is_ok).toBe(1)
    await client.server.advance(second)
    expect((await client.get(id)).is_ok).toBe(0)
  })

  it("that is renamed is due when it was", async () => {
    const { client, id } = await running()
    await using _ = client
    await client.server.advance(60 * second)
    await client.change(id, { name: "b" })
    await client.server.advance(10 * second)
    expect((await client.get(id)).is_ok).toBe(0)
  })
})

describe("a check of another API", () => {
  const cron = { name: "C", schedule: "0 */6 * * *", tz: "UTC", grace: 90, tags: "a b", manual_resume: true }

  it("that has a schedule is shown by the time between its next two slots, and keeps it", async () => {
    await using client = await Client.open()
    await client.healthchecks("POST", "/checks/", cron)
    expect((await client.get(1)).settings).toEqual({
      run_interval: 6,
      run_interval_type: "hours",
      run_interval_grace: 90,
      run_interval_grace_type: "seconds",
    })
    await client.change(1, { name: "D", run_interval_grace: 100 })
    const check = (await client.healthchecks("GET", "/checks/")).json().checks[0]
    expect(check).toMatchObject({ ...cron, name: "D", grace: 100 })
  })

  it("turns simple by an interval, and keeps what this API does not know", async () => {
    await using client = await Client.open()
    await client.healthchecks("POST", "/checks/", cron)
    await client.change(1, { run_interval_type: "minutes" })
    const check = (await client.healthchecks("GET", "/checks/")).json().checks[0]
    expect(check).toMatchObject({ name: "C", timeout: 360, grace: 90, tags: "a b", manual_resume: true })
  })

  it.each([true, false])("that is disabled and enabled has manual_resume %j again", async (manual_resume) => {
    await using client = await Client.open()
    const { uuid } = (await client.healthchecks("POST", "/checks/", { manual_resume })).json()
    const resumes = async () => (await client.healthchecks("GET", `/checks/${uuid}`)).json().manual_resume
    await client.change(1, { is_enabled: 0 })
    expect(await resumes()).toBe(true)
    await client.change(1, { is_enabled: 0, name: "b" })
    await client.change(1, { is_enabled: 1 })
    expect(await resumes()).toBe(manual_resume)
    await client.change(1, { is_enabled: 1 })
    expect(await resumes()).toBe(manual_resume)
  })

  it("that failed at first was down all the time", async () => {
    await using client = await Client.open()
    const { ping_url } = (await client.healthchecks("POST", "/checks/", { name: "F" })).json()
    await client.server.ask("GET", `${ping_url}/fail`)
    await client.server.advance(second)
    expect(await shown(client, 1)).toEqual([0, true, 0, 100, 0, 0])
  })
})

describe("a ping", () => {
  it.each([
    ["as it is", (code: string) => code],
    ["in capitals", (code: string) => code.toUpperCase()],
    ["with a slash", (code: string) => `${code}/`],
    ["with dashes", (code: string) => code.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-")],
  ])("names its heartbeat by the code, %s", async (_, written) => {
    await using client = await Client.open()
    const id = await client.create()
    const { code } = await client.get(id)
    for (const method of ["GET", "HEAD", "POST"]) {
      const path = `/webhook-heartbeat/${written(code)}`
      const answer = await client.ask(method, path, method === "POST" ? json("done") : undefined, "")
      expect([answer.status, answer.text]).toEqual([200, ""])
      expect(answer.headers["cache-control"]).toContain("no-store")
    }
    const uuid = await uuidOf(client)
    const { pings } = (await client.healthchecks("GET", `/checks/${uuid}/pings/`)).json()
    expect(pings.map(({ type, method }: Record<string, string>) => `${type} ${method}`)).toEqual([
      "success POST",
      "success HEAD",
      "success GET",
    ])
    expect((await client.healthchecks("GET", `/checks/${uuid}/pings/3/body`)).text).toBe("done")
  })

  it.each([
    ["GET", `/webhook-heartbeat/${"0".repeat(32)}`, 404],
    ["POST", `/webhook-heartbeat/${"0".repeat(32)}`, 404],
    ["GET", "/webhook-heartbeat/12345678901112131415", 404],
    ["GET", "/webhook-heartbeat/", 404],
    ["DELETE", `/webhook-heartbeat/${"0".repeat(32)}`, 405],
  ])("%s %s is refused in the form of the API", async (method, path, status) => {
    await using client = await Client.open()
    const answer = await client.ask(method, path, undefined, "")
    expect(answer.status).toBe(status)
    expect(answer.json()).toEqual({ errors: [{ title: expect.any(String), status: String(status) }] })
  })
})
