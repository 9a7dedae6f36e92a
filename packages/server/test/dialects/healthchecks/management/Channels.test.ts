/** Channels, which Healthchecks only lists. */
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const path = "/api/v3/channels/"

describe("a channel", () => {
  it("is created, listed, chosen, and deleted", async () => {
    await using server = await HttpHost.open()
    const created = await server.ask("POST", path, { body: { name: "Mine", kind: "callback", value: {} } })
    const { id } = created.json()
    const channel = { id, name: "Mine", kind: "callback" }
    expect([created.status, created.json()]).toEqual([201, channel])
    expect((await server.ask("GET", path)).json()).toEqual({ channels: [channel] })
    const check = (await server.ask("POST", "/api/v3/checks/", { body: { channels: "Mine" } })).json()
    expect(check.channels).toBe(id)
    const deleted = await server.ask("DELETE", `${path}${id}`)
    expect([deleted.status, deleted.json()]).toEqual([200, channel])
    expect((await server.ask("GET", `/api/v3/checks/${check.uuid}`)).json().channels).toBe("")
    expect((await server.ask("DELETE", `${path}${id}`)).status).toBe(404)
  })

  it("says what it is told, unless it is everything, and is changed in the fields that a request names", async () => {
    await using server = await HttpHost.open()
    const quiet = [
      { schedule: "0 22 * * *", tz: "Europe/Riga", duration: 28_800 },
      { every: 86_400, duration: 3_600 },
      { from: "2026-12-24T00:00:00+00:00", to: "2026-12-27T00:00:00+00:00" },
    ]
    const body = { name: "Mine", kind: "callback", up: false, quiet, down: true }
    const created = await server.ask("POST", path, { body })
    const { id } = created.json()
    const channel = { id, name: "Mine", kind: "callback" }
    expect(created.json()).toEqual({ ...channel, up: false, quiet })
    const change = async (body: object) => (await server.ask("POST", path + id, { body })).json()
    expect(await change({ name: "Ours", up: true })).toEqual({ ...channel, name: "Ours", quiet })
    expect(await change({ quiet: [], reminders: false })).toEqual({
      ...channel,
      name: "Ours",
      reminders: false,
    })
    expect(await change({})).toEqual({ ...channel, name: "Ours", reminders: false })
    expect((await server.ask("GET", path)).json().channels).toEqual([
      { ...channel, name: "Ours", reminders: false },
    ])
    expect((await server.ask("GET", `${path}?details=1`)).json().channels).toEqual([
      {
        ...channel,
        name: "Ours",
        reminders: false,
        disabled: null,
        failing_since: null,
        waiting: 0,
        last_success: null,
        last_error: null,
      },
    ])
    expect((await server.ask("POST", path + id, { body: { up: true }, key: keys.other })).status).toBe(404)
  })

  it.each([
    [{ up: "no" }, "json validation error: up is not a boolean"],
    [{ quiet: {} }, "json validation error: quiet is not an array"],
    [{ quiet: [{ schedule: "whenever" }] }, /^json validation error: quiet\S* is not a/],
    [
      { quiet: [{ schedule: "0 0 * * *", duration: 86_400 }] },
      "quiet: expected windows that leave some time: these cover all of it",
    ],
    [
      {
        quiet: [
          { schedule: "* 22 * * *", duration: 60 },
          { every: 600, duration: 60 },
        ],
      },
      /not 204: write one/,
    ],
  ])("stays as it is when a change is wrong: %j", async (body, error) => {
    await using server = await HttpHost.open()
    const { id } = (await server.ask("POST", path, { body: { kind: "callback" } })).json()
    const answer = await server.ask("POST", path + id, { body })
    expect([answer.status, answer.json().error]).toEqual([
      400,
      typeof error === "string" ? error : expect.stringMatching(error),
    ])
    expect((await server.ask("GET", path)).json().channels).toEqual([{ id, name: "", kind: "callback" }])
  })

  it("is tried once, and says how that went", async () => {
    await using server = await HttpHost.open()
    const { id } = (await server.ask("POST", path, { body: { kind: "callback" } })).json()
    const tried = await server.ask("POST", `${path}${id}/test`)
    expect([tried.status, tried.json()]).toEqual([200, { result: "delivered" }])
    expect(server.alerts).toMatchObject([{ occasion: "test", status: "down" }])
    server.fail = "no such number"
    const failed = await server.ask("POST", `${path}${id}/test`)
    expect(failed.status).toBe(502)
    expect(failed.json()).toEqual({ result: "retry", error: expect.stringContaining("no such number") })
  })

  it("belongs to its project", async () => {
    await using server = await HttpHost.open()
    const { id } = (await server.ask("POST", path, { body: { kind: "callback" } })).json()
    expect((await server.ask("DELETE", `${path}${id}`, { key: keys.other })).status).toBe(404)
    expect((await server.ask("POST", `${path}${id}/test`, { key: keys.other })).status).toBe(404)
    expect((await server.ask("GET", path, { key: keys.other })).json()).toEqual({ channels: [] })
  })

  it.each([
    [{}, "json validation error: kind is missing"],
    [{ kind: 5 }, "json validation error: kind is not a string"],
    [
      { kind: "callback", name: "x".repeat(101) },
      "json validation error: name is too long: at most 100 characters, not 101",
    ],
    [{ kind: "callback", name: "a,b" }, /^name: expected a name without commas/],
    [
      { kind: "callback", quiet: [{ every: 86_400, duration: 86_400 }] },
      /^quiet: expected windows that leave/,
    ],
    [{ kind: "pigeon" }, "kind: expected no kind, since this installation tells no channels, not pigeon"],
  ])("is refused when it is wrong: %j", async (body, error) => {
    await using server = await HttpHost.open()
    const answer = await server.ask("POST", path, { body })
    const expected = typeof error === "string" ? error : expect.stringMatching(error)
    expect([answer.status, answer.json()]).toEqual([400, { error: expected }])
  })

  it("can only be listed in versions 1 and 2", async () => {
    await using server = await HttpHost.open()
    for (const version of [1, 2]) {
      expect((await server.ask("GET", `/api/v${version}/channels/`)).status).toBe(200)
      expect((await server.ask("POST", `/api/v${version}/channels/`)).status).toBe(405)
    }
  })
})
