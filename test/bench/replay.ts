/**
 * A replay of a million events, a comparison of two policies over them, and advice from them.
 *
 * Against one pass over the same events that only looks at each: what any answer from them takes at least.
 */
import * as Check from "@overdue/core/Check"
import * as Replay from "@overdue/core/Replay"
import * as Every from "@overdue/core/schedule/Every"
import { minute, second } from "@overdue/core/Time"
import * as Table from "./report/Table.ts"

const rounds = 5
const begin = Date.parse("2024-01-01T00:00:00Z")

/** Runs of a job every five minutes: a start and a finish each, some late, some failing, some never finishing. */
function* events(count: number): Generator<Replay.Happening> {
  let random = 1
  const chance = (): number => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647
  for (let run = 0, told = 0; told < count; run++) {
    const at = begin + run * 5 * minute + chance() * 20 * second + (chance() < 0.01 ? 4 * minute : 0)
    const rid = `run ${run % 8}`
    yield { at, event: { type: "start", rid } }
    told += 1
    if (told === count || chance() < 0.001) continue
    const type = chance() < 0.005 ? "fail" : "success"
    yield { at: at + (10 + 40 * chance()) * second, event: { type, rid } }
    told += 1
  }
}

const policy = (grace: number): Check.Policy => ({
  ...Check.defaultPolicy,
  schedule: Every.make(5 * minute),
  grace,
})

type Question = readonly [name: string, ask: (past: Iterable<Replay.Happening>) => number]

const look: Question = [
  "a look at each",
  (past) => {
    let sum = 0
    for (const { at, event } of past) sum += at + event.type.length
    return sum
  },
]
const questions: readonly Question[] = [
  ["replay", (past) => Replay.replay(policy(minute), past).flips.length],
  ["compare", (past) => Replay.compare(policy(minute), policy(5 * minute), past).a.flips.length],
  ["advise", (past) => Replay.advise(past, { quantile: 0.99 }).evidence.signals],
]

/** Milliseconds of each question, the best of the rounds. */
const race = (count: number) => {
  // What happened is at hand: making it up is no part of what is measured.
  const past = [...events(count)]
  const best = [look, ...questions].map(() => Infinity)
  for (let round = 0; round < rounds; round++) {
    for (const [index, [name, ask]] of [look, ...questions].entries()) {
      const started = performance.now()
      if (ask(past) === 0) throw new Error(`${name} found nothing`)
      best[index] = Math.min(best[index]!, performance.now() - started)
    }
  }
  return { count, looking: best[0]!, asking: best.slice(1) }
}

const races = [10_000, 100_000, 1_000_000].map(race)
const round = (figure: number): number => Number(figure.toPrecision(3))
const rate = (count: number, milliseconds: number): number => round((count / milliseconds) * 1000)

const million = races.at(-1)!
const peer = rate(million.count, million.looking)

process.stdout.write(`
${Table.format(
  ["events", look[0], ...questions.map(([name]) => name)],
  races.map(({ count, looking, asking }) => [
    count.toLocaleString("en"),
    ...[looking, ...asking].map((milliseconds) => Table.duration(milliseconds * 1e6)),
  ]),
)}
${JSON.stringify({
  bench: "replay",
  unit: "events/s",
  ours: rate(million.count, million.asking[0]!),
  peers: { [look[0]]: peer },
  ratios: { [look[0]]: round(rate(million.count, million.asking[0]!) / peer) },
  series: races.map(({ count, asking }) => ({
    events: count,
    milliseconds: Object.fromEntries(questions.map(([name], index) => [name, round(asking[index]!)])),
  })),
})}
`)
