/**
 * One step of the machine, against a spread of the state that it steps: the least that any immutable step does.
 *
 * The two take turns in one run; a figure is the best of the rounds (other work on the machine only ever adds).
 */
import * as Check from "@overdue/core/Check"
import * as Machine from "@overdue/core/Machine"
import * as Schedule from "@overdue/core/Schedule"
import * as Every from "@overdue/core/schedule/Every"
import { day, hour, minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as Table from "./report/Table.ts"

const rounds = 25
const usualSteps = 100_000

const begin = Date.parse("2026-03-02T08:00:00Z")

interface Course {
  readonly name: string
  readonly policy: Partial<Check.Policy>
  /** What happens again and again, a minute apart. */
  readonly events: readonly Machine.Event[]
  readonly steps?: number
}

const riga = Result.getOrThrow(Zone.make("Europe/Riga"))
const success: Machine.Event = { type: "success" }
const courses: readonly Course[] = [
  { name: "success, every hour", policy: { schedule: Every.make(hour) }, events: [success] },
  {
    name: "success, cron in Europe/Riga",
    policy: { schedule: Result.getOrThrow(Schedule.parse("*/5 * * * *", riga)) },
    events: [success],
  },
  {
    name: "start and success of a run",
    policy: { schedule: Every.make(hour) },
    events: [
      { type: "start", rid: "11111111-1111-4111-8111-111111111111" },
      { type: "success", rid: "11111111-1111-4111-8111-111111111111" },
    ],
  },
  {
    name: "down and up again",
    policy: { schedule: Every.make(hour) },
    events: [{ type: "fail", rid: undefined }, success],
  },
  {
    name: "success, quiet every night",
    policy: {
      schedule: Every.make(hour),
      quiet: [{ schedule: Result.getOrThrow(Schedule.parse("0 2 * * *", riga)), duration: 2 * hour }],
    },
    events: [success],
  },
  {
    name: "64 open runs, 16 windows that open 96 times a day, a year of grace",
    policy: {
      schedule: Every.make(hour),
      grace: 365 * day,
      quiet: Array.from({ length: 16 }, (_, index) => ({
        schedule: Result.getOrThrow(Schedule.parse(`${3 * index} */4 * * *`, riga)),
        duration: minute,
      })),
    },
    events: [
      ...Array.from({ length: 64 }, (_, index): Machine.Event => ({ type: "start", rid: `run ${index}` })),
      success,
    ],
    steps: 130,
  },
]

let sink = 0

/** Nanoseconds a step, and a spread of what it steps. */
const race = ({
  policy,
  events,
  steps = usualSteps,
}: Course): { readonly step: number; readonly spread: number } => {
  let step = Infinity
  let spread = Infinity
  for (let round = 0; round < rounds; round++) {
    let check = Check.make({ id: "c", project: "p", badgeKey: "b", createdAt: begin, policy })
    let at = begin
    const first = performance.now()
    for (let n = 0; n < steps; n++)
      check = Machine.step(check, events[n % events.length]!, (at += minute)).check
    const second = performance.now()
    let copy: Check.State = check.state
    for (let n = 0; n < steps; n++) copy = { ...copy, pings: n }
    const third = performance.now()
    sink += check.state.pings + copy.pings
    step = Math.min(step, ((second - first) * 1e6) / steps)
    spread = Math.min(spread, ((third - second) * 1e6) / steps)
  }
  return { step, spread }
}

const results = courses.map((course) => ({ name: course.name, ...race(course) }))
if (sink === 0) throw new Error("nothing was stepped")

const usual = results[0]!
const round = (figure: number): number => Number(figure.toPrecision(3))

process.stdout.write(`
${Table.format(
  ["a step of the machine", "time", "a spread of the state", "×"],
  results.map(({ name, step, spread }) => [
    name,
    Table.duration(step),
    Table.duration(spread),
    (step / spread).toFixed(1),
  ]),
)}
${JSON.stringify({
  bench: "step",
  unit: "ns",
  ours: round(usual.step),
  peers: { "object spread": round(usual.spread) },
  ratios: { "object spread": round(usual.spread / usual.step) },
  series: results.map(({ name, step, spread }) => ({
    what: name,
    ours: round(step),
    peers: { "object spread": round(spread) },
    ratios: { "object spread": round(spread / step) },
  })),
})}
`)
