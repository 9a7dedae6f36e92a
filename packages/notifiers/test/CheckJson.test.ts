import * as Cron from "@overdue/core/schedule/Cron"
import * as Probe from "@overdue/core/Probe"
import * as Every from "@overdue/core/schedule/Every"
import * as Never from "@overdue/core/schedule/Never"
import type { Json } from "@overdue/core/document/Field"
import * as CheckJson from "@overdue/notifiers/CheckJson"
import { healthchecksPolicy, noFilters } from "@overdue/core/Check"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import * as Alerts from "./Alerts.ts"

const noLinks = { root: undefined }
const minute = 60_000

describe("the JSON of a check", () => {
  it("has the fields of API v3 in its order", () => {
    const alert = Alerts.make({
      details: { description: "every night", channels: ["b", "a"] },
      policy: { ...healthchecksPolicy, schedule: Every.make(90 * minute), grace: 61_500 },
      state: { status: "down", pings: 7, lastPing: Alerts.at - minute, lastDuration: 2999 },
    })
    const root = "https://overdue.example"
    expect(CheckJson.print(CheckJson.make(alert, { root }))).toBe(
      '{"name": "Nightly backup", "slug": "nightly-backup", "tags": "prod db", "desc": "every night", ' +
        '"grace": 61.5, "n_pings": 7, "status": "down", "started": false, ' +
        '"last_ping": "2026-01-31T11:59:00+00:00", "next_ping": null, "manual_resume": false, "methods": "", ' +
        '"subject": "", "subject_fail": "", "start_kw": "", "success_kw": "", "failure_kw": "", ' +
        '"filter_subject": false, "filter_body": false, "filter_http_body": false, ' +
        '"filter_default_fail": false, "badge_url": "https://overdue.example/b/2/' +
        `${alert.check.badgeKey}.svg", "last_duration": 2, "uuid": "${Alerts.checkId}", ` +
        `"ping_url": "${root}/ping/${Alerts.checkId}", ` +
        `"update_url": "${root}/api/v3/checks/${Alerts.checkId}", ` +
        `"pause_url": "${root}/api/v3/checks/${Alerts.checkId}/pause", ` +
        `"resume_url": "${root}/api/v3/checks/${Alerts.checkId}/resume", "channels": "a,b", "timeout": 5400}`,
    )
  })

  it("has nothing of what a probe sends to its target", () => {
    const probe = Probe.make({
      url: "https://u:s3cret@example.org?s3cret",
      headers: { A: "s3cret" },
      body: "s3cret",
    })
    const json = CheckJson.make(Alerts.make({ policy: { schedule: Never.never, probe } }), noLinks)
    expect(json).toMatchObject({ name: "Nightly backup", timeout: 60 })
    expect(CheckJson.print(json)).not.toMatch(/s3cret|"probe":/)
  })

  it("leaves out the links of an installation without a site root, and a duration of nothing", () => {
    const fields = Object.keys(CheckJson.make(Alerts.make({ state: { lastDuration: 0 } }), noLinks))
    expect(fields.filter((field) => field.endsWith("_url"))).toEqual([])
    expect(fields).not.toContain("last_duration")
  })

  it("shows a cron schedule with its zone", () => {
    const zone = Result.getOrThrow(Zone.make("Europe/Riga"))
    const schedule = Result.getOrThrow(Cron.parse("5 4 * * *", zone))
    const json = CheckJson.make(Alerts.make({ policy: { schedule } }), noLinks)
    expect(json).toMatchObject({ schedule: "5 4 * * *", tz: "Europe/Riga" })
    expect(json).not.toHaveProperty("timeout")
  })

  it("shows the status that is told, even when the check has changed since", () => {
    const state = { status: "down", anchor: Alerts.at, lastPing: Alerts.at } as const
    const policy = { schedule: Every.make(minute) }
    expect(CheckJson.make(Alerts.make({ state, policy }), noLinks)).toMatchObject({
      status: "down",
      next_ping: null,
    })
    const up = Alerts.make({ alert: { status: "up" }, state, policy })
    expect(CheckJson.make(up, noLinks)).toMatchObject({
      status: "up",
      next_ping: "2026-01-31T12:01:00+00:00",
    })
  })

  it("has what a check is told beyond Healthchecks, as the API has it", () => {
    const policy = {
      methods: ["GET", "HEAD"],
      maxRuntime: 7_200_000,
      runs: "every",
      alert: { failures: 2, outOf: 3, recoveries: 1 },
    } as const
    const json = CheckJson.make(Alerts.make({ policy }), noLinks)
    expect(json).toMatchObject({
      methods: "GET HEAD",
      max_runtime: 7200,
      runs: "every",
      alert: { failures: 2, out_of: 3, recoveries: 1 },
    })
    expect(json).not.toHaveProperty("quiet")
  })

  it("shows keywords as subject only while subjects are filtered", () => {
    const filters = { ...noFilters, successKeywords: "ok", failureKeywords: "bad", startKeywords: "go" }
    const plain = CheckJson.make(Alerts.make({ policy: { filters } }), noLinks)
    expect(plain).toMatchObject({
      subject: "",
      subject_fail: "",
      success_kw: "ok",
      failure_kw: "bad",
      start_kw: "go",
    })
    const filtered = CheckJson.make(
      Alerts.make({ policy: { filters: { ...filters, subject: true } } }),
      noLinks,
    )
    expect(filtered).toMatchObject({ subject: "ok", subject_fail: "bad", filter_subject: true })
  })
})

describe("printed JSON", () => {
  it("is ASCII and means the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string({ unit: "binary" }), (value, text) => {
        const json = { value, text } as { readonly [key: string]: Json } // safe because both are JSON
        const printed = CheckJson.print(json)
        expect(printed).toMatch(/^[ -~]*$/)
        expect(JSON.parse(printed)).toEqual(JSON.parse(JSON.stringify(json)))
      }),
    )
  })

  it("has a space after each comma and colon, and escapes what Python escapes", () => {
    expect(CheckJson.print({ a: [1, true, null], 'b"': "ü\u007f\n🌙" })).toBe(
      '{"a": [1, true, null], "b\\"": "\\u00fc\\u007f\\n\\ud83c\\udf19"}',
    )
  })
})
