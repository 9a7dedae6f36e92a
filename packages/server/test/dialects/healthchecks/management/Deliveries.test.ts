import type { DeliveryOutcome } from "@overdue/core/Delivery"
import * as Store from "@overdue/core/Store"
import { hour, minute } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as HttpHost from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const path = "/api/v3/deliveries/"

/** A server with a channel, and a check `backup` that has gone down and has told nobody yet. */
const open = async () => {
  const server = await HttpHost.HttpHost.open()
  const post = async (target: string, body: object) => (await server.ask("POST", target, { body })).json()
  const channel = await post("/api/v3/channels/", { name: "ops", kind: "callback" })
  const check = await post("/api/v3/checks/", { name: "Backup", slug: "backup", channels: channel.id })
  const fail = () => server.ask("GET", `/ping/${check.uuid}/fail`)
  await fail()
  const list = async (query = "", key: string = keys.readWrite) =>
    (await server.ask("GET", `${path}?${query}`, { key })).json().deliveries
  /** Claims what is due, and settles it. */
  const settle = (outcome: (now: number) => DeliveryOutcome) =>
    server.run(
      Effect.gen(function* () {
        const store = yield* Store.Store
        const now = HttpHost.start
        for (const { delivery } of yield* store.claimDeliveries(now, 9, minute)) {
          yield* store.settleDeliveries([
            { id: delivery.id, attempt: delivery.attempts, outcome: outcome(now), now },
          ])
        }
      }),
    )
  return { server, channel, check, list, settle, fail }
}

const failed = (now: number): DeliveryOutcome => ({
  status: "pending",
  cause: "failed",
  dueAt: now + hour,
  error: "status 503",
})
const dead = (): DeliveryOutcome => ({ status: "dead", cause: "refused", error: "status 400" })

describe("an alert on its way to a channel", () => {
  it("is listed with what it says, to whom, and how far it has come", async () => {
    const { server, check, channel, list, settle } = await open()
    await using _ = server
    const [first] = await list()
    expect(first).toEqual({
      id: `${check.uuid}.1.${channel.id}`,
      check: check.uuid,
      check_name: "Backup",
      channel: channel.id,
      channel_name: "ops",
      kind: "callback",
      occasion: "flip",
      check_status: "down",
      news: "Backup is down (fail)",
      reason: "fail",
      at: "2026-06-15T12:30:00+00:00",
      status: "pending",
      attempts: 0,
      error: null,
      next_attempt: "2026-06-15T12:30:00+00:00",
      settled_at: null,
    })
    await settle(() => ({ status: "skipped", error: "unwanted" }))
    expect((await list())[0]).toMatchObject({ status: "skipped", error: "unwanted", next_attempt: null })
  })

  it("is tried again when that fails", async () => {
    const { server, list, settle } = await open()
    await using _ = server
    const [first] = await list()
    await settle(failed)
    expect((await list())[0]).toMatchObject({
      status: "pending",
      attempts: 1,
      error: "status 503",
      next_attempt: "2026-06-15T13:30:00+00:00",
    })
    expect((await server.ask("GET", path + first.id)).json()).toEqual((await list())[0])
  })

  it("is found by its check, its channel and its status, and not by others", async () => {
    const { server, check, channel, list, settle } = await open()
    await using _ = server
    const unique = (await list("", keys.readOnly))[0].unique_key
    for (const query of [
      `check=${check.uuid}`,
      "check=backup",
      `check=${unique}`,
      `channel=${channel.id}`,
      "channel=ops",
      "status=pending",
      "check=backup&channel=ops&status=pending&limit=1",
    ]) {
      expect([query, (await list(query)).length]).toEqual([query, 1])
    }
    for (const query of ["status=dead", "status=held"]) {
      expect([query, await list(query)]).toEqual([query, []])
    }
    // A word that is written wrongly must not look like good news.
    for (const query of ["check=other", "channel=other", `check=${channel.id}`]) {
      expect((await server.ask("GET", `${path}?${query}`)).status).toBe(404)
    }
    await settle((now) => ({
      status: "pending",
      cause: "held",
      dueAt: now + hour,
      error: "held: DB is down",
    }))
    expect(await list("status=held")).toMatchObject([{ status: "held", error: "held: DB is down" }])
  })

  it.each([
    ["status=lost", "status is one of pending, held, delivered, skipped, superseded, dead, dropped"],
    ["limit=0", "limit is a whole number from 1 to 1000"],
    ["limit=all", "limit is a whole number from 1 to 1000"],
    ["chanel=ops", '"chanel" is unknown: the parameters are check, channel, status and limit'],
  ])("is not looked for by %s", async (query, error) => {
    const { server } = await open()
    await using _ = server
    const answer = await server.ask("GET", `${path}?${query}`)
    expect([answer.status, answer.json()]).toEqual([400, { error }])
  })

  it("shows a read-only key no id of its check, which is the secret of its ping URL", async () => {
    const { server, check, list } = await open()
    await using _ = server
    const [shown] = await list("", keys.readOnly)
    expect(JSON.stringify(shown)).not.toContain(check.uuid)
    expect(shown).toMatchObject({ check_name: "Backup", unique_key: expect.stringMatching(/^[0-9a-f]{40}$/) })
  })

  it("is not there for the key of another project", async () => {
    const { server, check, channel, list } = await open()
    await using _ = server
    const { id } = (await list())[0]
    expect(await list("", keys.other)).toEqual([])
    for (const query of [`check=${check.uuid}`, `channel=${channel.id}`]) {
      expect((await server.ask("GET", `${path}?${query}`, { key: keys.other })).status).toBe(404)
    }
    for (const [method, target] of [
      ["GET", path + id],
      ["POST", `${path}${id}/drop`],
      ["POST", `${path}${id}/retry`],
    ] as const) {
      const answer = await server.ask(method, target, { key: keys.other })
      expect([answer.status, answer.json()]).toEqual([
        404,
        { error: "not found: the project has no alert with this id" },
      ])
      expect((await server.ask(method, target, { key: keys.readOnly })).status).toBe(401)
    }
  })
})

describe("an alert that was given up", () => {
  it("is sent again when a person asks for it, and only then", async () => {
    const { server, list, settle } = await open()
    await using _ = server
    const { id } = (await list())[0]
    const refused = await server.ask("POST", `${path}${id}/retry`)
    expect([refused.status, refused.json()]).toEqual([409, { error: "the alert is pending already" }])
    await settle(dead)
    expect(await list("status=dead")).toMatchObject([
      { error: "status 400", next_attempt: null, settled_at: "2026-06-15T12:30:00+00:00" },
    ])
    const again = await server.ask("POST", `${path}${id}/retry`)
    expect([again.status, again.json()]).toMatchObject([200, { id, status: "pending" }])
    await settle(() => ({ status: "delivered" }))
    expect((await server.ask("POST", `${path}${id}/retry`)).json()).toEqual({
      error: "the alert is delivered already",
    })
  })

  it("is given up by a person", async () => {
    const { server, list } = await open()
    await using _ = server
    const { id } = (await list())[0]
    expect((await server.ask("POST", `${path}${id}/drop`)).json()).toMatchObject({ id, status: "dropped" })
    expect((await server.ask("POST", `${path}${id}/drop`)).status).toBe(409)
    expect((await server.ask("POST", `${path}${id}/retry`)).json()).toMatchObject({ status: "pending" })
  })
})

describe("a channel that cannot be told", () => {
  it("says so in its details: since when, why, and how much waits for it", async () => {
    const { server, settle, fail } = await open()
    await using _ = server
    await settle(failed)
    await server.ask("GET", `/api/v3/checks/`)
    await fail()
    const [details] = (await server.ask("GET", "/api/v3/channels/?details=1")).json().channels
    expect(details).toMatchObject({
      disabled: null,
      failing_since: "2026-06-15T12:30:00+00:00",
      waiting: 1,
      last_success: null,
      last_error: { at: "2026-06-15T12:30:00+00:00", error: "status 503" },
    })
    await server.advance(10 * minute)
    const target = `/projects/${server.project.id}/metrics/${keys.readOnly}`
    const { text } = await server.ask("GET", target)
    const labels = `{channel="ops", kind="callback", id="${details.id}"}`
    expect(text).toContain(`overdue_channel_up${labels} 0\n`)
    expect(text).toContain(`overdue_channel_waiting${labels} 1\n`)
    expect(text).toContain(`overdue_channel_failing_seconds${labels} 600\n`)
  })
})
