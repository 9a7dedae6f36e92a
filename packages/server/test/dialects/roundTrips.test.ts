/** What clients send back as they were shown it, and what they switch off and on again. */
import { day, minute } from "@overdue/core/Time"
import * as Resume from "@overdue/engine/commands/Resume"
import { describe, expect, it } from "vitest"
import { HttpHost, type Document } from "../../../../test/kit/HttpHost.ts"
import { keys } from "../../../../test/kit/Keys.ts"

const bearer = keys.readWrite

/** Checks as the API of Healthchecks makes them. */
const plans = {
  "of every hour": { timeout: 3600, grace: 1800 },
  "of a weekday": { schedule: "0 9 * * 1-5", tz: "Europe/Berlin", grace: 600 },
  "of a calendar": { schedule: "Mon *-*-* 09:00:00", tz: "Europe/Riga", grace: 900 },
  "with a long name": { name: "n".repeat(90), timeout: 86_400, grace: 3600 },
} as const

const create = async (host: HttpHost, plan: object): Promise<string> =>
  (await host.ask("POST", "/api/v3/checks/", { body: { name: "job", tags: "a b", ...plan } })).json().uuid

const own = async (host: HttpHost, id: string) =>
  (await host.ask("GET", `/api/v3/checks/${id}?defaults=own`)).json()

const heartbeat = async (host: HttpHost, id: string) => {
  const { data } = (await host.ask("GET", "/u66/api/heartbeats", { bearer })).json()
  return data.find(({ code }: { readonly code: string }) => code === id.replaceAll("-", ""))
}

/** What a dialect shows of a check. */
const read = {
  uptime66: heartbeat,
  pinghome: async (host: HttpHost, id: string) =>
    (await host.ask("GET", `/ph/resource-query/v1/heartbeat/${id}`, { bearer })).json(),
} as const

type Changed = Readonly<Record<string, string>>

/** Sends what a dialect has shown of a check back to it, changed. */
const write = {
  uptime66: (host: HttpHost, shown: Document, changed: Changed) => {
    const { settings, name, is_enabled: isEnabled, notifications } = shown
    const fields = { name, is_enabled: String(Number(isEnabled)), project_id: shown.project_id, ...settings }
    const form = new URLSearchParams({ ...fields, ...changed })
    for (const handler of notifications.is_ok) form.append("is_ok_notifications[]", handler)
    const headers = { "content-type": "application/x-www-form-urlencoded" }
    return host.ask("POST", `/u66/api/heartbeats/${shown.id}`, { bearer, headers, body: String(form) })
  },
  pinghome: (host: HttpHost, shown: Document, changed: Changed) =>
    host.ask("PUT", `/ph/resource-cmd/v1/heartbeat/${shown.id}`, { bearer, body: { ...shown, ...changed } }),
} as const

const dialects = ["uptime66", "pinghome"] as const

const sendBack = async (
  by: (typeof dialects)[number],
  host: HttpHost,
  { id, changed = {} }: { readonly id: string; readonly changed?: Changed },
) => write[by](host, await read[by](host, id), changed)

it.each(dialects)("a client of %s sends back days later what it was shown", async (by) => {
  await using host = await HttpHost.open()
  const id = await create(host, plans["of a weekday"])
  const before = await own(host, id)
  const shown = await read[by](host, id)
  for (let days = 0; days < 7; days++) {
    expect((await write[by](host, shown, {})).status).toBe(200)
    expect(await own(host, id)).toEqual(before)
    await host.advance(day)
  }
})

it("66uptime takes back the years between two leap days", async () => {
  await using host = await HttpHost.open()
  const id = await create(host, { schedule: "0 0 29 2 *" })
  const before = await own(host, id)
  expect((await sendBack("uptime66", host, { id })).status).toBe(200)
  expect(await own(host, id)).toEqual(before)
})

describe.each(dialects)("a client of %s that sends back what it was shown", (by) => {
  it.each(Object.entries(plans))("leaves a check %s as it is", async (_case, plan) => {
    await using host = await HttpHost.open()
    await host.ask("POST", "/api/v3/channels/", { body: { kind: "callback", name: "C" } })
    const id = await create(host, { ...plan, channels: "*" })
    const before = await own(host, id)
    expect((await sendBack(by, host, { id })).status).toBe(200)
    expect(await own(host, id)).toEqual(before)
    expect((await sendBack(by, host, { id, changed: { name: "renamed" } })).status).toBe(200)
    expect(await own(host, id)).toEqual({ ...before, name: "renamed" })
  })
})

it.each(dialects)("a client of %s sends back a check that is paused until its next ping", async (by) => {
  await using host = await HttpHost.open()
  const id = await create(host, plans["of every hour"])
  await host.ask("POST", `/api/v3/checks/${id}/pause`)
  const before = await own(host, id)
  expect((await sendBack(by, host, { id })).status).toBe(200)
  expect(await own(host, id)).toEqual(before)
  await host.ask("GET", `/ping/${id}`)
  expect((await own(host, id)).status).toBe("up")
})

it("methods that Healthchecks does not know look like all to its clients, who leave them as they are", async () => {
  await using host = await HttpHost.open()
  const id = await create(host, {})
  for (const [methods, shown] of [
    [["GET"], ""],
    [["GET", "POST"], ""],
    [["POST"], "POST"],
    [[], ""],
  ] as const) {
    await host.ask("PUT", `/ph/resource-cmd/v1/heartbeat/${id}`, { bearer, body: { methods } })
    for (const version of [1, 2, 3]) {
      const path = `/api/v${version}/checks/${id}`
      expect((await host.ask("GET", path)).json().methods).toBe(shown)
      const answer = await host.ask("POST", path, { body: { methods: shown, desc: String(version) } })
      expect(answer.json()).toMatchObject({ methods: shown, desc: String(version) })
    }
    expect((await own(host, id)).methods).toBe(methods.join(" "))
  }
  await host.ask("POST", `/api/v3/checks/${id}`, { body: { methods: "POST" } })
  await host.ask("POST", `/api/v3/checks/${id}`, { body: { methods: "" } })
  expect((await own(host, id)).methods).toBe("")
})

it("an interval that is written alone makes a period of any schedule, even when it is the one shown", async () => {
  await using host = await HttpHost.open()
  const body = { run_interval: 1, run_interval_type: "days" }
  const first = await create(host, { schedule: "0 3 * * *" })
  await host.ask("POST", `/u66/api/heartbeats/${(await heartbeat(host, first)).id}`, { bearer, body })
  const second = await create(host, { schedule: "0 3 * * *" })
  const path = `/ph/resource-cmd/v1/heartbeat/${second}`
  await host.ask("PUT", path, { bearer, body: { interval: 86_400 } })
  for (const id of [first, second]) {
    expect(await own(host, id)).toMatchObject({ timeout: 86_400 })
    expect((await own(host, id)).schedule).toBeUndefined()
  }
})

describe("a check that is switched off", () => {
  const bySerial = async (host: HttpHost, id: string, isOn: number) =>
    host.ask("POST", `/u66/api/heartbeats/${(await heartbeat(host, id)).id}`, {
      bearer,
      body: { is_enabled: isOn },
    })
  const byId = (host: HttpHost, id: string, enabled: boolean) =>
    host.ask("PUT", `/ph/resource-cmd/v1/heartbeat/${id}`, { bearer, body: { enabled } })
  const off = {
    uptime66: (host: HttpHost, id: string) => bySerial(host, id, 0),
    pinghome: (host: HttpHost, id: string) => byId(host, id, false),
  }
  const on = {
    uptime66: (host: HttpHost, id: string) => bySerial(host, id, 1),
    pinghome: (host: HttpHost, id: string) => byId(host, id, true),
    cronhub: (host: HttpHost, id: string) => host.ask("PUT", `/ch/api/v1/monitors/${id}/resume`),
    healthchecks: (host: HttpHost, id: string) => host.ask("POST", `/api/v3/checks/${id}/resume`),
    "a program": async (host: HttpHost, id: string) => {
      await host.run(Resume.run({ project: host.project.id, id }))
      return { status: 200 }
    },
  }
  const ways = Object.entries(off).flatMap(([by, switchOff]) =>
    Object.entries(on).map(([again, switchOn]) => [by, again, switchOff, switchOn] as const),
  )

  it.each(ways)("by %s ignores pings, and by %s is as before", async (_by, _again, switchOff, switchOn) => {
    await using host = await HttpHost.open()
    for (const manual of [false, true]) {
      const id = await create(host, { timeout: 60, grace: 60, manual_resume: manual })
      // Twice, as a client does that repeats what it does not know to have happened.
      for (let twice = 0; twice < 2; twice++) expect((await switchOff(host, id)).status).toBe(200)
      await host.ask("GET", `/ping/${id}`, { key: "" })
      expect(await own(host, id)).toMatchObject({ status: "paused", manual_resume: true })
      expect((await switchOn(host, id)).status).toBe(200)
      expect(await own(host, id)).toMatchObject({ status: "new", manual_resume: manual })
      await host.ask("GET", `/ping/${id}`, { key: "" })
      await host.advance(minute)
      expect((await own(host, id)).status).toBe("grace")
    }
  })
})
