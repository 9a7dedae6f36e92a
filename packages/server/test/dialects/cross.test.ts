/** One check, as each dialect shows it: whatever happened to it, and through whichever of them. */
import { minute, second } from "@overdue/core/Time"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { HttpHost } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"

/** Requests to one server, each in the manner of its dialect. */
class Everywhere {
  readonly host: HttpHost
  service = ""

  constructor(host: HttpHost) {
    this.host = host
  }

  async ask(method: string, path: string, body?: unknown) {
    const isOurs = path.startsWith("/api") || path.startsWith("/ch")
    const answer = await this.host.ask(method, path, {
      ...(isOurs ? {} : { bearer: keys.readWrite, headers: { "content-type": "application/json" } }),
      ...(body !== undefined && { body }),
    })
    expect([path, answer.status < 500]).toEqual([path, true])
    return answer
  }

  /** Creates a check, and resolves to its id. */
  readonly create: Readonly<Record<string, () => Promise<string>>> = {
    healthchecks: async () => {
      const made = await this.ask("POST", "/api/v3/checks/", { name: "a", timeout: 60, grace: 60 })
      return made.json().uuid
    },
    cronhub: async () => {
      const body = { name: "a", schedule: "* * * * *", timezone: "UTC", grace_period: 1 }
      return (await this.ask("POST", "/ch/api/v1/monitors", body)).json().response.code
    },
    uptime66: async () => {
      const body = { name: "a", run_interval: 60, run_interval_type: "seconds", run_interval_grace: 1 }
      const made = await this.ask("POST", "/u66/api/heartbeats", {
        ...body,
        run_interval_grace_type: "minutes",
      })
      const { code } = (await this.ask("GET", `/u66/api/heartbeats/${made.json().data.id}`)).json().data
      return dashed(code)
    },
    pinghome: async () => {
      this.service ||= (
        await this.ask("POST", "/ph/resource-cmd/v1/service", { name: "s", team_id: "t" })
      ).json().id
      const body = { service_id: this.service, name: "a", interval: 60 }
      return (await this.ask("POST", "/ph/resource-cmd/v1/heartbeat", body)).json().id
    },
  }

  /** The heartbeat of 66uptime that is a check. */
  async heartbeat(
    id: string,
  ): Promise<{ readonly id: number; readonly is_ok: number; readonly is_enabled: boolean }> {
    const { data } = (await this.ask("GET", "/u66/api/heartbeats?results_per_page=1000")).json()
    return data.find(({ code }: { readonly code: string }) => dashed(code) === id)
  }

  readonly happen: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
    ping: (id) => this.host.ask("GET", `/ping/${id}`, { key: "" }),
    fail: (id) => this.host.ask("GET", `/ping/${id}/fail`, { key: "" }),
    "start of Cronhub": (id) => this.host.ask("GET", `/ch/start/${id}`, { key: "" }),
    "finish of Cronhub": (id) => this.host.ask("GET", `/ch/finish/${id}`, { key: "" }),
    "run of 66uptime": (id) =>
      this.host.ask("GET", `/u66/webhook-heartbeat/${id.replaceAll("-", "")}`, { key: "" }),
    "run of Pinghome": (id) =>
      this.host.ask("GET", `/ph/data-gateway/v1/heartbeat/${id}?result=run`, { key: "" }),
    "fail of Pinghome": (id) =>
      this.host.ask("GET", `/ph/data-gateway/v1/heartbeat/${id}?result=fail`, { key: "" }),
    pause: (id) => this.ask("POST", `/api/v3/checks/${id}/pause`),
    resume: (id) => this.ask("POST", `/api/v3/checks/${id}/resume`),
    "pause of Cronhub": (id) => this.ask("PUT", `/ch/api/v1/monitors/${id}/pause`),
    "resume of Cronhub": (id) => this.ask("PUT", `/ch/api/v1/monitors/${id}/resume`),
    "disable of 66uptime": async (id) =>
      this.ask("POST", `/u66/api/heartbeats/${(await this.heartbeat(id)).id}`, { is_enabled: 0 }),
    "enable of 66uptime": async (id) =>
      this.ask("POST", `/u66/api/heartbeats/${(await this.heartbeat(id)).id}`, { is_enabled: 1 }),
    "disable of Pinghome": (id) => this.ask("PUT", `/ph/resource-cmd/v1/heartbeat/${id}`, { enabled: false }),
    "enable of Pinghome": (id) => this.ask("PUT", `/ph/resource-cmd/v1/heartbeat/${id}`, { enabled: true }),
    "half a minute": () => this.host.advance(30 * second),
    "two minutes": () => this.host.advance(2 * minute),
  }
}

const dashed = (code: string): string => code.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")

const inCronhub: Readonly<Record<string, string>> = {
  new: "new",
  up: "up",
  grace: "up",
  down: "alert",
  paused: "paused",
}
const inPinghome: Readonly<Record<string, string>> = {
  new: "pending",
  up: "up",
  grace: "up",
  down: "down",
  paused: "paused",
}

describe("a check", () => {
  it("is in the same state for every dialect, whatever happened to it, and through whichever", async () => {
    await using host = await HttpHost.open({ checkLimit: 1_000 })
    const all = new Everywhere(host)
    const names = Object.keys(all.happen)
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(all.create)),
        fc.array(fc.constantFrom(...names), { maxLength: 8 }),
        async (creator, happenings) => {
          const id = await all.create[creator]!()
          for (const name of happenings) await all.happen[name]!(id)
          const ours = (await all.ask("GET", `/api/v3/checks/${id}`)).json()
          const { status, started } = ours
          const monitor = (await all.ask("GET", `/ch/api/v1/monitors/${id}`)).json().response
          const expected = [inCronhub[status], ...(started && status !== "paused" ? ["running"] : [])]
          expect(expected).toContain(monitor.status)
          const heartbeat = await all.heartbeat(id)
          expect([heartbeat.is_enabled, status]).toEqual([status !== "paused", status])
          if (status !== "paused")
            expect([heartbeat.is_ok, status]).toEqual([status === "down" ? 0 : 1, status])
          const beat = (await all.ask("GET", `/ph/resource-query/v1/heartbeat/${id}`)).json()
          expect(beat).toMatchObject({
            state: inPinghome[status],
            enabled: status !== "paused",
            running: started,
          })
          expect([monitor.name, beat.name]).toEqual([ours.name, ours.name])
          await all.ask("DELETE", `/api/v3/checks/${id}`)
        },
      ),
      { numRuns: 120 },
    )
  })

  it("that one dialect has deleted is gone for every other, and its number is given to none", async () => {
    await using host = await HttpHost.open()
    const all = new Everywhere(host)
    const id = await all.create["pinghome"]!()
    const { id: serial } = await all.heartbeat(id)
    expect((await all.ask("DELETE", `/u66/api/heartbeats/${serial}`)).status).toBe(204)
    for (const path of [
      `/api/v3/checks/${id}`,
      `/ch/api/v1/monitors/${id}`,
      `/ph/resource-query/v1/heartbeat/${id}`,
      `/u66/api/heartbeats/${serial}`,
    ]) {
      expect([path, (await all.ask("GET", path)).status]).toEqual([path, 404])
    }
    const next = await all.create["cronhub"]!()
    expect((await all.heartbeat(next)).id).toBeGreaterThan(serial)
  })

  it("is named to a read-only key by every dialect but Healthchecks, with what it is pinged by", async () => {
    await using host = await HttpHost.open()
    const id = await new Everywhere(host).create["healthchecks"]!()
    const seen = async (path: string) => {
      const isHeader = path.startsWith("/api") || path.startsWith("/ch")
      const given = isHeader ? { key: keys.readOnly } : { bearer: keys.readOnly }
      const { text } = await host.ask("GET", path, given)
      return [id, id.replaceAll("-", "")].some((name) => text.includes(`"${name}"`))
    }
    expect(await seen("/api/v3/checks/")).toBe(false)
    expect(await seen("/ch/api/v1/monitors")).toBe(true)
    expect(await seen("/u66/api/heartbeats")).toBe(true)
    expect(await seen(`/ph/resource-query/v1/heartbeat/${id}`)).toBe(true)
  })
})
