/**
 * The next slot of a cron line, already parsed and from its text, against cron-parser, croner and Effect's Cron.
 *
 * All take turns in one run; a figure is the best of the rounds (other work on the machine only ever adds),
 * then the geometric mean over the expressions.
 */
import * as Schedule from "@overdue/core/Schedule"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import { median } from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"
import { contenders, instants, type Contender, type Step } from "./schedule/contenders.ts"
import * as Memory from "./schedule/memory.ts"

const expressions = ["* * * * *", "*/5 * * * *", "15 5 * * *", "0 0 1 * *", "0 0 29 2 *", "0 9 * * 1-5"]
const zones = ["UTC", "Europe/Riga"]
const rounds = 15
const nanosecondsPerTurn = 2e6
const nanosecondsOfWarmUp = 20e6

interface Race {
  readonly name: string
  readonly zone: string
  /** Nanoseconds of each contender, in their order. */
  readonly figures: ReadonlyArray<number>
}

const races = [
  ...zones.map((zone) => race("next", zone, (contender, expression) => contender.next(expression, zone))),
  ...zones.map((zone) =>
    race("parse + next", zone, (contender, expression) => contender.parseAndNext(expression, zone)),
  ),
]
const both = [mean("next"), mean("parse + next")]
const cold = coldZones()
const growth = Memory.growth([10_000, 100_000, 1_000_000])

process.stdout.write(`
${Table.format(
  ["", ...contenders.flatMap(({ name }, index) => (index === 0 ? [name] : [name, "×"]))],
  [...races, ...both].map(({ name, zone, figures }) => [
    `${name}, ${zone}`,
    ...figures.flatMap((figure, index) =>
      index === 0 ? [Table.duration(figure)] : [Table.duration(figure), (figure / figures[0]!).toFixed(0)],
    ),
  ]),
)}
${Table.format(
  ["a zone that was not used before", "median", "worst"],
  [["zone and first next", Table.duration(cold.median), Table.duration(cold.worst)]],
)}
${Table.format(
  ["schedules", "heap a schedule", "next"],
  growth.map(({ schedules, bytes, nanoseconds }) => [
    schedules.toLocaleString("en"),
    `${bytes.toFixed(0)} B`,
    Table.duration(nanoseconds),
  ]),
)}
`)

const [ours, ...peers] = both[0]!.figures
process.stdout.write(
  `${JSON.stringify({
    bench: "schedule",
    unit: "ns",
    ours: round(ours!),
    peers: named(peers.map(round)),
    ratios: named(peers.map((figure) => round(figure / ours!))),
    series: [
      ...[...races, ...both].map(({ name, zone, figures: [own, ...others] }) => ({
        what: name,
        zone,
        ours: round(own!),
        peers: named(others.map(round)),
        ratios: named(others.map((figure) => round(figure / own!))),
      })),
      { what: "cold zone", ours: round(cold.median), worst: round(cold.worst) },
      ...growth.map(({ schedules, bytes, nanoseconds }) => ({
        what: "growth",
        schedules,
        ours: round(nanoseconds),
        bytes: round(bytes),
      })),
    ],
  })}\n`,
)

function race(name: string, zone: string, step: (contender: Contender, expression: string) => Step): Race {
  const perExpression = expressions.map((expression) => {
    const steps = contenders.map((contender) => step(contender, expression))
    const turns = steps.map(turnLength)
    const samples = steps.map((): Array<number> => [])
    for (let i = 0; i < rounds; i++) {
      for (const [index, run] of steps.entries()) samples[index]!.push(time(run, turns[index]!))
    }
    return samples.map((turns) => Math.min(...turns))
  })
  return {
    name,
    zone,
    figures: contenders.map((_, index) => geometricMean(perExpression.map((figures) => figures[index]!))),
  }
}

/** Both zones of a race together. */
function mean(name: string): Race {
  const same = races.filter((race) => race.name === name)
  const figures = contenders.map((_, index) => geometricMean(same.map((race) => race.figures[index]!)))
  return { name, zone: "both", figures }
}

/** How many calls make a turn long enough to time; found out on code that has been compiled by then. */
function turnLength(run: Step): number {
  let calls = 8
  while (time(run, calls) * calls < nanosecondsOfWarmUp) calls *= 2
  return Math.ceil((calls * nanosecondsPerTurn) / nanosecondsOfWarmUp)
}

/** Nanoseconds a call. */
function time(run: Step, calls: number): number {
  const start = process.hrtime.bigint()
  let sum = 0
  for (let i = 0; i < calls; i++) sum += run(instants[i % instants.length]!)
  const elapsed = Number(process.hrtime.bigint() - start)
  if (!Number.isFinite(sum)) throw new Error("a contender found no next slot")
  return elapsed / calls
}

/** The first look at a zone reads its offsets from `Intl`. */
function coldZones(): { readonly median: number; readonly worst: number } {
  const samples = Intl.supportedValuesOf("timeZone")
    .filter((name) => !zones.includes(name))
    .map((name) => {
      const start = process.hrtime.bigint()
      const zone = Result.getOrThrow(Zone.make(name))
      Schedule.next(Result.getOrThrow(Schedule.parse("15 5 * * *", zone)), instants[0]!)
      return Number(process.hrtime.bigint() - start)
    })
  return { median: median(samples), worst: Math.max(...samples) }
}

function named(figures: ReadonlyArray<number>): Readonly<Record<string, number>> {
  return Object.fromEntries(figures.map((figure, index) => [contenders[index + 1]!.name, figure]))
}

function geometricMean(figures: ReadonlyArray<number>): number {
  return Math.exp(figures.reduce((sum, figure) => sum + Math.log(figure), 0) / figures.length)
}

function round(figure: number): number {
  return figure < 100 ? Math.round(figure * 10) / 10 : Math.round(figure)
}
