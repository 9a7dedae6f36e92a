/** Statistics and diagnoses, which Healthchecks does not have. */
import { hour, minute, second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { HttpHost, start } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const open = async (body: unknown = { timeout: 3600, grace: 60 }) => {
  const server = await HttpHost.open()
  const { uuid } = (await server.ask("POST", "/api/v3/checks/", { body })).json()
  return {
    server,
    uuid,
    ping: (suffix = "", sent?: unknown) => server.ask("POST", `/ping/${uuid}${suffix}`, { body: sent }),
    ask: (query = "", key: string = keys.readWrite) =>
      server.ask("GET", `/api/v3/checks/${uuid}/statistics${query}`, { key }),
  }
}

const begun = start / second

describe("the statistics of a check", () => {
  /** Up for half an hour, down for one, up again for half an hour. */
  const withPast = async () => {
    const opened = await open()
    const { server, ping } = opened
    await ping("/start")
    await server.advance(1500)
    await ping("")
    await server.advance(30 * minute - 1500)
    await ping("/fail")
    await server.advance(hour)
    await ping("")
    await server.advance(30 * minute)
    return opened
  }

  it("say for how long it was what, which outages it had, and what its runs were like", async () => {
    const { server, ask } = await withPast()
    await using _ = server
    const answer = await ask(`?start=${begun}&end=${begun + 7200}`)
    expect(answer.json()).toEqual({
      start: "2026-06-15T12:30:00+00:00",
      end: "2026-06-15T14:30:00+00:00",
      up: 3598.5,
      down: 3600,
      paused: 0,
      unknown: 1.5,
      uptime: 3598.5 / 7198.5,
      outages: [
        {
          start: "2026-06-15T13:00:00+00:00",
          end: "2026-06-15T14:00:00+00:00",
          reason: "fail",
          duration: 3600,
          blind: false,
        },
      ],
      runs: {
        count: 3,
        failed: 1,
        missed: 0,
        overran: 0,
        durations: { count: 1, average: 1.5, p50: 1.5, p95: 1.5, longest: 1.5, last: [1.5] },
      },
      complete: true,
    })
  })

  it("go unit by unit through the calendar of a zone, and are those of the last thirty days unless asked", async () => {
    const { server, ask } = await withPast()
    await using _ = server
    const { by, tz, start, end, units } = (await ask("?by=day&tz=Asia/Kolkata")).json()
    expect([by, tz, start, end]).toEqual([
      "day",
      "Asia/Kolkata",
      "2026-05-16T14:30:00+00:00",
      "2026-06-15T14:30:00+00:00",
    ])
    expect(units).toHaveLength(31)
    expect(units[1].start).toBe("2026-05-16T18:30:00+00:00")
    expect(units.at(-1)).toMatchObject({ down: 3600, outages: [{ reason: "fail" }] })
    const hours = (await ask(`?by=hour&start=${begun}`)).json()
    expect([hours.tz, hours.units.map(({ down }: { down: number }) => down)]).toEqual(["UTC", [0, 3600, 0]])
  })

  it("use the zone of the check's own schedule unless another one is asked for", async () => {
    const { server, ask } = await open({ schedule: "0 3 * * *", tz: "Europe/Riga" })
    await using _ = server
    expect((await ask("?by=month")).json().tz).toBe("Europe/Riga")
  })

  it("are open to read-only keys, by unique key too, and to nobody else", async () => {
    const { server, uuid, ask } = await open()
    await using _ = server
    expect((await ask("", keys.readOnly)).status).toBe(200)
    expect((await ask("", keys.other)).status).toBe(403)
    expect((await ask("", "")).status).toBe(401)
    const check = await server.ask("GET", `/api/v3/checks/${uuid}`, { key: keys.readOnly })
    const path = `/api/v3/checks/${check.json().unique_key}/statistics`
    expect((await server.ask("GET", path)).status).toBe(200)
    expect((await server.ask("GET", `/api/v3/checks/${"0".repeat(40)}/statistics`)).status).toBe(404)
    expect((await server.ask("GET", `/api/v2/checks/${uuid}/statistics`)).status).toBe(404)
  })

  it.each([
    ["?start=yesterday", "start is not a valid timestamp"],
    ["?end=1.5", "end is not a valid timestamp"],
    [`?start=${begun + 1}&end=${begun + 1}`, "start is not before end"],
    ["?by=year", "by is none of hour, day, week, month"],
    ["?by=day&tz=Europe/Atlantis", "tz is not a valid timezone"],
    ["?by=hour&start=0", "from start to end there are more than 1000 units"],
    ["?by=day&start=0&end=10000000000", "from start to end there are more than 1000 units"],
  ])("are refused with %s: %s", async (query, error) => {
    const { server, ask } = await open()
    await using _ = server
    const answer = await ask(query)
    const isZone = error.startsWith("tz")
    const detail = expect.stringContaining('zone: "Europe/Atlantis"')
    expect([answer.status, answer.json()]).toEqual([400, { error, ...(isZone && { detail }) }])
  })
})

describe("details of pings and flips", () => {
  const diagnoses = async (server: HttpHost, uuid: string, what: "pings" | "flips") => {
    const answer = await server.ask("GET", `/api/v3/checks/${uuid}/${what}/?details=1`)
    return answer.json()[what].map(({ diagnosis }: { diagnosis: unknown }) => diagnosis)
  }

  it("say which slot was missed", async () => {
    const { server, uuid, ping } = await open()
    await using _ = server
    await ping()
    await server.advance(3 * hour)
    await ping()
    expect(await diagnoses(server, uuid, "flips")).toEqual([
      [],
      [
        {
          code: "missed-slot",
          text: "No signal came for 2026-06-15 13:30 UTC within the 1 minute by which it may be late.",
        },
      ],
      [],
    ])
  })

  it("say with which exit status a job failed, of the ping and of the flip", async () => {
    const { server, uuid, ping } = await open()
    await using _ = server
    await ping()
    await server.advance(hour)
    await ping("/3")
    const said = [{ code: "exit-status", text: "The job ended with exit status 3." }]
    expect(await diagnoses(server, uuid, "flips")).toEqual([said, []])
    expect((await diagnoses(server, uuid, "pings"))[0]).toEqual(said)
  })

  it("name the keyword that a filter found in a body", async () => {
    const { server, uuid, ping } = await open({
      filter_http_body: true,
      failure_kw: "ERROR",
      filter_default_fail: false,
    })
    await using _ = server
    await ping("", "an ERROR occurred")
    await ping("", "nothing of note")
    expect(await diagnoses(server, uuid, "pings")).toEqual([
      [{ code: "filtered", text: "No keyword was found, which makes it nothing that counts." }],
      [{ code: "filtered", text: 'The keyword "ERROR" makes it a failure.' }],
    ])
  })

  it("are not there unless they are asked for", async () => {
    const { server, uuid, ping } = await open()
    await using _ = server
    await ping("/3")
    for (const what of ["pings", "flips"]) {
      const [listed] = (await server.ask("GET", `/api/v3/checks/${uuid}/${what}/`)).json()[what]
      expect(listed).not.toHaveProperty("diagnosis")
    }
  })
})
