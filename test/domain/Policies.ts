/**
 * Policies for usual jobs, as the documentation shows them: what a good month of such a job is like, and a bad day of it
 * with what is told then.
 */
import type * as Replay from "@overdue/core/Replay"
import { day, hour, minute, second, type Instant, type Span } from "@overdue/core/Time"

/** The events of a job. `slot` is a slot of its schedule, and `n` counts them. */
export type Job = (slot: Instant, n: number) => readonly Replay.Happening[]

export interface Shown {
  readonly job: string
  /** The plan as it stands in the documentation, which is YAML as well. */
  readonly plan: string
  /** Where its slots are for a job that is counted from its last signal: so far apart. */
  readonly every?: Span
  /** What a good run of it does. */
  readonly good: Job
  readonly badDay: string
  /** What the run does whose slot is the first on the bad day; later runs of the month do not come. */
  readonly bad: Job
  /** What the channels are told that day, on the clock of Riga. */
  readonly told: readonly string[]
}

/** The bad day is a Wednesday, after the weekend on which the clocks of Europe change. */
export const badDay: Instant = Date.parse("2026-04-01T00:00:00+03:00")

const success = (at: Instant, rid?: string): Replay.Happening => ({ at, event: { type: "success", rid } })
const fail = (at: Instant): Replay.Happening => ({ at, event: { type: "fail" } })
const start = (at: Instant, rid?: string): Replay.Happening => ({ at, event: { type: "start", rid } })

/** Machines are never on time: half a minute early to a minute late, the same each time it is asked. */
const jitter = (n: number): Span => (((n * 7919) % 90) - 30) * second

/** A run that starts on time and takes between a half and the whole of a length of time. */
const run =
  (takes: Span): Job =>
  (slot, n) => {
    const begins = slot + jitter(n)
    return [start(begins, `run ${n}`), success(begins + takes / 2 + (takes / 2) * ((n % 5) / 5), `run ${n}`)]
  }

const absent: Job = () => []

const isNight = (at: Instant): boolean => {
  const riga = new Date(at + (at < Date.parse("2026-03-29T01:00:00Z") ? 2 : 3) * hour).getUTCHours()
  return riga >= 22 || riga < 6
}

export const shown: readonly Shown[] = [
  {
    job: "a nightly backup",
    plan: '{ cron: "0 3 * * *", zone: "Europe/Riga", grace: "1 hour" }',
    good: run(40 * minute),
    badDay: "it does not run",
    bad: absent,
    told: ["04:00 down: missed"],
  },
  {
    job: "a report that starts on time and may take long",
    plan: '{ cron: "30 1 * * *", zone: "Europe/Riga", grace: "10 minutes", maxRuntime: "6 hours" }',
    good: run(5 * hour),
    badDay: "it hangs",
    bad: (slot) => [start(slot + second)],
    told: ["07:30 down: overran"],
  },
  {
    job: "a worker that says every few minutes that it is alive",
    plan: '{ every: "5 minutes", grace: "5 minutes" }',
    every: 5 * minute,
    good: (slot, n) => [success(slot + (n % 20) * second)],
    badDay: "it dies",
    bad: absent,
    told: ["00:05 down: missed"],
  },
  {
    job: "a sync over a bad network",
    plan: '{ cron: "*/10 * * * *", grace: "5 minutes", alert: { failures: 3, outOf: 5 } }',
    good: (slot, n) => [n % 12 === 3 ? fail(slot + 20 * second) : success(slot + 20 * second)],
    badDay: "it fails each time",
    bad: (slot) => [0, 1, 2, 3].map((runs) => fail(slot + runs * 10 * minute + 20 * second)),
    told: ["00:20 down: fail"],
  },
  {
    job: "an import in working hours",
    plan: '{ cron: "0 9-17 * * 1-5", zone: "Europe/Riga", grace: "15 minutes" }',
    good: run(10 * minute),
    badDay: "it fails, and again with its next run",
    bad: (slot) => [start(slot), fail(slot + minute), start(slot + hour), fail(slot + hour + minute)],
    told: ["09:01 down: fail"],
  },
  {
    job: "a service that is switched off at night",
    plan: '{ cron: "*/15 * * * *", grace: "5 minutes", quiet: [{ cron: "0 22 * * *", zone: "Europe/Riga", duration: "8 hours" }] }',
    good: (slot, n) => (isNight(slot) ? [] : [success(slot + (n % 60) * second)]),
    badDay: "it fails in the night and does not come back",
    bad: (slot) => [fail(slot + minute)],
    told: ["06:00 down: fail"],
  },
  {
    job: "a dump that is suspicious when it takes no time",
    plan: '{ cron: "0 4 * * *", zone: "Europe/Riga", grace: "1 hour", minRuntime: "1 minute" }',
    good: run(20 * minute),
    badDay: "it ends after two seconds",
    bad: (slot) => [start(slot), success(slot + 2 * second)],
    told: ["04:00 down: too-short"],
  },
  {
    job: "runs that overlap",
    plan: '{ cron: "0 * * * *", grace: "15 minutes", maxRuntime: "3 hours" }',
    good: run(150 * minute),
    badDay: "one of them hangs, and the others go on",
    bad: (slot) => [
      start(slot, "hung"),
      ...[1, 2, 3, 4].flatMap((n) => [
        start(slot + n * hour, `other ${n}`),
        success(slot + n * hour + 5 * minute, `other ${n}`),
      ]),
    ],
    told: ["03:00 down: overran"],
  },
  {
    job: "a certificate that is renewed once a month",
    plan: '{ onCalendar: "*-*-01 02:00", zone: "Europe/Riga", grace: "1 day", remindEvery: "6 hours" }',
    good: (slot) => [success(slot + minute)],
    badDay: "it is not renewed, and nobody does anything about it",
    bad: absent,
    told: [
      "02:00 down: missed",
      "08:00 still down: missed",
      "14:00 still down: missed",
      "20:00 still down: missed",
    ],
  },
]

export const month: Span = 31 * day
