/** Four servers on one database, whose clocks are apart: one is killed, another frozen for longer than its lease. */
import { writeFileSync } from "node:fs"
import { setTimeout } from "node:timers/promises"
import { second, type Span } from "@overdue/core/Time"
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Server from "../../kit/postgres/Server.ts"
import type * as Installation from "./Installation.ts"
import * as Trial from "./Trial.ts"

/** Connections that ping each server. */
const connections = 4

/** How far the clocks of the servers are ahead of each other's. */
const apart: Span = 2 * second

/** How it is tried. */
export interface Options {
  /** Pings that are acknowledged before something happens, and again after it. */
  readonly pings: number
  /** How long the third server is frozen. */
  readonly frozenFor: Span
}

/** What came of it. */
export interface Outcome extends Installation.Verdict {
  readonly acknowledged: number
  /** Deliveries that arrived, and how many came more than once. */
  readonly arrived: number
  readonly again: number
}

/** Tries it, and judges what is left. */
export const run = async ({ pings, frozenFor }: Options): Promise<Outcome> => {
  using folder = Folder.make()
  await using postgres = await Server.start({ isDurable: true })
  const trial = await Trial.open(`${postgres.url}?schema=nodes`)
  await using _ = trial.receiver
  const shift = new URL("../../kit/ShiftedDate.ts", import.meta.url).href
  const start = (n: number): Promise<OverdueServer> => {
    const file = folder.file(`clock-${n}`)
    writeFileSync(file, String((n * apart) / 3))
    return OverdueServer.start(folder.path, {
      database: trial.database,
      environment: {
        ...Trial.environment,
        OVERDUE_TEST_SHIFT: file,
        NODE_OPTIONS: `--import ${shift}`,
      },
    })
  }
  const nodes = await Promise.all([0, 1, 2, 3].map(start))
  const loads = nodes.map(({ url }, n) => trial.load(url, connections, `node-${n}`))
  const more = () => {
    const enough = trial.acknowledged.size + pings
    return Trial.until(() => trial.acknowledged.size >= enough)
  }
  await more()
  await nodes[1]!.stop("SIGKILL")
  await more()
  nodes[2]!.child.kill("SIGSTOP")
  await Promise.all([setTimeout(frozenFor), more()])
  nodes[2]!.child.kill("SIGCONT")
  await more()
  await Promise.all(loads.map(({ stop }) => stop()))
  await Trial.sending(trial.database)
  await Trial.endLeases(trial.database)
  await Trial.told(trial.database)
  await Promise.all([0, 2, 3].map((n) => nodes[n]!.stop("SIGTERM")))
  const verdict = await Trial.judge(trial)
  const arrived = trial.receiver.received.map(({ headers }) => String(headers["idempotency-key"]))
  return {
    ...verdict,
    acknowledged: trial.acknowledged.size,
    arrived: new Set(arrived).size,
    again: arrived.length - new Set(arrived).size,
  }
}
