/** What `details=1` adds to a check: since when it is as it is, and why. */
import { hour, minute, second } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { HttpHost, site } from "../../../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../../../test/kit/Keys.ts"

const open = async () => {
  const server = await HttpHost.open()
  const body = { timeout: 3600, grace: 600 }
  const { uuid } = (await server.ask("POST", "/api/v3/checks/", { body })).json()
  return {
    server,
    ping: (suffix = "") => server.ask("POST", `/ping/${uuid}${suffix}`),
    details: async (key: string = keys.readWrite) => {
      const [listed] = (await server.ask("GET", "/api/v3/checks/?details=1", { key })).json().checks
      const path = `/api/v3/checks/${listed.uuid ?? listed.unique_key}?details=1`
      expect((await server.ask("GET", path, { key })).json()).toEqual(listed)
      const { since, running_since, reason, diagnosis } = listed
      return { since, running_since, reason, diagnosis }
    },
  }
}

const quiet = { running_since: null, reason: null, diagnosis: [] }

describe("the details of a check", () => {
  it("say since when it is new, up and running, in a list and alone", async () => {
    const { server, ping, details } = await open()
    await using _ = server
    expect(await details()).toEqual({ since: "2026-06-15T12:30:00+00:00", ...quiet })
    await server.advance(minute)
    await ping()
    await server.advance(minute)
    await ping("/start")
    await server.advance(5 * second)
    expect(await details()).toEqual({
      since: "2026-06-15T12:31:00+00:00",
      ...quiet,
      running_since: "2026-06-15T12:32:00+00:00",
    })
  })

  it("say why it is down, also to a read-only key", async () => {
    const { server, ping, details } = await open()
    await using _ = server
    await ping("/3")
    await server.advance(hour)
    const down = {
      since: "2026-06-15T12:30:00+00:00",
      running_since: null,
      reason: "fail",
      diagnosis: [{ code: "exit-status", text: "The job ended with exit status 3." }],
    }
    expect(await details()).toEqual(down)
    expect(await details(keys.readOnly)).toEqual(down)
  })

  it("say that no signal came, from the instant at which that was known", async () => {
    const { server, ping, details } = await open()
    await using _ = server
    await ping()
    await server.advance(2 * hour)
    expect(await details()).toMatchObject({
      since: "2026-06-15T13:40:00+00:00",
      reason: "missed",
      diagnosis: [{ code: "missed-slot" }],
    })
  })

  it("have an address for mail where mail arrives, for those who may ping", async () => {
    for (const takesEmail of [true, false]) {
      await using server = await HttpHost.open({ site: { ...site, takesEmail } })
      const { uuid } = (await server.ask("POST", "/api/v3/checks/", { body: {} })).json()
      const of = async (key: string) =>
        (await server.ask("GET", "/api/v3/checks/?details=1", { key })).json().checks[0].email
      expect(await of(keys.readWrite)).toBe(takesEmail ? `${uuid}@example.org` : undefined)
      expect(await of(keys.readOnly)).toBeUndefined()
    }
  })

  it("are given to those who ask, and to nobody else", async () => {
    const { server } = await open()
    await using _ = server
    for (const query of ["", "?details=", "?details=0", "?details=1&details=0"]) {
      expect((await server.ask("GET", `/api/v3/checks/${query}`)).json().checks[0]).not.toHaveProperty(
        "since",
      )
    }
  })

  it("say when a signal is expected, also of a new check that is armed", async () => {
    await using server = await HttpHost.open()
    const created = async (query: string, body: object) =>
      (
        await server.ask("POST", `/api/v3/checks/${query}`, { body: { timeout: 3600, grace: 600, ...body } })
      ).json()
    const expectedAt = async (uuid: string) =>
      (await server.ask("GET", `/api/v3/checks/${uuid}?details=1`)).json().expected_at
    const armed = await created("?defaults=own", {})
    const usual = await created("", {})
    expect(await expectedAt(armed.uuid)).toBe("2026-06-15T13:30:00+00:00")
    expect(await expectedAt(usual.uuid)).toBeNull()
    await server.advance(minute)
    await server.ask("POST", `/ping/${usual.uuid}`)
    expect(await expectedAt(usual.uuid)).toBe("2026-06-15T13:31:00+00:00")
    await server.ask("POST", `/ping/${usual.uuid}/fail`)
    expect(await expectedAt(usual.uuid)).toBeNull()
  })
})
