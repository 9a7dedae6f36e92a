/**
 * How long an installation takes to move: a dump of a SQLite file, its load into another file and into PostgreSQL, the same
 * load again when nothing is new, and the way back. The rival in the same run is a backup and its restoring, which copy
 * pages, go to SQLite only, and begin anew when they are cut off.
 *
 * And how long pings take that come in one after the other meanwhile, against those before: with a dump that goes to a
 * reader as fast as it is, and with one that waits.
 */
import { createReadStream, createWriteStream, statSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { pipeline } from "node:stream/promises"
import * as Dump from "@overdue/storage/moving/Dump"
import * as Load from "@overdue/storage/moving/Load"
import type { Side } from "@overdue/storage/moving/Side"
import * as PostgresSide from "@overdue/storage/postgres/Side"
import * as SqliteSide from "@overdue/storage/sqlite/Side"
import * as Effect from "effect/Effect"
import * as Folder from "../kit/Folder.ts"
import * as Overdue from "../kit/Overdue.ts"
import * as Databases from "../kit/postgres/Databases.ts"
import { OverdueServer } from "../kit/OverdueServer.ts"
import * as Progress from "./report/Progress.ts"
import * as Quantile from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"

const pings = Number(process.env["OVERDUE_BENCH_PINGS"] ?? 1_000_000)
const bodyBytes = 100
const measured = 2_000

using folder = Folder.make("move")
const old = join(folder.path, "overdue.db")
const commands = Overdue.at(folder.path)
const server = await OverdueServer.start(folder.path)
const { json } = await server.api("POST", "/api/v3/checks/", { name: "job", slug: "job" })
const url = String(json["ping_url"])
{
  using sqlite = new DatabaseSync(old, { timeout: 60_000 })
  sqlite.exec(`WITH RECURSIVE n (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM n WHERE n < ${pings + 999})
    INSERT INTO pings (key, project, check_key, previous, n, at, kind, scheme, remote_address, method, user_agent, body)
    SELECT n, 1, 1000, n - 1, n, n, 'success', 'https', '192.0.2.1', 'GET', 'curl/8.5.0', randomblob(${bodyBytes}) FROM n`)
}

const timed = async (name: string, work: () => Promise<unknown>): Promise<number> => {
  Progress.show(name)
  const before = performance.now()
  await work()
  Progress.show("")
  return (performance.now() - before) / 1000
}

/** Milliseconds of pings, one after the other, until somebody stops asking. */
const pinged = async (isEnough: (count: number) => boolean): Promise<readonly number[]> => {
  const times: number[] = []
  while (!isEnough(times.length)) {
    const before = performance.now()
    const answer = await fetch(url)
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`a ping was answered with ${answer.status}`)
    times.push(performance.now() - before)
  }
  return times
}

const during = async (work: Promise<unknown>): Promise<readonly number[]> => {
  let isOver = false
  void work.finally(() => (isOver = true))
  const times = await pinged(() => isOver)
  await work
  return times
}

await pinged((count) => count >= measured)
const latencies: (readonly [name: string, times: readonly number[]])[] = [
  ["nothing else", await pinged((count) => count >= measured)],
  ["a dump", await during(commands.run(["dump", "while.dump"]))],
  ["a backup", await during(commands.run(["backup", "while.backup"]))],
]
/** A reader that takes a piece of a dump now and then. */
const slowly = async (): Promise<void> => {
  // What it leaves when it is killed goes with the folder.
  const { child } = commands.start(["dump"], { TMPDIR: folder.path })
  child.stdout.removeAllListeners("data").pause()
  await pinged((count) => count >= measured)
  child.kill("SIGKILL")
}
latencies.push(["a dump that waits for its reader", await during(slowly())])
await server.stop()

const file = join(folder.path, "a.dump")
const dump = (side: Side, name: string) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const snapshot = yield* side.snapshot
        const output = createWriteStream(name)
        const write = (lines: string) =>
          Effect.promise(() => new Promise<void>((resolve) => output.write(lines, () => resolve())))
        yield* snapshot((connection) => Dump.take({ connection, takenAt: 0, write, told: () => undefined }))
        yield* Effect.promise(() => pipeline([], output))
      }),
    ),
  )
const load = async (side: Side): Promise<void> => {
  const loading = Load.run({
    side,
    dump: createReadStream(file, { highWaterMark: 1 << 20 }),
    fingerprint: undefined,
    isReplacing: false,
    now: Date.now() + 3_600_000,
    told: () => undefined,
  })
  const { isWhole } = await Effect.runPromise(loading)
  if (!isWhole) throw new Error("the database differs from the dump")
}

const sqlite = SqliteSide.of(join(folder.path, "new.db"))
const steps: (readonly [name: string, seconds: number])[] = [
  ["backup", await timed("backup", () => commands.run(["backup", "a.backup"]))],
  [
    "restore",
    await timed("restore", () => commands.run(["restore", "a.backup", "--database", "sqlite:r.db"])),
  ],
  ["dump of SQLite", await timed("dump of SQLite", () => dump(SqliteSide.of(old), file))],
  ["load into SQLite", await timed("load into SQLite", () => load(sqlite))],
  ["… again, with nothing new", await timed("again", () => load(sqlite))],
]
{
  await using databases = await Databases.open({ isDurable: true })
  const side = PostgresSide.of(Databases.address(databases.fresh()))
  steps.push(
    ["load into PostgreSQL", await timed("load into PostgreSQL", () => load(side))],
    ["… again, with nothing new", await timed("again", () => load(side))],
    ["dump of PostgreSQL", await timed("dump of PostgreSQL", () => dump(side, join(folder.path, "b.dump")))],
  )
}

const megabytes = (name: string) => `${(statSync(name).size / 1e6).toFixed(0)} MB`
process.stdout.write(
  `${pings} pings, ${megabytes(old)} of SQLite, ${megabytes(file)} of dump\n\n` +
    Table.format(
      ["step", "seconds", "rows/s"],
      steps.map(([name, seconds]) => [name, seconds.toFixed(1), (pings / seconds).toFixed(0)]),
    ) +
    "\n" +
    Table.format(
      ["pings beside", "number", "median", "p99", "longest"],
      latencies.map(([name, times]) => {
        const quantile = Quantile.of(times)
        const cells = [0.5, 0.99, 1].map((part) => Table.duration(quantile(part) * 1e6))
        return [name, String(times.length), ...cells]
      }),
    ),
)
