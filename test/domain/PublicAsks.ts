/**
 * What users of cron monitors have asked for, for years, and where it lands here.
 *
 * Each row is a scenario that runs: under the policy that answers it, and, where Healthchecks can be told so, as
 * Healthchecks handles it. The table in the documentation is made of these rows.
 */
import * as Check from "@overdue/core/Check"
import * as Diagnosis from "@overdue/core/Diagnosis"
import * as Replay from "@overdue/core/Replay"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute, type Instant } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { expect } from "vitest"
import * as AskScenarios from "./AskScenarios.ts"

export interface Ask {
  /** What people ask for. */
  readonly ask: string
  /** Where it recurs. */
  readonly where: string
  /** What answers it. */
  readonly here: string
  /** What the scenario shows. */
  readonly shows: string
  /** How Healthchecks handles the same, where its documentation or a recording says so. */
  readonly healthchecks: string
  /** The scenario, or the test elsewhere that takes processes of the command to show it. */
  readonly shown: (() => void | Promise<void>) | Elsewhere
}

/** A test in another file, by its title, and the assertion in it that counts here, as it is written there. */
export interface Elsewhere {
  readonly file: string
  readonly title: string
  readonly asserts: string
}

type Event = readonly [at: Instant, type: "success" | "fail" | "start", rid?: string]

const at = (text: string): Instant => Date.parse(text)

const happenings = (events: readonly Event[]): readonly Replay.Happening[] =>
  events.map(([instant, type, rid]) => ({ at: instant, event: { type, rid } }))

/** What the channels are told: status, reason and instant. */
const told = (policy: Partial<Check.Policy>, events: readonly Event[], until?: Instant): readonly string[] =>
  Replay.replay(
    { ...Check.defaultPolicy, ...policy },
    happenings(events),
    until === undefined ? {} : { until },
  ).alerts.map(
    ({ at: instant, status, reason, occasion }) =>
      `${new Date(instant).toISOString().slice(11, 16)} ${occasion === "reminder" ? "still " : ""}${status}: ${reason}`,
  )

const cron = (expression: string, zone = "UTC"): Schedule.Schedule =>
  Result.getOrThrow(Schedule.parse(expression, Result.getOrThrow(Zone.make(zone))))

const healthchecks: Partial<Check.Policy> = Check.healthchecksPolicy

const flaky: readonly Event[] = [
  [at("2026-01-01T00:00Z"), "success"],
  [at("2026-01-01T01:00Z"), "fail"],
  [at("2026-01-01T02:00Z"), "success"],
  [at("2026-01-01T03:00Z"), "fail"],
  [at("2026-01-01T04:00Z"), "fail"],
]

export const asks: readonly Ask[] = [
  {
    ask: "alert after several failures, or above a failure rate",
    where: "Healthchecks #525 #587 #858, Sentry, Gatus",
    here: "`alert: { failures, outOf, recoveries }`",
    shows: "three failures of five tell once, where one failure told each time",
    healthchecks: "the first failure alerts",
    shown: () => {
      const schedule = { schedule: Every.make(day) }
      expect(told({ ...healthchecks, ...schedule }, flaky)).toEqual([
        "01:00 down: fail",
        "02:00 up: success",
        "03:00 down: fail",
      ])
      expect(told({ ...schedule, alert: { failures: 3, outOf: 5, recoveries: 1 } }, flaky)).toEqual([
        "04:00 down: fail",
      ])
    },
  },
  {
    ask: "a start deadline, a finish deadline and a longest run time apart from each other",
    where: "Healthchecks #910 #1232 #236",
    here: "`startSatisfies`, `maxRuntime`, `minRuntime`",
    shows: "a job that starts in time may run for three hours though it may be late by ten minutes only",
    healthchecks: "grace bounds both lateness and run time",
    shown: () => {
      const policy = { schedule: cron("0 2 * * *"), grace: 10 * minute }
      const events: readonly Event[] = [
        [at("2026-01-01T02:00Z"), "success"],
        [at("2026-01-02T02:05Z"), "start"],
        [at("2026-01-02T04:55Z"), "success"],
      ]
      expect(told({ ...healthchecks, ...policy }, events)).toEqual([
        "02:10 down: missed",
        "04:55 up: success",
      ])
      const apart = { ...policy, startSatisfies: true, maxRuntime: 3 * hour }
      expect(told(apart, events)).toEqual([])
      expect(told(apart, events.slice(0, 2), at("2026-01-02T06:00Z"))).toEqual(["05:05 down: overran"])
      expect(told(apart, events.slice(0, 1), at("2026-01-02T06:00Z"))).toEqual(["02:10 down: missed"])
      expect(
        told({ ...apart, minRuntime: hour }, [...events.slice(0, 2), [at("2026-01-02T02:06Z"), "success"]]),
      ).toEqual(["02:06 down: too-short"])
    },
  },
  {
    ask: "every run monitored, not only the newest",
    where: "Healthchecks #268, Sentry #74703",
    here: "`runs: every`",
    shows: "a run that hangs is told of though a newer one finished",
    healthchecks: "only the newest start is timed",
    shown: () => {
      const events: readonly Event[] = [
        [at("2026-01-01T00:00Z"), "start", "hangs"],
        [at("2026-01-01T00:10Z"), "start", "ends"],
        [at("2026-01-01T00:20Z"), "success", "ends"],
      ]
      const until = at("2026-01-01T02:00Z")
      expect(told({ ...healthchecks, grace: hour }, events, until)).toEqual([])
      expect(told({ runs: "every", grace: hour }, events, until)).toEqual(["01:00 down: overran"])
    },
  },
  {
    ask: "too early, too often, in the wrong time zone",
    where: "Healthchecks #17 (since 2015) #1160 #888",
    here: "`Diagnosis`",
    shows: "a ping two hours early is named so, with the offset of the zone that it matches",
    healthchecks: "any success is a success",
    shown: () => {
      const policy = {
        ...Check.defaultPolicy,
        schedule: cron("0 5 * * *", "Europe/Riga"),
        grace: 10 * minute,
      }
      const ping = (instant: string) => ({
        at: at(instant),
        kind: "success" as const,
        rid: undefined,
        duration: undefined,
        exitStatus: undefined,
        method: "GET",
        scheme: "http" as const,
      })
      const found = Diagnosis.ofPing({
        policy,
        pings: [ping("2026-01-02T05:00Z"), ping("2026-01-01T05:00Z")],
      })
      expect(found.map(({ code }) => code)).toContain("another-zone")
    },
  },
  {
    ask: "maintenance and working hours that work for pushed signals",
    where: "Healthchecks #926 #1044, Kuma #6022, Gatus #1551",
    here: "`quiet`: windows by cron or OnCalendar in a zone, and single spans",
    shows: "a job that falls silent in the evening is told of when the morning comes",
    healthchecks: "there are no windows: somebody is woken",
    shown: () => {
      const policy = { schedule: Every.make(hour), grace: 10 * minute }
      const events: readonly Event[] = [[at("2026-01-01T21:30Z"), "success"]]
      const until = at("2026-01-02T12:00Z")
      expect(told({ ...healthchecks, ...policy }, events, until)).toEqual(["22:40 down: missed"])
      const quiet = [{ schedule: cron("0 22 * * *"), duration: 8 * hour }]
      expect(told({ ...policy, quiet }, events, until)).toEqual(["06:10 down: missed"])
    },
  },
  {
    ask: "no lost notifications",
    where: "Kuma #6046; Healthchecks marks a flip processed before it sends",
    here: "the outbox: a delivery is written with its flip, and retried until it works",
    shows: "a delivery that failed is sent again, also by the next process",
    healthchecks: "three tries in a row, then it is lost",
    shown: AskScenarios.failedDelivery,
  },
  {
    ask: "no false alarms because the monitor itself was down",
    where: "Kuma #774, Gatus #1237",
    here: "blind spans: time in which nobody was awake does not count",
    shows: "deadlines inside three hours in which no process ran move on",
    healthchecks: "everything that was due meanwhile goes down at the restart",
    shown: AskScenarios.blindSpan,
  },
  {
    ask: "auto-provisioning with parameters, and integrations by API",
    where: "Healthchecks #903 #1017",
    here: "`?create=1&timeout=…&grace=…&schedule=…&tz=…`, `POST /api/v3/channels/`",
    shows: "the first ping of a job creates its check as the URL describes it",
    healthchecks: "`create=1` takes the defaults; channels are made by hand",
    shown: AskScenarios.provisioning,
  },
  {
    ask: "configuration as code, import and export",
    where: "Healthchecks #1196 #339 #1299, Kuma #1354",
    here: "`overdue apply`, `overdue export`",
    shows: "what was exported applies as no change",
    healthchecks: "not offered",
    shown: {
      file: "test/system/journeys/commandLine.test.ts",
      title: "after export is a no-op, and export prints the same again",
      asserts: String.raw`expect(await said("apply", path, "--prune")).toBe("Nothing to change: 4 unchanged\n")`,
    },
  },
  {
    ask: "reminders for each check",
    where: "Healthchecks #510 #665",
    here: "`remindEvery`",
    shows: "a check that stays down is told of every hour",
    healthchecks: "reminders are per account, hourly or daily",
    shown: () => {
      const events: readonly Event[] = [[at("2026-01-01T00:00Z"), "fail"]]
      expect(told({ remindEvery: hour }, events, at("2026-01-01T01:30Z"))).toEqual([
        "00:00 down: fail",
        "01:00 still down: fail",
      ])
      expect(told(healthchecks, events, at("2026-01-01T01:30Z"))).toEqual(["00:00 down: fail"])
    },
  },
  {
    ask: "what would have alerted?",
    where: "nobody has it",
    here: "`Replay`: replay, compare, advise",
    shows: "a log of pings is judged under two policies, and a grace is advised that would have been quiet",
    healthchecks: "not offered",
    shown: () => {
      const events = happenings(
        Array.from({ length: 48 }, (_, index): Event => [
          at("2026-01-01T00:00Z") + index * hour + (index % 7) * minute,
          "success",
        ]),
      )
      const policy = { ...Check.defaultPolicy, schedule: Every.make(hour) }
      const { a, b } = Replay.compare(
        { ...policy, grace: minute / 2 },
        { ...policy, grace: 10 * minute },
        events,
      )
      expect(a.outages.length).toBeGreaterThan(10)
      expect(b.outages).toEqual([])
    },
  },
  {
    ask: "a library instead of a service",
    where: "nobody has it",
    here: "`Monitor.make(…)`",
    shows: "ten lines of a backend monitor its job",
    healthchecks: "a Django application",
    shown: AskScenarios.library,
  },
]
