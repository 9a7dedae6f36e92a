/** Heartbeats: what they are made of, how clients write it, and what is refused. */
import { describe, expect, it } from "vitest"
import { keys } from "../../../../../test/kit/Keys.ts"
import { Client, json, multipart, urlencoded } from "./Client.ts"

const failure = (status: number) => ({ errors: [{ title: expect.any(String), status: String(status) }] })

describe("a new heartbeat", () => {
  it.each([
    ["parts", multipart(["name", "Example"], ["target", "example.com"])],
    ["a form", urlencoded(["name", "Example"], ["target", "example.com"])],
    ["JSON", json({ name: "Example", target: "example.com" })],
  ])("written as %s is expected every day, with an hour of grace", async (_, sent) => {
    await using client = await Client.open()
    const answer = await client.ask("POST", "/api/heartbeats", sent)
    expect([answer.status, answer.json()]).toEqual([201, { data: { id: 1 } }])
    expect(await client.get(1)).toEqual({
      id: 1,
      project_id: 0,
      name: "Example",
      code: expect.stringMatching(/^[0-9a-f]{32}$/),
      settings: {
        run_interval: 1,
        run_interval_type: "days",
        run_interval_grace: 1,
        run_interval_grace_type: "hours",
      },
      is_ok: 1,
      uptime: 0,
      downtime: 0,
      total_runs: 0,
      total_missed_runs: 0,
      last_run_datetime: null,
      notifications: { email_is_enabled: 0, webhook: "", slack: "", twilio: "", is_ok: [] },
      is_enabled: true,
      datetime: "2026-06-15 12:30:00",
      last_datetime: "2026-06-15 12:30:00",
    })
  })

  it("keeps the unit that was entered, until another API changes the time", async () => {
    await using client = await Client.open()
    const id = await client.create({ run_interval: 120, run_interval_grace: 90 })
    const timed = async () => Object.values((await client.get(id)).settings)
    expect(await timed()).toEqual([120, "minutes", 90, "seconds"])
    const { uuid } = (await client.healthchecks("GET", "/checks/")).json().checks[0]
    await client.healthchecks("POST", `/checks/${uuid}`, { timeout: 7200, grace: 120 })
    expect(await timed()).toEqual([120, "minutes", 2, "minutes"])
  })

  it.each([
    ["1", true],
    ["true", true],
    ["ON", true],
    ["0", false],
    ["false", false],
    ["off", false],
    ["", false],
  ])("is enabled, or not, by the text %j", async (text, isEnabled) => {
    await using client = await Client.open()
    await client.ask("POST", "/api/heartbeats", urlencoded(["name", "a"], ["is_enabled", text]))
    expect((await client.get(1)).is_enabled).toBe(isEnabled)
  })

  it.each([
    [
      "a box after its hidden field",
      urlencoded(["name", "a"], ["is_enabled", "0"], ["is_enabled", "1"]),
      true,
    ],
    ["a number", json({ name: "a", is_enabled: 0 }), false],
    ["null, which says nothing", json({ name: "a", is_enabled: null }), true],
  ])("is enabled, or not, by %s", async (_, sent, isEnabled) => {
    await using client = await Client.open()
    await client.ask("POST", "/api/heartbeats", sent)
    expect((await client.get(1)).is_enabled).toBe(isEnabled)
  })

  it.each([
    ["with brackets", multipart(["is_ok_notifications[]", "1"], ["is_ok_notifications[]", "3"])],
    ["with places", urlencoded(["is_ok_notifications[0]", "3"], ["is_ok_notifications[7]", "1"])],
    ["repeatedly", urlencoded(["is_ok_notifications", "1"], ["is_ok_notifications", "3"])],
    ["with commas", urlencoded(["is_ok_notifications", "1, 3"])],
    ["with what is no id", urlencoded(["is_ok_notifications", "1,3,99,x,-2,1.5,99999999999999999999"])],
    ["as an array", json({ is_ok_notifications: [1, "3", 99, null, {}] })],
    ["as an object", json({ is_ok_notifications: { 0: 1, 1: 3 } })],
  ])("tells the handlers that are listed %s", async (_, sent) => {
    await using client = await Client.open()
    await client.channel("email", "ops@example.org")
    await client.channel("slack", "https://slack.example.org/never")
    await client.channel("slack", { url: "https://slack.example.org/x" })
    const id = await client.create()
    expect((await client.ask("POST", `/api/heartbeats/${id}`, sent)).status).toBe(200)
    expect((await client.get(id)).notifications).toEqual({
      email_is_enabled: 1,
      webhook: "",
      slack: "https://slack.example.org/x",
      twilio: "",
      is_ok: [1, 3],
    })
    expect((await client.get(id, keys.readOnly)).notifications.slack).toBe("")
    await client.ask("POST", `/api/heartbeats/${id}`, multipart(["is_ok_notifications[]", ""]))
    expect((await client.get(id)).notifications.is_ok).toEqual([])
  })

  it.each([
    ["null", json({ is_ok_notifications: null }), 200],
    ["a word", json({ is_ok_notifications: "abc" }), 400],
    ["a list in a text", urlencoded(["is_ok_notifications", "[1]"]), 400],
    ["a truth value", json({ is_ok_notifications: true }), 400],
    ["things", json({ is_ok_notifications: [{}] }), 400],
  ])("goes on telling its handlers when %s is given for them", async (_, sent, status) => {
    await using client = await Client.open()
    await client.channel("email", "ops@example.org")
    const id = await client.create({ is_ok_notifications: [1] })
    expect((await client.ask("POST", `/api/heartbeats/${id}`, sent)).status).toBe(status)
    expect((await client.get(id)).notifications.is_ok).toEqual([1])
  })

  it("does not get the number of one that was deleted", async () => {
    await using client = await Client.open()
    expect([await client.create(), await client.create()]).toEqual([1, 2])
    const answer = await client.ask("DELETE", "/api/heartbeats/2/")
    expect([answer.status, answer.text]).toEqual([204, ""])
    expect((await client.ask("GET", "/api/heartbeats/2")).status).toBe(404)
    expect(await client.create()).toBe(3)
  })
})

describe("an update", () => {
  it.each(["POST", "PUT", "PATCH"])("by %s leaves alone what is left out", async (method) => {
    await using client = await Client.open()
    const id = await client.create()
    const before = await client.get(id)
    const sent = multipart(["run_interval_type", "hours"], ["name", "b"])
    const answer = await client.ask(method, `/api/heartbeats/${id}/`, sent)
    expect([answer.status, answer.json()]).toEqual([200, { data: { id } }])
    const settings = { ...before.settings, run_interval_type: "hours" }
    expect(await client.get(id)).toEqual({ ...before, name: "b", settings })
  })

  it.each([
    ["an empty name", { name: "" }],
    ["a blank name", { name: "  " }],
    ["a long name", { name: "x".repeat(65) }],
    ["a name that no database keeps", { name: "a\0" }],
    ["no time", { run_interval: 0 }],
    ["a text for a time", { run_interval: "soon" }],
    ["part of a minute", { run_interval: 1.5 }],
    ["less grace than none", { run_interval_grace: -1 }],
    ["more than a year", { run_interval: 366, run_interval_type: "days" }],
    ["more grace than a year", { run_interval_grace: 8761, run_interval_grace_type: "hours" }],
    ["weeks", { run_interval_type: "weeks" }],
    ["another unit of grace", { run_interval_grace_type: "Days" }],
    ["no truth value", { is_enabled: "maybe" }],
    ["a project that there is not", { project_id: 1 }],
  ])("with %s is refused, and nothing of it is done", async (_, wrong) => {
    await using client = await Client.open()
    const id = await client.create()
    const before = await client.get(id)
    await client.server.advance(1000)
    const sent = json({ name: "new", is_enabled: 0, run_interval_grace: 5, ...wrong })
    const answer = await client.ask("POST", `/api/heartbeats/${id}`, sent)
    expect([answer.status, answer.json()]).toEqual([400, failure(400)])
    expect(await client.get(id)).toEqual(before)
  })

  it("takes as much as a year, and no grace at all", async () => {
    await using client = await Client.open()
    const id = await client.create()
    expect(await client.change(id, { run_interval: 525_600, run_interval_grace: 0 })).toBe(200)
    expect((await client.get(id)).settings).toMatchObject({ run_interval: 525_600, run_interval_grace: 0 })
  })
})

describe("a request", () => {
  it.each([
    ["without a key", "", 401],
    ["with a wrong key", "W".repeat(32), 401],
    ["with a key of another project", keys.other, 404],
  ])("%s has no heartbeat", async (_, key, status) => {
    await using client = await Client.open()
    const id = await client.create()
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"]) {
      const answer = await client.ask(method, `/api/heartbeats/${id}`, undefined, key)
      expect([method, answer.status, answer.json()]).toEqual([method, status, failure(status)])
    }
    expect((await client.get(id)).name).toBe("job")
  })

  it("with a read-only key reads, and does not write", async () => {
    await using client = await Client.open()
    const id = await client.create()
    const status = async (method: string, path: string) =>
      (await client.ask(method, path, json({ name: "x" }), keys.readOnly)).status
    expect(await status("GET", "/api/heartbeats")).toBe(200)
    expect(await status("POST", "/api/heartbeats")).toBe(401)
    expect(await status("DELETE", `/api/heartbeats/${id}`)).toBe(401)
  })

  it.each(["bearer", "BEARER ", "Bearer  "])("may write the scheme of its key as %j", async (scheme) => {
    await using client = await Client.open()
    const headers = { authorization: `${scheme} ${keys.readWrite}` }
    expect((await client.server.ask("GET", "/u66/api/heartbeats", { key: "", headers })).status).toBe(200)
  })

  it("needs the key where this API has it", async () => {
    await using client = await Client.open()
    expect((await client.server.ask("GET", "/u66/api/heartbeats")).status).toBe(401)
  })

  it.each([
    ["GET", "/api/heartbeats/9", 404],
    ["GET", "/api/heartbeats/0", 404],
    ["GET", "/api/heartbeats/x", 404],
    ["GET", "/api/heartbeats/99999999999999999999", 404],
    ["GET", "/api/nothing", 404],
    ["PUT", "/api/heartbeats", 405],
    ["OPTIONS", "/api/heartbeats/1", 405],
  ])("%s %s is answered in the same form", async (method, path, status) => {
    await using client = await Client.open()
    const answer = await client.ask(method, path)
    expect([answer.status, answer.json()]).toEqual([status, failure(status)])
  })

  it("for headers alone is answered as one that reads", async () => {
    await using client = await Client.open()
    const id = await client.create()
    expect((await client.ask("HEAD", `/api/heartbeats/${id}`)).status).toBe(200)
  })

  it("for one more heartbeat than there may be says so", async () => {
    await using client = await Client.open({ checkLimit: 0 })
    const answer = await client.ask("POST", "/api/heartbeats", json({ name: "a" }))
    expect([answer.status, answer.json()]).toEqual([403, failure(403)])
  })

  it.each(["{", "[]", "1"])("whose body is %s is refused", async (body) => {
    await using client = await Client.open()
    const answer = await client.ask("POST", "/api/heartbeats", json(body))
    expect([answer.status, answer.json()]).toEqual([400, failure(400)])
  })
})
