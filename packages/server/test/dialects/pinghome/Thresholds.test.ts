/** Thresholds on what servers report: checks that nobody asks, which every report of their server is a round of. */
import type { Instant } from "@overdue/core/Time"
import { describe, expect, it } from "vitest"
import { keys, PinghomeHost } from "./PinghomeHost.ts"

const minute = 60

const limit = { of: "value", operator: "at-most", values: ["80"] }

/** A server that reports, and what becomes of a threshold on it. */
class Stage implements AsyncDisposable {
  readonly host: PinghomeHost
  readonly server: string
  #now: Instant = Date.UTC(2026, 5, 15, 12, 30)

  private constructor(host: PinghomeHost, server: string) {
    this.host = host
    this.server = server
  }

  static async open(given: Readonly<Record<string, unknown>> = {}): Promise<Stage> {
    const host = await PinghomeHost.open()
    return new Stage(host, await host.server(await host.service(), given))
  }

  /** Creates a threshold, and resolves to its id. */
  async threshold(text = "cpu > 90 for 5m", more: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const body = { name: text, probe: `${text} on ${this.server}`, ...more }
    const answer = await this.host.http.ask("POST", "/api/v3/checks/", { body })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.json().uuid
  }

  /** Reports now, or what was measured so many seconds ago. */
  async cpu(value: number, ago = 0): Promise<void> {
    await this.report({ "cpu-total-usage": value }, ago)
  }

  async report(values: Readonly<Record<string, unknown>>, ago = 0): Promise<void> {
    const answer = await this.host.report(this.server, values, new Date(this.#now - ago * 1000).toISOString())
    expect(answer.status).toBe(200)
  }

  async advance(seconds: number): Promise<void> {
    this.#now += seconds * 1000
    await this.host.advance(seconds)
  }

  /** What is remarked on about a check, which its details say as well. */
  async remarks(id: string): Promise<unknown> {
    const answer = await this.host.http.ask("GET", `/api/v3/checks/${id}?details=1&remarks=1`)
    const { diagnosis, remarks } = answer.json()
    expect(remarks).toEqual(diagnosis)
    return diagnosis
  }

  async status(id: string): Promise<string> {
    return (await this.host.http.ask("GET", `/api/v3/checks/${id}`)).json().status
  }

  /** The kinds of logged rounds, oldest first. */
  async kinds(id: string): Promise<readonly string[]> {
    const { pings } = (await this.host.http.ask("GET", `/api/v3/checks/${id}/pings/`)).json()
    return pings.map(({ type }: { readonly type: string }) => type).toReversed()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.host[Symbol.asyncDispose]()
  }
}

describe("a threshold on a server", () => {
  it("goes down when every report has passed it for as long as it says, and comes up with the next that does not", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold()
    expect(await stage.status(id)).toBe("new")
    await stage.cpu(20)
    expect(await stage.status(id)).toBe("up")
    for (let n = 0; n < 5; n++) {
      await stage.advance(minute)
      await stage.cpu(93.1)
      expect(await stage.status(id)).toBe("up")
    }
    await stage.advance(minute)
    await stage.cpu(93.1)
    expect(await stage.status(id)).toBe("down")
    await stage.advance(minute)
    await stage.cpu(90)
    expect(await stage.status(id)).toBe("up")
    expect(await stage.kinds(id)).toEqual(["success", "log", "log", "log", "log", "log", "fail", "success"])
  })

  it("says what was reported, and why that fails", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold("cpu > 90")
    await stage.cpu(93.1)
    const answer = await stage.host.http.ask("GET", `/api/v3/checks/${id}/pings/?details=1`)
    const [ping] = answer.json().pings
    expect(JSON.stringify(ping)).toContain("cpu-total-usage is 93.1")
    expect(await stage.host.shown(id, "resource")).toMatchObject({
      type: "metric",
      host: stage.server,
      state: "down",
      last_error: "cpu-total-usage is 93.1",
      last_response_time: null,
      conditions: [{ type: "metric-value-check", operator: "at-most", values: ["90"] }],
    })
  })

  it("took no time to answer, wherever its rounds are shown", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold("cpu > 90")
    for (const value of [10, 95]) {
      await stage.cpu(value)
      await stage.advance(minute)
    }
    const ask = async (path: string) => (await stage.host.tell("GET", path))[1].data
    expect(await ask(`/response-manager/v1/resource/${id}/responses`)).toMatchObject([
      { ok: false, response_time: null },
      { ok: true, response_time: null },
    ])
    expect(await ask(`/statistic-query/v1/resource/${id}/statistic`)).toEqual([])
    const healthchecks = async (path: string) =>
      (await stage.host.http.ask("GET", `/api/v3/checks/${id}${path}`)).json()
    const { pings } = await healthchecks("/pings/?details=1")
    expect(pings[0].probe).toMatchObject([{ value: 95, response_time: null }])
    expect(pings[0].diagnosis[0].text).not.toContain(" ms")
    expect(await healthchecks("/stats/")).not.toHaveProperty("response_times")
  })

  it("is not said to be passed or kept by whoever knows its id", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold("cpu > 90")
    await stage.cpu(95)
    const before = await stage.host.shown(id, "resource")
    for (const query of ["", "?result=complete", "?result=run", "?result=fail"])
      expect((await stage.host.event(id, query)).json()).toEqual({ message: "Heartbeat event ignored" })
    expect(await stage.host.shown(id, "resource")).toEqual(before)
  })

  it("is not broken by reports that come every five minutes", async () => {
    await using stage = await Stage.open({ interval: 300 })
    const id = await stage.threshold("cpu > 90 for 10m")
    const statuses: string[] = []
    for (let n = 0; n < 3; n++) {
      await stage.cpu(99)
      statuses.push(await stage.status(id))
      await stage.advance(5 * minute)
    }
    expect(statuses).toEqual(["new", "new", "down"])
  })

  it("begins anew after a gap in which the server was overdue, and not after one that its grace allows", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold()
    await stage.cpu(20)
    await stage.cpu(99, -1)
    await stage.advance(minute)
    // A minute, and two minutes of grace.
    await stage.cpu(99)
    await stage.advance(3 * minute)
    await stage.cpu(99)
    await stage.advance(2 * minute)
    await stage.cpu(99)
    expect(await stage.status(id)).toBe("down")
    const other = await stage.threshold("cpu > 80 for 5m")
    await stage.cpu(20, -1)
    await stage.cpu(99, -2)
    await stage.advance(4 * minute)
    await stage.cpu(99)
    await stage.advance(2 * minute)
    await stage.cpu(99)
    expect(await stage.status(other)).toBe("up")
    await stage.advance(3 * minute)
    await stage.cpu(99)
    expect(await stage.status(other)).toBe("down")
  })

  it("counts by when it was measured, so that what an agent has held up raises nothing too soon", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold()
    await stage.cpu(20)
    await stage.advance(minute)
    await stage.cpu(99)
    await stage.advance(10 * minute)
    // From the buffer: a minute later it was still above, then it was not.
    await stage.cpu(99, 9 * minute)
    expect(await stage.status(id)).toBe("up")
    await stage.cpu(20, 8 * minute)
    expect(await stage.status(id)).toBe("up")
    // And here it was above for five minutes, which is known only now.
    for (let ago = 7; ago >= 3; ago--) await stage.cpu(99, ago * minute)
    expect(await stage.status(id)).toBe("up")
    await stage.cpu(99, 2 * minute)
    expect(await stage.status(id)).toBe("down")
  })

  it("hears nothing that was measured before what it has heard, and nothing twice", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold("cpu > 90")
    await stage.cpu(20)
    await stage.cpu(99, minute)
    expect(await stage.status(id)).toBe("up")
    await stage.advance(minute)
    await stage.cpu(99)
    await stage.cpu(99)
    await stage.cpu(20, minute / 2)
    expect(await stage.status(id)).toBe("down")
    expect(await stage.kinds(id)).toEqual(["success", "fail"])
  })

  it("believes a server whose clock is minutes ahead", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold()
    for (let n = 0; n <= 5; n++) {
      await stage.cpu(99, -4 * minute)
      await stage.advance(minute)
    }
    expect(await stage.status(id)).toBe("down")
  })

  it("hears a server at once whose clock was minutes ahead and is put right", async () => {
    await using stage = await Stage.open()
    const [down, up] = [await stage.threshold("cpu > 90"), await stage.threshold("memory > 90")]
    await stage.report({ "cpu-total-usage": 5, "memory-usage": 99 }, -4 * minute)
    expect([await stage.status(down), await stage.status(up)]).toEqual(["up", "down"])
    await stage.advance(10)
    await stage.report({ "cpu-total-usage": 99, "memory-usage": 5 })
    expect([await stage.status(down), await stage.status(up)]).toEqual(["down", "up"])
  })

  it("counts the time that has passed, whatever instants a clock that is ahead gives it", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold("cpu > 90 for 1m")
    await stage.cpu(99)
    await stage.advance(1)
    await stage.cpu(99, -70)
    expect(await stage.status(id)).toBe("new")
    await stage.advance(minute)
    await stage.cpu(99, -70)
    expect(await stage.status(id)).toBe("down")
  })

  it("is about its own series and its own server", async () => {
    await using stage = await Stage.open()
    const ids = [
      await stage.threshold("cpu > 90"),
      await stage.threshold("disk /home > 95"),
      await stage.threshold("disk / > 95"),
      await stage.threshold("load5 < 1"),
    ]
    const other = await stage.host.server(await stage.host.service("other"))
    await stage.host.report(other, { "cpu-total-usage": 99 })
    const statuses = () => Promise.all(ids.map((id) => stage.status(id)))
    expect(await statuses()).toEqual(["new", "new", "new", "new"])
    const disk = (percent: number) => ({ used: 1, total: 2, percent })
    await stage.report({
      "cpu-total-usage": 10,
      "disk-usage-unified": { "/home": disk(96), "/": disk(95) },
      "system-load-unified": { load1: 9, load5: 0.5, load15: 9 },
    })
    expect(await statuses()).toEqual(["up", "down", "up", "down"])
  })

  it("is one of a hundred on the same server", async () => {
    await using stage = await Stage.open()
    const ids: string[] = []
    for (let n = 0; n < 100; n++) ids.push(await stage.threshold(`cpu > ${n}`))
    await stage.cpu(50)
    const statuses = await Promise.all(ids.map((id) => stage.status(id)))
    expect(statuses.filter((status) => status === "down")).toHaveLength(50)
    expect(statuses.filter((status) => status === "up")).toHaveLength(50)
  })

  it("hears nothing while it is paused, nor while its server is", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold("cpu > 90")
    await stage.host.http.ask("POST", `/api/v3/checks/${id}/pause`, { body: "" })
    await stage.cpu(99)
    expect([await stage.status(id), await stage.kinds(id)]).toEqual(["paused", []])
    await stage.host.http.ask("POST", `/api/v3/checks/${id}/resume`, { body: "" })
    await stage.host.http.ask("POST", `/api/v3/checks/${stage.server}/pause`, { body: "" })
    await stage.advance(minute)
    await stage.cpu(99)
    expect(await stage.status(id)).toBe("new")
  })

  it("hears nothing of its maintenance window, also when it is reported after it", async () => {
    await using stage = await Stage.open()
    const quiet = [{ from: "2026-06-15T12:40:00Z", to: "2026-06-15T12:50:00Z" }]
    const id = await stage.threshold("cpu > 90", { quiet })
    await stage.cpu(20)
    await stage.advance(15 * minute)
    await stage.cpu(99)
    expect(await stage.status(id)).toBe("up")
    await stage.advance(10 * minute)
    await stage.cpu(99, 8 * minute)
    expect(await stage.status(id)).toBe("up")
    await stage.cpu(99)
    expect(await stage.status(id)).toBe("down")
  })

  it("stays when its server is deleted, and hears nothing more", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold("cpu > 90")
    await stage.cpu(20)
    expect(await stage.remarks(id)).toEqual([])
    await stage.threshold("memory > 90")
    const [, answer] = await stage.host.tell("DELETE", `/resource-cmd/v1/server-resource/${stage.server}`)
    expect(answer.message).toBe(
      "Server resource deleted; 2 thresholds on what was reported will hear nothing more",
    )
    const change = (body: object) => stage.host.http.ask("POST", `/api/v3/checks/${id}`, { body })
    const { probe } = (await change({ name: "renamed" })).json()
    expect((await change({ name: "again", probe })).status).toBe(200)
    expect((await change({ probe: { ...probe, grace: 600 } })).status).toBe(200)
    expect(await stage.status(id)).toBe("up")
    const remark = {
      code: "server-gone",
      text: expect.stringMatching(/^The server that it watches was deleted,/),
    }
    expect(await stage.remarks(id)).toEqual([remark])
    for (const limit of [`cpu > 80 on ${stage.server}`, { ...probe, conditions: [] }]) {
      const refused = await change({ probe: limit })
      expect([refused.status, await stage.remarks(id)]).toEqual([400, [remark]])
    }
  })

  it("that is deleted with others is said to have been watched", async () => {
    await using stage = await Stage.open()
    await stage.threshold("cpu > 90")
    const other = await stage.host.server(await stage.host.service("two"))
    const path = `/resource-cmd/v1/server-resource?id=${other}&id=${stage.server}`
    expect((await stage.host.tell("DELETE", path))[1].message).toBe(
      "Server resources deleted; 1 threshold on what was reported will hear nothing more",
    )
  })

  it("says that its server does not keep the metric, and which list would keep it", async () => {
    await using stage = await Stage.open({ metric_types_basic: ["cpu-total-usage"] })
    const cases = [
      ["cpu > 90", []],
      ["load5 > 4", ["system-load-unified", "metric_types_basic"]],
      ["disk / > 90", ["disk-usage-unified", "metric_types_advanced"]],
    ] as const
    for (const [text, parts] of cases) {
      const id = await stage.threshold(text)
      const sentence = `The server that it watches does not keep ${parts[0]}, so nothing is heard of it. Name that in ${parts[1]} of the server.`
      expect(await stage.remarks(id)).toEqual(
        parts.length === 0 ? [] : [{ code: "not-kept", text: sentence }],
      )
    }
    const body = { name: "x", probe: { url: `metric://${stage.server}/heat`, conditions: [limit] } }
    const made = await stage.host.http.ask("POST", "/api/v3/checks/?remarks=1", { body })
    expect(made.json().remarks).toMatchObject([
      { code: "not-kept", text: expect.stringMatching(/^No server keeps heat,/) },
    ])
  })
})

describe("a threshold is refused", () => {
  const refused = async (stage: Stage, probe: unknown, key?: string) => {
    const body = { name: "x", probe }
    const answer = await stage.host.http.ask("POST", "/api/v3/checks/", { body, ...(key && { key }) })
    return [answer.status, answer.json().error]
  }

  it("on a check that is no server, on itself, and on a server that the project does not have", async () => {
    await using stage = await Stage.open()
    const beat = await stage.host.heartbeat(await stage.host.service("beats"))
    const nobody = "07c2f548-9850-4b27-af5d-6c9dc157ec02"
    for (const id of [beat, nobody])
      expect(await refused(stage, `cpu > 90 on ${id}`)).toEqual([
        400,
        `probe: expected the id of a server monitor of this project, not ${id}`,
      ])
    expect((await refused(stage, `cpu > 90 on ${stage.server}`, keys.other))[0]).toBe(400)
  })

  it("when a check is changed to one as well", async () => {
    await using stage = await Stage.open()
    const id = await stage.threshold()
    const change = (probe: unknown) =>
      stage.host.http.ask("POST", `/api/v3/checks/${id}`, { body: { probe } })
    expect((await change(`cpu > 90 on ${id}`)).status).toBe(400)
    const second = await stage.host.server(await stage.host.service("two"))
    expect((await change(`memory > 80 for 1h on ${second}`)).json().probe).toEqual({
      url: `metric://${second}/memory-usage`,
      every: 60,
      grace: 3600,
      conditions: [{ of: "value", operator: "at-most", values: ["80"] }],
    })
    await stage.host.report(second, { "memory-usage": 50 })
    expect(await stage.status(id)).toBe("up")
  })

  it("with what was expected, and an example", async () => {
    await using stage = await Stage.open()
    const [status, error] = await refused(stage, `heat > 90 on ${stage.server}`)
    expect([status, error]).toEqual([400, expect.stringContaining("as in cpu > 90 for 5m on 0f55")])
  })
})
