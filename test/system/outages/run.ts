/**
 * `pnpm outages`: kills, freezes and cuts off servers and their PostgreSQL for as long as that takes, and judges what is left.
 * `crash [ROUNDS]` kills a server and its database in turn, 200 times; `nodes` runs four servers, of which one is frozen for
 * longer than its lease; `failover [ROUNDS]` kills the server of a cluster that takes writes, ten times.
 */
import { second } from "@overdue/core/Time"
import * as Progress from "../../bench/report/Progress.ts"
import * as Cluster from "./Cluster.ts"
import * as Crash from "./crash.ts"
import * as Failover from "./failover.ts"
import * as Nodes from "./nodes.ts"
import type { Verdict } from "./Installation.ts"

/** Longer than the lease of what a server is sending. */
const beyondLease = 125 * second

const print = (line: string): void => void process.stdout.write(`${line}\n`)

const judged = ({ wrong, pings, flips }: Verdict, acknowledged: number): number => {
  print(`${acknowledged} pings were answered with OK, ${pings} are on disk, and ${flips} flips are told.`)
  for (const sentence of wrong) print(`WRONG: ${sentence}`)
  print(wrong.length === 0 ? "Nothing is lost, and nothing is doubled." : `${wrong.length} things are wrong.`)
  return wrong.length === 0 ? 0 : 1
}

const kinds: Readonly<Record<string, (rounds: number | undefined) => Promise<number>>> = {
  crash: async (rounds = 200) => {
    const seed = Number(process.env["OVERDUE_SEED"] ?? 1)
    const outcome = await Crash.run(rounds, seed, (round, acknowledged) =>
      Progress.show(`killed ${round} of ${rounds} times, ${acknowledged} pings`),
    )
    Progress.show("")
    print(
      `A server and its database were killed ${rounds} times in turn; ${outcome.refused} pings were refused.`,
    )
    return judged(outcome, outcome.acknowledged)
  },
  nodes: async () => {
    const outcome = await Nodes.run({ pings: 2_000, frozenFor: beyondLease })
    print(`${outcome.arrived} alerts arrived, ${outcome.again} of them again under their ids.`)
    return judged(outcome, outcome.acknowledged)
  },
  failover: async (rounds = 10) => {
    const obstacle = Cluster.obstacle()
    if (obstacle !== undefined) {
      print(obstacle)
      return 2
    }
    const outcome = await Failover.run(rounds, (round, away, acknowledged) =>
      print(
        `${String(round).padStart(3)}  ${away.toFixed(1).padStart(5)} s until the next OK  ${String(acknowledged).padStart(7)} so far`,
      ),
    )
    print(`${outcome.refused} pings were refused meanwhile, and told when to come again.`)
    return judged(outcome, outcome.acknowledged)
  },
}

const [kind = "", given] = process.argv.slice(2).filter((argument) => argument !== "--")
const rounds = given === undefined ? undefined : Number(given)
const chosen = kinds[kind]
if (chosen === undefined || (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0))) {
  print(`pnpm outages ${Object.keys(kinds).join(" | ")} [ROUNDS]`)
  process.exitCode = 2
} else process.exitCode = await chosen(rounds)
