/** Kills a server and its database in turn, at random moments under load. */
import * as Folder from "../../kit/Folder.ts"
import { OverdueServer } from "../../kit/OverdueServer.ts"
import * as Server from "../../kit/postgres/Server.ts"
import { SeededRandom } from "../../kit/SeededRandom.ts"
import type * as Installation from "./Installation.ts"
import * as Trial from "./Trial.ts"

/** Connections that ping. */
const connections = 16

/** What came of it. */
export interface Outcome extends Installation.Verdict {
  readonly acknowledged: number
  readonly refused: number
}

/**
 * Kills as many times, the server and the database in turn, and judges what is left. `tell` is told of each round.
 */
export const run = async (
  rounds: number,
  seed: number,
  tell: (round: number, acknowledged: number) => void = () => {},
): Promise<Outcome> => {
  using folder = Folder.make()
  await using postgres = await Server.start({ isDurable: true })
  const random = new SeededRandom(seed)
  const trial = await Trial.open(`${postgres.url}?schema=crashes`)
  await using _ = trial.receiver
  const start = () =>
    OverdueServer.start(folder.path, { database: trial.database, environment: Trial.environment })
  let server = await start()
  let load = trial.load(server.url, connections, "0")
  const more = () => {
    const enough = trial.acknowledged.size + 1 + random.below(400)
    return Trial.until(() => trial.acknowledged.size >= enough)
  }
  for (let round = 1; round <= rounds; round++) {
    await more()
    if (round % 2 === 1) {
      await server.stop("SIGKILL")
      await load.stop()
      server = await start()
      load = trial.load(server.url, connections, String(round))
    } else {
      await postgres.break()
      await postgres.mend()
    }
    tell(round, trial.acknowledged.size)
  }
  await more()
  await load.stop()
  await server.stop("SIGKILL")
  await Trial.endLeases(trial.database)
  server = await start()
  await Trial.told(trial.database)
  await server.stop("SIGTERM")
  const verdict = await Trial.judge(trial)
  return { ...verdict, acknowledged: trial.acknowledged.size, refused: trial.refused() }
}
