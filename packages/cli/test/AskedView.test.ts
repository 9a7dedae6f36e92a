/** How checks look that nobody pings: what is asked or watched, and what came of it last. */
import * as AskedView from "@overdue/cli/AskedView"
import * as CheckView from "@overdue/cli/CheckView"
import * as History from "@overdue/cli/History"
import type { Check, Ping, Probe, ProbeResult } from "@overdue/client/management"
import { describe, expect, it } from "vitest"

const server = "0f55a1c2-7d31-4c8e-9a55-3b1c2d4e5f60"
const url = "https://example.org"
const now = Date.UTC(2026, 5, 15, 12)
const at = "2026-06-15T11:59:57.000000+00:00"

// safe because whoever looks at a check here looks at nothing else
const check = (probe: Probe | undefined, more: Partial<CheckView.Listed> = {}) =>
  ({ slug: "s", status: "up", last_ping: null, timeout: probe?.every, probe, ...more }) as CheckView.Listed
const result = (more: Partial<ProbeResult>) =>
  ({ region: null, ok: true, status_code: null, reason: null, response_time: 34.4, ...more }) as ProbeResult

const atMost = (value: string) => [{ of: "value", operator: "at-most", values: [value] } as const]
const cpu: Probe = {
  url: `metric://${server}/cpu-total-usage`,
  every: 60,
  grace: 300,
  conditions: atMost("90"),
}
const network: Probe = { url: `metric://${server}/network-usage-unified%20eth0%20rx`, every: 60 }

describe("a check that nobody pings", () => {
  it.each([
    [{ url, every: 300 }, "asked every 5m", ["asked", `${url} every 5m`]],
    [cpu, "cpu > 90 for 5m", ["watched", `cpu > 90 for 5m on ${server}`]],
    [network, "network-usage-unified eth0 rx", ["watched", `network-usage-unified eth0 rx on ${server}`]],
    [undefined, undefined, undefined],
  ])("shows what is asked, or what is watched: %j", (probe, expected, target) => {
    expect([AskedView.expected(check(probe)), AskedView.target(check(probe))]).toEqual([expected, target])
  })

  it.each([
    [[result({})], "answered in 34ms"],
    [[result({ status_code: 200 })], "200 in 34ms"],
    [[result({ ok: false, reason: "timeout", response_time: 30_000 })], "timeout after 30000ms"],
    [
      [result({ region: "eu", status_code: 200 }), result({ region: "us", ok: false, reason: "dns" })],
      "eu: 200 in 34ms; us: dns after 34ms",
    ],
    [[result({ value: 12.5, response_time: 0 })], "12.5"],
    [
      [result({ ok: false, value: 99, reason: "memory-usage is 99", response_time: 0 })],
      "memory-usage is 99",
    ],
  ])("says what came of its last round: %j is %s", (results, text) => {
    expect(AskedView.outcome(check({ url }, { last_round: { at, results } }))).toBe(text)
    expect(AskedView.outcome(check({ url }, { last_round: null }))).toBeUndefined()
  })

  it("shows in lists when its last round was, also one that changes nothing yet", () => {
    const asked = check({ url, every: 60 }, { last_round: { at, results: [result({})] } })
    const column = (checks: readonly CheckView.Listed[], title: string) =>
      CheckView.columns(checks, now).find((one) => one.title === title)
    expect(column([asked], "LAST SIGNAL")?.text(asked)).toBe("3s ago")
    expect(column([check(undefined)], "LAST SIGNAL")).toBeUndefined()
    expect(column([check(undefined)], "LAST PING")?.text(check(undefined))).toBe("never")
  })

  it("shows no time that a report of a server took, and that it came from there", () => {
    const cells = (probe: readonly ProbeResult[]) => {
      const ping = { probe } as unknown as Ping // safe because those columns look at nothing else
      return History.pingColumns.filter(({ title }) => /TOOK|FROM/.test(title)).map(({ text }) => text(ping))
    }
    expect(cells([result({ value: 1, response_time: 0 })])).toEqual(["–", "server"])
    expect(cells([result({ region: "eu" }), result({ region: "us", response_time: 50 })])).toEqual([
      "50ms",
      "probe eu us",
    ])
  })

  it.each([
    [{ url }, "the server asks, unless it was started with --probes 0"],
    [{ url, regions: ["eu", "us"] }, "probers ask, `overdue probe --region eu`, `overdue probe --region us`"],
    [cpu, "the server monitor has reported nothing of what is watched"],
  ])("says who is to ask that has not asked yet: %j", (probe, text) => {
    expect(AskedView.noRounds(check(probe))).toBe(`no rounds yet: ${text}`)
  })

  it("repeats of its probe only what is not shown already", () => {
    expect(AskedView.rest(check({ url, every: 60, grace: 5, recovery: 5 }))).toBeUndefined()
    expect(AskedView.rest(check({ url, method: "POST" }))).toEqual({ method: "POST" })
    expect(AskedView.rest(check(cpu))).toBeUndefined()
  })
})

describe("a threshold", () => {
  it("is refused before anything is sent when the project does not have its server, unless it had it before", () => {
    const there = [{ uuid: server } as Check] // safe because its id is all that is looked at
    expect(AskedView.unwatched(cpu, undefined, there)).toBeUndefined()
    expect(AskedView.unwatched({ url }, undefined, [])).toBeUndefined()
    expect(AskedView.unwatched(cpu, check({ ...cpu, grace: 0 }), [])).toBeUndefined()
    expect(AskedView.unwatched(cpu, check({ url }), [])).toMatch(
      `probe: it watches the server monitor ${server}, which this project does not have: create one`,
    )
  })
})
