import { connect } from "@overdue/client/management"
import { describe, expect, it } from "vitest"
import { listen } from "../../../test/kit/Receiver.ts"
import type { Answer } from "../../../test/kit/Receiver.ts"

const check = { name: "Backup", slug: "backup", status: "up" }

/** What one call sends and what becomes of the answer. */
const exchange = async <A>(answer: unknown, use: (api: ReturnType<typeof connect>) => Promise<A>) => {
  const reply: Answer = { status: 200, body: typeof answer === "string" ? answer : JSON.stringify(answer) }
  await using server = await listen([reply])
  const result = await use(connect({ baseUrl: `${server.url}/`, apiKey: "hcw_key" }))
  const [{ method, url, headers, body }] = server.received as [(typeof server.received)[number]]
  expect(headers["x-api-key"]).toBe("hcw_key")
  return { result, sent: body.length === 0 ? [method, url] : [method, url, JSON.parse(body)] }
}

describe("the management API", () => {
  it.each([
    [
      "lists",
      (api) => api.checks.list(),
      { checks: [check] },
      ["GET", "/api/v3/checks/?defaults=own"],
      [check],
    ],
    [
      "lists by tags and slug",
      (api) => api.checks.list({ tags: ["prod", "a&b"], slug: "db" }),
      { checks: [] },
      ["GET", "/api/v3/checks/?tag=prod&tag=a%26b&slug=db&defaults=own"],
      [],
    ],
    [
      "lists with details",
      (api) => api.checks.list({ details: true }),
      { checks: [{ ...check, since: "2026-06-15T12:30:00+00:00" }] },
      ["GET", "/api/v3/checks/?details=1&defaults=own"],
      [{ ...check, since: "2026-06-15T12:30:00+00:00" }],
    ],
    [
      "gets with details",
      (api) => api.checks.get("u", { details: true }),
      check,
      ["GET", "/api/v3/checks/u?defaults=own&details=1"],
      check,
    ],
    ["gets", (api) => api.checks.get("u/1"), check, ["GET", "/api/v3/checks/u%2F1?defaults=own"], check],
    [
      "creates",
      (api) => api.checks.create({ name: "Backup", grace: 60, unique: ["name"] }),
      check,
      ["POST", "/api/v3/checks/?defaults=own", { name: "Backup", grace: 60, unique: ["name"] }],
      check,
    ],
    [
      "updates",
      (api) => api.checks.update("u", { tags: "" }),
      check,
      ["POST", "/api/v3/checks/u?defaults=own", { tags: "" }],
      check,
    ],
    [
      "updates from now on, and asks for remarks",
      (api) => api.checks.update("u", { restart: true }, { remarks: true }),
      check,
      ["POST", "/api/v3/checks/u?defaults=own&remarks=1", { restart: true }],
      check,
    ],
    [
      "reads remarks",
      (api) => api.checks.get("u", { remarks: true }),
      { ...check, remarks: [] },
      ["GET", "/api/v3/checks/u?defaults=own&remarks=1"],
      { ...check, remarks: [] },
    ],
    [
      "pauses",
      (api) => api.checks.pause("u"),
      check,
      ["POST", "/api/v3/checks/u/pause?defaults=own", {}],
      check,
    ],
    [
      "resumes",
      (api) => api.checks.resume("u"),
      check,
      ["POST", "/api/v3/checks/u/resume?defaults=own", {}],
      check,
    ],
    ["deletes", (api) => api.checks.delete("u"), check, ["DELETE", "/api/v3/checks/u?defaults=own"], check],
    ["reads pings", (api) => api.checks.pings("u"), { pings: [] }, ["GET", "/api/v3/checks/u/pings/"], []],
    [
      "reads pings in detail",
      (api) => api.checks.pings("u", { details: true }),
      { pings: [] },
      ["GET", "/api/v3/checks/u/pings/?details=1"],
      [],
    ],
    [
      "reads a ping's body",
      (api) => api.checks.pingBody("u", 7),
      "as it was",
      ["GET", "/api/v3/checks/u/pings/7/body"],
      "as it was",
    ],
    [
      "reads flips",
      (api) => api.checks.flips("u", { start: 1, end: 2 }),
      { flips: [] },
      ["GET", "/api/v3/checks/u/flips/?start=1&end=2"],
      [],
    ],
    [
      "reads flips in detail",
      (api) => api.checks.flips("u", { seconds: 60, details: true }),
      { flips: [] },
      ["GET", "/api/v3/checks/u/flips/?seconds=60&details=1"],
      [],
    ],
    [
      "reads statistics",
      (api) => api.checks.statistics("u", { start: 1, by: "week", tz: "Europe/Riga" }),
      { uptime: 1 },
      ["GET", "/api/v3/checks/u/statistics?start=1&by=week&tz=Europe%2FRiga"],
      { uptime: 1 },
    ],
    ["lists channels", (api) => api.channels.list(), { channels: [] }, ["GET", "/api/v3/channels/"], []],
    [
      "creates a channel",
      (api) => api.channels.create({ name: "n", kind: "webhook", value: {} }),
      { id: "c" },
      ["POST", "/api/v3/channels/", { name: "n", kind: "webhook", value: {} }],
      { id: "c" },
    ],
    [
      "lists channels with how their deliveries fare",
      (api) => api.channels.details(),
      { channels: [] },
      ["GET", "/api/v3/channels/?details=1"],
      [],
    ],
    [
      "changes a channel",
      (api) => api.channels.update("c", { up: false }),
      { id: "c" },
      ["POST", "/api/v3/channels/c", { up: false }],
      { id: "c" },
    ],
    ["deletes a channel", (api) => api.channels.delete("c"), "", ["DELETE", "/api/v3/channels/c"], undefined],
    [
      "tries a channel",
      (api) => api.channels.test("c"),
      { result: "skipped", error: "no URL" },
      ["POST", "/api/v3/channels/c/test", {}],
      { result: "skipped", error: "no URL" },
    ],
    ["reads badges", (api) => api.badges(), { badges: {} }, ["GET", "/api/v3/badges/"], {}],
    ["asks for the status", (api) => api.status(), "OK", ["GET", "/api/v3/status/"], undefined],
  ] as readonly [
    string,
    (api: ReturnType<typeof connect>) => Promise<unknown>,
    unknown,
    readonly unknown[],
    unknown,
  ][])("%s", async (_, use, answer, sent, result) => {
    expect(await exchange(answer, use)).toEqual({ sent, result })
  })

  it("refuses an address that is none before anything is sent", () => {
    expect(() => connect({ baseUrl: "example", apiKey: "k" })).toThrow(
      expect.objectContaining({ _tag: "InvalidTarget" }),
    )
  })

  it("creates with the defaults of Healthchecks when it is told to", async () => {
    await using server = await listen([{ status: 201, body: "{}" }])
    const api = connect({ baseUrl: server.url, apiKey: "k", defaults: "healthchecks" })
    await api.checks.create({ name: "n" })
    expect(server.received[0]!.url).toBe("/api/v3/checks/")
  })

  it.each([
    ["<html>", "a web page answered, such as one to log in, and not the API"],
    ['{"checks": [', "the server's answer is no valid JSON, and most likely not whole"],
    ["OK", "the server answered something else than JSON"],
  ])("says so when something else than the API answers: %s", async (body, message) => {
    await using server = await listen([{ status: 200, body }])
    const api = connect({ baseUrl: server.url, apiKey: "k" })
    await expect(api.checks.list()).rejects.toMatchObject({ _tag: "Refused", message })
  })
})
