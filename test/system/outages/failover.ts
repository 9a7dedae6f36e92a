/** Kills the PostgreSQL server that takes writes, under load, again and again: the other one takes over. */
import { second, type Span } from "@overdue/core/Time"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Cluster from "./Cluster.ts"
import type * as Installation from "./Installation.ts"
import * as Trial from "./Trial.ts"

/** Connections that ping each of the servers. */
const connections = 8

/** What came of it. */
export interface Outcome extends Installation.Verdict {
  readonly acknowledged: number
  readonly refused: number
  /** From each kill to the next ping that was answered with OK, in seconds. */
  readonly away: readonly number[]
}

/** Kills as many times, with two servers of Overdue on the cluster, and judges what is left. */
export const run = async (
  rounds: number,
  tell: (round: number, away: Span, acknowledged: number) => void = () => {},
): Promise<Outcome> => {
  using folder = Folder.make()
  await using cluster = await Cluster.start()
  let leader = await cluster.settled()
  const trial = await Trial.open(cluster.url("failover"))
  await using _ = trial.receiver
  const nodes = await Promise.all(
    [0, 1].map(() =>
      OverdueServer.start(folder.path, { database: trial.database, environment: Trial.environment }),
    ),
  )
  const loads = nodes.map(({ url }, n) => trial.load(url, connections, `node-${n}`))
  const more = (count: number) => {
    const enough = trial.acknowledged.size + count
    return Trial.until(() => trial.acknowledged.size >= enough)
  }
  const away: number[] = []
  for (let round = 1; round <= rounds; round++) {
    await more(500)
    const killedAt = performance.now()
    await cluster.kill(leader)
    // What was under way may still be answered.
    await Trial.until(() => performance.now() - trial.lastOk() > 1.5 * second)
    await more(1)
    away.push((trial.lastOk() - killedAt) / second)
    await more(100)
    cluster.mend(leader)
    leader = await cluster.settled()
    tell(round, away.at(-1)!, trial.acknowledged.size)
  }
  await more(500)
  await Promise.all(loads.map(({ stop }) => stop()))
  await Trial.sending(trial.database)
  await Trial.endLeases(trial.database)
  await Trial.told(trial.database)
  await Promise.all(nodes.map((node) => node.stop("SIGTERM")))
  const verdict = await Trial.judge(trial)
  return { ...verdict, acknowledged: trial.acknowledged.size, refused: trial.refused(), away }
}
