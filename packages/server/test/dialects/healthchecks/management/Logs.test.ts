/** Pings and flips, as the management API lists them. */
import { minute, second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { HttpHost, root } from "../../../../../../test/kit/HttpHost.ts"

const open = async (body: unknown = {}) => {
  const server = await HttpHost.open()
  const { uuid } = (await server.ask("POST", "/api/v3/checks/", { body })).json()
  return {
    server,
    uuid,
    ping: (suffix = "", sent?: unknown) => server.ask("POST", `/ping/${uuid}${suffix}`, { body: sent }),
  }
}

describe("the ping log", () => {
  it("says of each ping, newest first, what it was and where it came from", async () => {
    const { server, uuid, ping } = await open()
    await using _ = server
    await ping("/start")
    await server.advance(1500)
    await ping("/3", "disk full")
    const { pings } = (await server.ask("GET", `/api/v2/checks/${uuid}/pings/`)).json()
    const common = { scheme: "http", remote_addr: "192.0.2.7", method: "POST", ua: "", rid: null }
    expect(pings).toEqual([
      {
        ...common,
        type: "fail",
        date: "2026-06-15T12:30:01.500000+00:00",
        n: 2,
        body_url: `${root}/api/v2/checks/${uuid}/pings/2/body`,
        duration: 1.5,
      },
      { ...common, type: "start", date: "2026-06-15T12:30:00+00:00", n: 1, body_url: null },
    ])
  })

  it("gives a body back byte for byte, as plain text", async () => {
    const { server, uuid, ping } = await open()
    await using _ = server
    await ping("", "<b>ä</b>")
    await ping("")
    const body = await server.ask("GET", `/api/v3/checks/${uuid}/pings/1/body`)
    expect(body).toMatchObject({ status: 200, text: "<b>ä</b>", headers: { "content-type": "text/plain" } })
    for (const n of [0, 2, 3, "9".repeat(400)]) {
      expect((await server.ask("GET", `/api/v3/checks/${uuid}/pings/${n}/body`)).status).toBe(404)
    }
  })

  it("ends where the project's log does", async () => {
    const { server, uuid, ping } = await open()
    await using _ = server
    for (let n = 1; n <= 103; n++) await ping("/log", "x")
    const { pings } = (await server.ask("GET", `/api/v3/checks/${uuid}/pings/`)).json()
    expect([pings.length, pings[0].n, pings.at(-1).n]).toEqual([100, 103, 4])
    expect((await server.ask("GET", `/api/v3/checks/${uuid}/pings/3/body`)).status).toBe(404)
    expect((await server.ask("GET", `/api/v3/checks/${uuid}/pings/4/body`)).status).toBe(200)
  })
})

describe("flips", () => {
  const flips = async (server: HttpHost, uuid: string, query = "") => {
    const answer = await server.ask("GET", `/api/v3/checks/${uuid}/flips/${query}`)
    return answer.status === 200 ? answer.json().flips.map(({ up }: { up: number }) => up) : answer
  }

  const opened = async () => {
    const { server, uuid, ping } = await open()
    await ping()
    await server.advance(minute)
    await ping("/fail")
    await server.advance(minute)
    return { server, uuid }
  }

  /** Seconds since 1970 when `opened` begins. */
  const begun = Date.UTC(2026, 5, 15, 12, 30) / second

  it("are listed newest first, with the second in which they happened", async () => {
    const { server, uuid } = await opened()
    await using _ = server
    const answer = await server.ask("GET", `/api/v3/checks/${uuid}/flips/`)
    expect(answer.json()).toEqual({
      flips: [
        { timestamp: "2026-06-15T12:31:00+00:00", up: 0 },
        { timestamp: "2026-06-15T12:30:00+00:00", up: 1 },
      ],
    })
  })

  it.each([
    ["", [0, 1]],
    [`?start=${begun}`, [0, 1]],
    [`?start=${begun + 1}`, [0]],
    [`?end=${begun + 60}`, [1]],
    [`?end=${begun + 61}`, [0, 1]],
    [`?start=${begun + 1}&end=${begun + 60}`, []],
    ["?seconds=60", [0]],
    ["?seconds=59", []],
    ["?seconds=0", [0, 1]],
    ["?seconds=", [0, 1]],
    [`?seconds=999&start=${begun + 1}`, [0]],
    ["?seconds=1&seconds=120", [0, 1]],
    ["?start=%2B0", [0, 1]],
  ])("are filtered by time: %s", async (query, expected) => {
    const { server, uuid } = await opened()
    await using _ = server
    expect(await flips(server, uuid, query)).toEqual(expected)
  })

  it.each([
    "?seconds=-1",
    "?seconds=31536001",
    "?seconds=1.5",
    "?start=abc",
    "?start=",
    "?end=10000000001",
    "?end=1e3",
  ])("are refused with a filter that is wrong: %s", async (query) => {
    const { server, uuid } = await opened()
    await using _ = server
    expect(await flips(server, uuid, query)).toMatchObject({ status: 400, text: "" })
  })
})

describe("what Healthchecks does not know", () => {
  it("is added to pings and flips when details are asked for", async () => {
    const { server, uuid, ping } = await open({ grace: 60 })
    await using _ = server
    const rid = "11111111-1111-4111-8111-111111111111"
    await ping(`/start?rid=${rid}`)
    await server.advance(61_500)
    await ping(`/7?rid=${rid}`)
    const list = async (what: string) =>
      (await server.ask("GET", `/api/v3/checks/${uuid}/${what}/?details=1`)).json()[what]
    expect(await list("flips")).toEqual([
      {
        timestamp: "2026-06-15T12:31:00+00:00",
        up: 0,
        from: "new",
        to: "down",
        reason: "overran",
        blind: false,
        quiet: false,
        rid,
        duration: 60,
        diagnosis: [
          {
            code: "overran",
            text: `Run ${rid} was still open after 1 minute, the longest that it may take.`,
          },
        ],
      },
    ])
    expect(await list("pings")).toMatchObject([
      { type: "fail", exit_status: 7, run_duration: 61.5 },
      { type: "start", exit_status: null, run_duration: null },
    ])
  })
})
