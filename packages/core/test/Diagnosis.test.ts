import type { Alert } from "@overdue/core/Alert"
import * as Check from "@overdue/core/Check"
import * as Diagnosis from "@overdue/core/Diagnosis"
import type { Flip } from "@overdue/core/Flip"
import * as Machine from "@overdue/core/Machine"
import * as Probe from "@overdue/core/Probe"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { hour, minute, second } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"

const written = (text: string, zone: string): Schedule.Schedule =>
  Result.getOrThrow(Schedule.parse(text, Result.getOrThrow(Zone.make(zone))))

const policy = (more: Partial<Check.Policy> = {}): Check.Policy => ({ ...Check.defaultPolicy, ...more })

/** Every night at two in Riga, an hour of grace. */
const nightly = policy({ schedule: written("0 2 * * *", "Europe/Riga") })
const hourly = policy({ schedule: Every.make(hour), grace: 5 * minute })

const ping = (at: string, more: Partial<Diagnosis.Known> = {}): Diagnosis.Known => ({
  at: Date.parse(at),
  kind: "success",
  rid: undefined,
  duration: undefined,
  exitStatus: undefined,
  method: "POST",
  scheme: "https",
  ...more,
})

const flip = (at: string, more: Partial<Flip>): Flip => ({
  check: "c",
  n: 2,
  at: Date.parse(at),
  quiet: false,
  from: "up",
  to: "down",
  reason: "missed",
  blind: false,
  rid: undefined,
  duration: undefined,
  ...more,
})

const said = (policy: Check.Policy, findings: readonly Diagnosis.Finding[]) =>
  findings.map((finding) => Diagnosis.sentence(finding, policy))

describe("a signal of a check that has a calendar", () => {
  const codes = (...pings: Diagnosis.Known[]) =>
    Diagnosis.ofPing({ policy: nightly, pings }).map(({ code }) => code)

  it("is nothing to speak of within grace of its slot", () => {
    expect(codes(ping("2026-03-03T00:59:00Z"), ping("2026-03-02T00:05:00Z"))).toEqual([])
    expect(codes(ping("2026-03-03T00:00:00Z"))).toEqual([])
  })

  it("is too early when it comes before its slot, by how much", () => {
    const pings = [ping("2026-03-02T23:58:00Z"), ping("2026-03-02T00:05:00Z")]
    const findings = Diagnosis.ofPing({ policy: nightly, pings })
    const slot = Date.parse("2026-03-03T00:00:00Z")
    expect(findings).toEqual([{ code: "too-early", by: 2 * minute, slot }])
    expect(said(nightly, findings)).toEqual([
      "The signal came 2 minutes before its slot at 2026-03-03 02:00 Europe/Riga, for which another one is expected.",
    ])
  })

  it("is a duplicate when its slot had a signal already", () => {
    const pings = [ping("2026-03-03T01:20:00Z"), ping("2026-03-03T00:05:00Z", { rid: "a" })]
    const findings = Diagnosis.ofPing({ policy: nightly, pings })
    expect(findings).toEqual([
      { code: "duplicate-run", since: Date.parse("2026-03-03T00:05:00Z"), rid: "a", isOpen: false },
    ])
    expect(said(nightly, findings)).toEqual([
      "The slot had its signal at 2026-03-03 02:05 Europe/Riga already.",
    ])
  })

  it("is a duplicate when its slot had a signal already that came a little early", () => {
    const pings = [ping("2026-03-03T00:20:00Z"), ping("2026-03-02T23:59:30Z")]
    expect(codes(...pings)).toEqual(["duplicate-run"])
  })

  it("is of another zone when it has a slot there", () => {
    const pings = [ping("2026-03-03T02:00:30Z"), ping("2026-03-02T02:00:30Z")]
    const findings = Diagnosis.ofPing({ policy: nightly, pings })
    expect(findings).toEqual([
      { code: "another-zone", slot: Date.parse("2026-03-03T02:00:00Z"), offset: "+00:00" },
    ])
    expect(said(nightly, findings)[0]).toContain(
      "in a zone that is UTC+00:00 the schedule has one at that time",
    )
    const kolkata = Diagnosis.ofPing({ policy: nightly, pings: [ping("2026-03-02T20:33:00Z")] })
    expect(kolkata).toEqual([
      { code: "another-zone", slot: Date.parse("2026-03-02T20:30:00Z"), offset: "+05:30" },
    ])
  })

  it("is of no other zone when slots are so close that some zone always fits", () => {
    const busy = policy({ schedule: written("0 * * * *", "Europe/Riga"), grace: minute })
    expect(Diagnosis.ofPing({ policy: busy, pings: [ping("2026-03-03T02:30:00Z")] })).toEqual([])
  })
})

describe("a signal near a slot that a quiet window waives", () => {
  /** Every night at three; nothing is expected in the nights to Sunday, such as 2026-03-08. */
  const weekend = policy({
    schedule: written("0 3 * * *", "UTC"),
    grace: hour,
    quiet: [{ schedule: written("0 2 * * 0", "UTC"), duration: 2 * hour }],
  })
  const about = (...pings: Diagnosis.Known[]) => Diagnosis.ofPing({ policy: weekend, pings })
  const saturday = ping("2026-03-07T03:10:00Z")

  it.each([
    ["at it", "2026-03-08T03:00:00Z", {}],
    ["earlier in the night than the one before", "2026-03-08T03:05:00Z", {}],
    ["later in the night", "2026-03-08T03:59:00Z", {}],
    ["later than grace", "2026-03-08T11:20:00Z", {}],
    ["a little early", "2026-03-08T02:59:30Z", {}],
    ["half an hour early", "2026-03-08T02:30:00Z", {}],
    ["at the end of a run that began at it", "2026-03-08T16:00:30Z", { duration: 13 * hour }],
  ])("is as expected %s", (_, at, more) => {
    expect(about(ping(at, more), saturday).filter(({ code }) => code !== "overran")).toEqual([])
  })

  it("is as expected when all slots of some days are waived", () => {
    const office = policy({
      schedule: written("0 * * * *", "UTC"),
      grace: 5 * minute,
      quiet: [{ schedule: written("30 17 * * 5", "UTC"), duration: 62 * hour }],
    })
    const friday = ping("2026-03-06T17:01:00Z")
    for (const at of ["2026-03-06T18:01:00Z", "2026-03-07T11:02:00Z", "2026-03-09T05:58:00Z"]) {
      expect(Diagnosis.ofPing({ policy: office, pings: [ping(at), friday] })).toEqual([])
    }
    const early = Diagnosis.ofPing({ policy: office, pings: [ping("2026-03-09T07:50:00Z"), friday] })
    expect(early).toMatchObject([{ code: "too-early", slot: Date.parse("2026-03-09T08:00:00Z") }])
  })

  it("is too early when it is nearer to the slot that is expected next", () => {
    expect(about(ping("2026-03-09T01:40:00Z"), saturday)).toMatchObject([
      { code: "too-early", by: 80 * minute, slot: Date.parse("2026-03-09T03:00:00Z") },
    ])
  })

  it("is a duplicate when there was one already, for it or for the slot before", () => {
    const twice = about(ping("2026-03-08T03:20:00Z"), ping("2026-03-08T03:00:30Z"), saturday)
    expect(twice).toMatchObject([{ code: "duplicate-run", since: Date.parse("2026-03-08T03:00:30Z") }])
    expect(about(ping("2026-03-08T03:20:00Z"), ping("2026-03-08T02:59:30Z"))).toMatchObject([
      { code: "duplicate-run" },
    ])
    expect(about(ping("2026-03-07T03:40:00Z"), saturday)).toMatchObject([{ code: "duplicate-run" }])
  })

  it("did not come too early for a slot that was missed after it", () => {
    const hourly = policy({
      schedule: written("0 * * * *", "UTC"),
      grace: 2 * hour,
      quiet: [{ schedule: written("50 2 * * *", "UTC"), duration: 15 * minute }],
    })
    const missed = flip("2026-03-08T06:00:00Z", {})
    const of = (at: string, more: Partial<Diagnosis.Known> = {}) =>
      Diagnosis.ofFlip({ policy: hourly, pings: [ping(at, more)] }, missed).map(({ code }) => code)
    expect(of("2026-03-08T03:10:00Z")).toEqual(["missed-slot"])
    expect(of("2026-03-08T03:50:00Z")).toEqual(["missed-slot", "too-early"])
    expect(of("2026-03-08T03:50:00Z", { duration: 49 * minute })).toEqual(["missed-slot"])
  })
})

describe("a job on the clock of another zone", () => {
  const inUtc = policy({ schedule: written("0 3 * * *", "UTC"), grace: 30 * minute })

  it.each([
    ["2026-02-01T13:15:20Z", "+13:45", "Pacific/Chatham"],
    ["2026-07-01T14:15:20Z", "+12:45", "Pacific/Chatham"],
    ["2026-07-01T05:30:20Z", "-02:30", "America/St_Johns"],
    ["2026-07-01T12:30:20Z", "-09:30", "Pacific/Marquesas"],
    ["2026-07-01T18:15:20Z", "+08:45", "Australia/Eucla"],
    ["2026-07-01T21:15:20Z", "+05:45", "Asia/Kathmandu"],
    ["2026-07-01T13:00:20Z", "-10:00", "Pacific/Honolulu"],
  ])("is recognised at %s by its offset, %s, and such a zone is named", (at, offset, name) => {
    const findings = Diagnosis.ofPing({ policy: inUtc, pings: [ping(at)] })
    expect(findings).toMatchObject([{ code: "another-zone", offset }])
    expect(said(inUtc, findings)).toEqual([
      `No slot was near, but in a zone that is UTC${offset} the schedule has one at that time: ` +
        `the job's clock may be in another zone than UTC, such as ${name}.`,
    ])
  })

  /** Days in July on which the job came at a time in UTC, newest first. */
  const days = (times: readonly string[]) =>
    times.map((time, index) => ping(`2026-07-${String(10 - index).padStart(2, "0")}T${time}Z`))
  const patient = policy({ schedule: written("0 3 * * *", "Europe/Berlin"), grace: 3 * hour })

  it("is recognised within grace when the last three signals agree", () => {
    const pings = days(["03:00:20", "03:04:10", "03:00:00", "09:00:00"])
    const findings = Diagnosis.ofPing({ policy: patient, pings })
    const slot = Date.parse("2026-07-10T03:00:00Z")
    const row = { signals: 3, lateBy: 2 * hour }
    expect(findings).toEqual([{ code: "another-zone", slot, offset: "+00:00", row }])
    expect(said(patient, findings)).toEqual([
      "Each of the last 3 signals came about 2 hours after its slot, but in time for one in a zone that is UTC+00:00: " +
        "the job's clock may be in another zone than Europe/Berlin, such as UTC.",
    ])
    const missed = flip("2026-07-11T04:00:00Z", {})
    expect(Diagnosis.ofFlip({ policy: patient, pings }, missed)).toMatchObject([
      { code: "missed-slot" },
      { code: "another-zone", row },
    ])
  })

  it("is recognised in a row that came early for a slot that was missed, in place of how early", () => {
    const pings = days(["00:00:20", "00:00:10", "00:00:40"])
    const lenient = policy({ schedule: written("0 3 * * *", "Europe/Berlin"), grace: 24 * hour })
    const missed = flip("2026-07-11T01:00:00Z", {})
    expect(Diagnosis.ofFlip({ policy: lenient, pings }, missed)).toMatchObject([
      { code: "missed-slot", slot: Date.parse("2026-07-10T01:00:00Z") },
      { code: "another-zone", offset: "+03:00", row: { signals: 3, lateBy: -hour } },
    ])
  })

  it("may be the reason for a single signal that came early for a slot that was missed", () => {
    const strict = policy({ schedule: written("0 3 * * *", "Europe/Berlin"), grace: hour })
    const missed = flip("2026-07-10T02:00:00Z", {})
    expect(Diagnosis.ofFlip({ policy: strict, pings: days(["00:00:20"]) }, missed)).toMatchObject([
      { code: "missed-slot" },
      { code: "too-early", by: hour - 20 * second },
      { code: "another-zone", offset: "+03:00" },
    ])
  })

  it("is recognised when it is an hour late with an hour of grace, and an hour early with a day of it", () => {
    const late = policy({ schedule: written("0 3 * * *", "Europe/Berlin"), grace: hour + minute })
    const anHour = days(["02:00:20", "02:00:10", "02:00:40"])
    expect(Diagnosis.ofPing({ policy: late, pings: anHour })).toMatchObject([
      { code: "another-zone", offset: "+01:00", row: { lateBy: hour } },
    ])
    const lenient = policy({ schedule: written("0 3 * * *", "Europe/Berlin"), grace: 24 * hour })
    const findings = Diagnosis.ofPing({ policy: lenient, pings: days(["00:00:20", "00:00:10", "00:00:40"]) })
    expect(findings).toMatchObject([{ code: "another-zone", offset: "+03:00", row: { lateBy: -hour } }])
    expect(said(lenient, findings)[0]).toContain("came about 1 hour before its slot")
  })

  it.each([
    ["two signals", ["03:00:20", "03:00:20"]],
    ["one that was late", ["03:00:20", "01:00:20", "01:00:20"]],
    ["three that do not agree", ["03:00:20", "02:00:20", "03:00:20"]],
    ["a job that is late by what no zone is", ["01:40:20", "01:40:10", "01:40:40"]],
    [
      "a job that is late by half an hour, which zones that differ by an hour are not",
      ["01:30:20", "01:30:10", "01:30:40"],
    ],
    ["a job that is in time", ["01:00:20", "01:00:20", "01:00:20"]],
  ])("is not suspected within grace of %s", (_, times) => {
    expect(Diagnosis.ofPing({ policy: patient, pings: days(times) })).toEqual([])
  })

  it("is not suspected of three signals of one slot", () => {
    const pings = ["03:02:00", "03:01:00", "03:00:00"].map((time) => ping(`2026-07-10T${time}Z`))
    expect(Diagnosis.ofPing({ policy: patient, pings }).map(({ code }) => code)).not.toContain("another-zone")
  })
})

describe("a long run", () => {
  const job = policy({ schedule: written("0 3 * * *", "UTC"), grace: hour, maxRuntime: 6 * hour })
  const ended = (at: string, duration: number) => ping(at, { duration })

  it("is judged by its start: it ended where another zone has a slot, and began at its own", () => {
    const pings = [
      ended("2026-03-03T05:02:00Z", 2 * hour + 115 * second),
      ended("2026-03-02T05:10:00Z", 2 * hour + 595 * second),
    ]
    expect(Diagnosis.ofPing({ policy: job, pings })).toEqual([])
    expect(Diagnosis.ofPing({ policy: job, pings: [ping("2026-03-03T05:02:00Z")] })).toMatchObject([
      { code: "another-zone" },
    ])
    const missed = flip("2026-03-04T04:00:00Z", {})
    expect(Diagnosis.ofFlip({ policy: job, pings }, missed)).toMatchObject([{ code: "missed-slot" }])
  })

  it("is judged by its start: it began where another zone has a slot", () => {
    const pings = [ended("2026-03-03T03:10:00Z", 2 * hour + 595 * second)]
    expect(Diagnosis.ofPing({ policy: job, pings })).toMatchObject([
      { code: "another-zone", slot: Date.parse("2026-03-03T01:00:00Z"), offset: "+02:00" },
    ])
  })

  it("that ends after the next slot does not make the run of that slot a second one", () => {
    const busy = policy({ schedule: written("0 */4 * * *", "UTC"), grace: 4 * hour, maxRuntime: 8 * hour })
    const pings = [
      ended("2026-03-02T10:00:00Z", 2 * hour - 5 * second),
      ended("2026-03-02T09:30:00Z", 5 * hour + 29 * minute),
    ]
    expect(Diagnosis.ofPing({ policy: busy, pings })).toEqual([])
    const twice = [ended("2026-03-02T10:00:00Z", minute), ended("2026-03-02T09:30:00Z", minute)]
    expect(Diagnosis.ofPing({ policy: busy, pings: twice })).toMatchObject([{ code: "duplicate-run" }])
  })
})

describe("a signal of a check that has a period", () => {
  const by = (at: string) =>
    Diagnosis.ofPing({ policy: hourly, pings: [ping(at), ping("2026-03-02T00:00:00Z")] })

  it("may be as early as it may be late", () => {
    expect(by("2026-03-02T00:55:00Z")).toEqual([])
    expect(by("2026-03-02T01:30:00Z")).toEqual([])
  })

  it("is too early beyond that", () => {
    const slot = Date.parse("2026-03-02T01:00:00Z")
    expect(by("2026-03-02T00:54:00Z")).toEqual([{ code: "too-early", by: 6 * minute, slot }])
  })

  it("is nothing to speak of when it is the first, or only logged", () => {
    expect(Diagnosis.ofPing({ policy: hourly, pings: [ping("2026-03-02T00:00:00Z")] })).toEqual([])
    const pings = [ping("2026-03-02T00:01:00Z", { kind: "log" }), ping("2026-03-02T00:00:00Z")]
    expect(Diagnosis.ofPing({ policy: hourly, pings })).toEqual([])
    expect(Diagnosis.ofPing({ policy: hourly, pings: [] })).toEqual([])
  })
})

describe("a run", () => {
  const bounded = policy({
    schedule: Every.make(hour),
    grace: hour,
    minRuntime: minute,
    maxRuntime: 10 * minute,
  })
  const finished = (duration: number, more: Partial<Check.Policy> = {}) =>
    Diagnosis.ofPing({
      policy: { ...bounded, ...more },
      pings: [ping("2026-03-02T01:00:00Z", { duration, rid: "a" })],
    })

  it("was too short", () => {
    const findings = finished(30 * second)
    expect(findings).toEqual([{ code: "too-short", duration: 30 * second, minimum: minute }])
    expect(said(bounded, findings)).toEqual([
      "The run took 30 seconds; less than 1 minute counts as a failure.",
    ])
  })

  it("took longer than it may, by how much", () => {
    const findings = finished(12 * minute)
    expect(findings).toEqual([{ code: "overran", by: 2 * minute, allowed: 10 * minute, rid: "a" }])
    expect(said(bounded, findings)).toEqual([
      "Run a took 2 minutes longer than the 10 minutes that it may take.",
    ])
  })

  it("may take as long as grace when nothing else is said, or for ever, and quiet time does not count", () => {
    expect(finished(10 * minute)).toEqual([])
    expect(finished(12 * minute, { maxRuntime: undefined })).toEqual([])
    expect(finished(61 * minute, { maxRuntime: undefined })).toMatchObject([{ code: "overran", by: minute }])
    expect(finished(99 * hour, { maxRuntime: "never" })).toEqual([])
    const quiet = [{ from: Date.parse("2026-03-02T00:50:00Z"), to: Date.parse("2026-03-02T00:55:00Z") }]
    expect(finished(12 * minute, { quiet })).toEqual([])
  })

  it("started while another one was open", () => {
    const start = (at: string, rid?: string) => ping(at, { kind: "start", rid })
    const pings = [
      start("2026-03-02T01:05:00Z", "b"),
      start("2026-03-02T01:00:00Z", "a"),
      ping("2026-03-02T00:05:00Z", { rid: "c" }),
      start("2026-03-02T00:00:00Z", "c"),
    ]
    const findings = Diagnosis.ofPing({ policy: bounded, pings })
    const since = Date.parse("2026-03-02T01:00:00Z")
    expect(findings).toEqual([{ code: "duplicate-run", since, rid: "a", isOpen: true }])
    expect(said(bounded, findings)).toEqual([
      "Run a had been open since 2026-03-02 01:00 UTC when this one started.",
    ])
    expect(Diagnosis.ofPing({ policy: bounded, pings: pings.slice(1) })).toEqual([])
  })

  it("does not count as open any more once it was cancelled", () => {
    const of = (runs: Check.Policy["runs"], rid: string | undefined) =>
      Diagnosis.ofPing({
        policy: { ...bounded, runs },
        pings: [
          ping("2026-03-02T01:05:00Z", { kind: "start", rid: "b" }),
          ping("2026-03-02T01:02:00Z", { kind: "cancel", rid }),
          ping("2026-03-02T01:00:00Z", { kind: "start", rid: "a" }),
        ],
      })
    expect(of("every", "a")).toEqual([])
    expect(of("latest", "a")).toEqual([])
    expect(of("every", "c")).toMatchObject([{ code: "duplicate-run", rid: "a" }])
  })

  it("does not count as open any more once it has overrun", () => {
    const pings = [
      ping("2026-03-02T01:15:00Z", { kind: "start", rid: "b" }),
      ping("2026-03-02T01:00:00Z", { kind: "start", rid: "a" }),
    ]
    expect(Diagnosis.ofPing({ policy: bounded, pings })).toEqual([])
  })
})

describe("what a signal means", () => {
  const filters = { ...Check.noFilters, httpBody: true, successKeywords: "done", failureKeywords: "FAIL" }
  const filtered = policy({ schedule: Every.make(hour), filters })
  const of = (policy: Check.Policy, more: Partial<Diagnosis.Known>, text?: string) =>
    Diagnosis.ofPing({
      policy,
      pings: [ping("2026-03-02T01:00:00Z", more)],
      ...(text === undefined ? {} : { text }),
    })

  it("was decided by a keyword, or by there being none", () => {
    const failed = of(filtered, { kind: "fail" }, "it did FAIL")
    expect(failed).toEqual([{ code: "filtered", keyword: "FAIL", kind: "fail" }])
    expect(said(filtered, failed)).toEqual(['The keyword "FAIL" makes it a failure.'])
    const ignored = of(filtered, { kind: "ignored" }, "nothing")
    expect(said(filtered, ignored)).toEqual(["No keyword was found, which makes it nothing that counts."])
  })

  it("was not decided by a filter that does not look at it", () => {
    expect(of(filtered, { kind: "success", scheme: "email" }, "FAIL")).toEqual([])
    expect(of(filtered, { kind: "success" })).toEqual([])
    const byMail = policy({ filters: { ...filters, httpBody: false, subject: true } })
    expect(of(byMail, { kind: "fail" }, "FAIL")).toEqual([])
    expect(of(byMail, { kind: "fail", scheme: "email" }, "FAIL")).toMatchObject([{ code: "filtered" }])
  })

  it("was decided by the exit status of the job", () => {
    const findings = of(hourly, { kind: "fail", exitStatus: 3 })
    expect(findings).toEqual([{ code: "exit-status", exitStatus: 3 }])
    expect(said(hourly, findings)).toEqual(["The job ended with exit status 3."])
    expect(of(hourly, { kind: "success", exitStatus: 0 })).toEqual([])
    expect(of(hourly, { kind: "fail" })).toEqual([])
  })

  it("is nothing when its method does not count, or when the check waits for a person", () => {
    const postOnly = policy({ methods: ["POST"] })
    const findings = of(postOnly, { kind: "ignored", method: "GET" })
    expect(findings).toEqual([{ code: "method", method: "GET" }])
    expect(said(postOnly, findings)).toEqual(["Requests with method GET do not count for this check."])
    expect(of(postOnly, { kind: "success" })).toEqual([])
    const manual = policy({ manualResume: true })
    expect(of(manual, { kind: "ignored" })).toEqual([{ code: "paused" }])
    expect(said(manual, [{ code: "paused" }])).toEqual(["The check is paused until somebody resumes it."])
    const asked = policy({ manualResume: true, probe: Probe.make({ url: "https://example.org" }) })
    expect(of(asked, { kind: "ignored" })).toEqual([{ code: "asked" }])
    expect(said(asked, [{ code: "asked" }])).toEqual([
      "The check is asked by its probe, so signals do not count.",
    ])
    const server = {
      policy: manual,
      isServer: true,
      pings: [ping("2026-03-02T01:00:00Z", { kind: "ignored" })],
    }
    expect(Diagnosis.ofPing(server)).toEqual([{ code: "server" }])
    expect(said(manual, [{ code: "server" }])).toEqual([
      "A server monitor hears only what its server reports, and nothing while it is disabled.",
    ])
  })
})

describe("a flip of a failing signal", () => {
  it.each([
    ["too early", "2026-03-02T20:00:00Z"],
    ["in another zone", "2026-03-03T03:00:00Z"],
    ["after another one", "2026-03-02T00:07:00Z"],
  ])("that came %s says nothing of that, which is not why the job failed", (_, at) => {
    const pings = [
      { ...ping(at), kind: "fail" as const, exitStatus: 3 },
      ping("2026-03-02T00:05:00Z"),
      ping("2026-03-01T00:05:00Z"),
    ]
    const failed = { ...flip(at, {}), reason: "fail" as const }
    expect(Diagnosis.ofPing({ policy: nightly, pings }).length).toBeGreaterThan(1)
    expect(Diagnosis.ofFlip({ policy: nightly, pings }, failed)).toEqual([
      { code: "exit-status", exitStatus: 3 },
    ])
  })
})

describe("a flip", () => {
  const night = "2026-03-03T00:00:00Z"

  it("for a missed slot names it, and when it was expected", () => {
    const pings = [ping("2026-03-02T00:05:00Z")]
    const findings = Diagnosis.ofFlip({ policy: nightly, pings }, flip("2026-03-03T01:00:00Z", {}))
    const slot = Date.parse(night)
    expect(findings).toEqual([{ code: "missed-slot", slot, expected: slot, grace: hour }])
    expect(said(nightly, findings)).toEqual([
      "No signal came for 2026-03-03 02:00 Europe/Riga within the 1 hour by which it may be late.",
    ])
  })

  it("for a missed slot says that the last signal came too early for it", () => {
    const pings = [ping("2026-03-02T23:58:00Z")]
    const findings = Diagnosis.ofFlip({ policy: nightly, pings }, flip("2026-03-03T01:00:00Z", {}))
    expect(findings.map(({ code }) => code)).toEqual(["missed-slot", "too-early"])
    expect(findings[1]).toMatchObject({ by: 2 * minute })
  })

  it("for a missed slot says that the last signal fits another zone", () => {
    const pings = [ping("2026-03-02T02:01:00Z")]
    const findings = Diagnosis.ofFlip({ policy: nightly, pings }, flip("2026-03-03T01:00:00Z", {}))
    expect(findings.map(({ code }) => code)).toEqual(["missed-slot", "another-zone"])
  })

  it("for the last of several missed slots names that one", () => {
    const tolerant = policy({ ...hourly, alert: { failures: 3, outOf: 3, recoveries: 1 } })
    const pings = [ping("2026-03-02T00:00:00Z"), ping("2026-03-01T23:00:00Z")]
    const findings = Diagnosis.ofFlip({ policy: tolerant, pings }, flip("2026-03-02T03:05:00Z", {}))
    expect(findings).toMatchObject([{ code: "missed-slot", slot: Date.parse("2026-03-02T03:00:00Z") }])
  })

  it("for a slot in a quiet window names the window's end, also without grace", () => {
    const quiet = [{ from: Date.parse("2026-03-02T00:30:00Z"), to: Date.parse("2026-03-02T02:00:00Z") }]
    const strict = policy({ ...hourly, grace: 0, quiet })
    const pings = [ping("2026-03-02T00:00:00Z")]
    const findings = Diagnosis.ofFlip({ policy: strict, pings }, flip("2026-03-02T02:00:00Z", {}))
    expect(findings).toMatchObject([{ expected: Date.parse("2026-03-02T02:00:00Z") }])
    expect(said(strict, findings)).toEqual(["No signal came by 2026-03-02 02:00 UTC."])
  })

  it("for a missed slot knows nothing without a signal before it", () => {
    expect(Diagnosis.ofFlip({ policy: nightly, pings: [] }, flip("2026-03-03T01:00:00Z", {}))).toEqual([])
  })

  describe("for a missed slot of a check that was never heard of", () => {
    const createdAt = Date.parse("2026-03-02T10:00:00Z")
    const since =
      "No success or failure had ever come since the check was made at 2026-03-02 12:00 Europe/Riga."
    const of = (at: string, more: Partial<Diagnosis.Case> = {}) =>
      Diagnosis.ofFlip({ policy: nightly, pings: [], createdAt, ...more }, flip(at, { from: "new" }))

    it("says so, and names the slot", () => {
      const findings = of("2026-03-03T01:00:00Z")
      expect(findings).toMatchObject([
        { code: "missed-slot", expected: Date.parse(night) },
        { code: "never-heard" },
      ])
      expect(said(nightly, findings)).toEqual([
        "No signal came for 2026-03-03 02:00 Europe/Riga within the 1 hour by which it may be late.",
        since,
      ])
    })

    it("names the slot after those that were tolerated", () => {
      const slot = Date.parse("2026-03-05T00:00:00Z")
      expect(of("2026-03-05T01:00:00Z")).toMatchObject([
        { code: "missed-slot", slot },
        { code: "never-heard" },
      ])
    })

    it("says so of one that has had starts and messages only", () => {
      const pings = [
        ping("2026-03-02T22:00:00Z", { kind: "log" }),
        ping("2026-03-02T11:00:00Z", { kind: "start" }),
      ]
      expect(of("2026-03-03T01:00:00Z", { pings })).toMatchObject([
        { code: "missed-slot" },
        { code: "never-heard" },
      ])
    })

    it("names no slot that it cannot know, because the check was armed after it was made", () => {
      expect(said(nightly, of("2026-03-03T00:30:00Z"))).toEqual([since])
      const never = policy({ schedule: written("never", "UTC") })
      expect(of("2026-03-03T01:00:00Z", { policy: never })).toEqual([{ code: "never-heard", createdAt }])
    })
  })

  it("for a run that overran names the run and what it may take", () => {
    const findings = Diagnosis.ofFlip(
      { policy: hourly, pings: [] },
      flip(night, { reason: "overran", rid: "a" }),
    )
    expect(findings).toEqual([{ code: "overran", by: 0, allowed: 5 * minute, rid: "a" }])
    expect(said(hourly, findings)).toEqual([
      "Run a was still open after 5 minutes, the longest that it may take.",
    ])
  })

  it("for a failure says what its ping says", () => {
    const pings = [ping(night, { kind: "fail", exitStatus: 7 })]
    expect(Diagnosis.ofFlip({ policy: hourly, pings }, flip(night, { reason: "fail" }))).toEqual([
      { code: "exit-status", exitStatus: 7 },
    ])
    expect(Diagnosis.ofFlip({ policy: hourly, pings: [] }, flip(night, { reason: "fail" }))).toEqual([])
  })

  it("that a success or a person made speaks for itself", () => {
    for (const reason of ["success", "paused", "resumed"] as const) {
      expect(Diagnosis.ofFlip({ policy: hourly, pings: [ping(night)] }, flip(night, { reason }))).toEqual([])
    }
  })
})

describe("an alert", () => {
  const createdAt = Date.parse("2026-03-02T10:00:00Z")
  const made = Check.make({ id: "c", project: "p", badgeKey: "b", createdAt, policy: nightly })
  const alert = (check: Check.Check, lastPing: Diagnosis.Known | undefined): Alert => {
    const at = Date.parse("2026-03-03T01:00:00Z")
    return {
      id: "c.1.x",
      occasion: "flip",
      status: "down",
      reason: "missed",
      at,
      check,
      project: { id: "p", name: "p", zone: "UTC" },
      lastPing: lastPing as Alert["lastPing"], // safe because a diagnosis uses no more of it
      outage: { id: "c.1", since: at, until: undefined, reason: "missed", rid: undefined },
    }
  }
  const codes = (check: Check.Check, lastPing?: Diagnosis.Known) =>
    Diagnosis.ofAlert(alert(check, lastPing), {}).map(({ code }) => code)

  it("about a check that was never heard of says so", () => {
    const { check } = Machine.step(made, { type: "tick" }, Date.parse("2026-03-03T02:00:00Z"))
    expect(check.state.status).toBe("down")
    expect(codes(check)).toEqual(["missed-slot", "never-heard"])
  })

  it("does not say so of a check whose signals are no longer kept", () => {
    const heard = Machine.step(made, { type: "success" }, Date.parse("2026-03-02T10:30:00Z")).check
    const paused = Machine.step(heard, { type: "pause" }, Date.parse("2026-03-02T11:00:00Z")).check
    const resumed = Machine.step(paused, { type: "resume" }, Date.parse("2026-03-02T12:00:00Z")).check
    expect(codes(heard)).toEqual([])
    expect(codes(resumed)).toEqual([])
    expect(codes(heard, ping("2026-03-02T10:30:00Z"))).toEqual(["missed-slot"])
  })
})
