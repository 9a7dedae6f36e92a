/**
 * Reports of servers with ten series each, through the engine into a SQLite file, against bare INSERTs of the same rows
 * into a file with the same settings and the same commits; and how many bytes a sample takes as it came, as a minute and
 * as an hour, at a report a minute. For 1, 10 and 100 servers; the two take turns.
 */
import { rmSync } from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { join } from "node:path"
import * as Store from "@overdue/core/Store"
import { hour, minute } from "@overdue/core/Time"
import * as Receive from "@overdue/engine/commands/Receive"
import * as Sqlite from "@overdue/storage/Sqlite"
import { settings } from "@overdue/storage/sqlite/Driver"
import * as Effect from "effect/Effect"
import * as References from "effect/References"
import * as Arrival from "../kit/Arrival.ts"
import * as EngineFixture from "../kit/EngineFixture.ts"
import * as Folder from "../kit/Folder.ts"
import * as Table from "./report/Table.ts"
import * as Project from "./seed/Project.ts"

/** Servers, and how many minutes of reports each sends. */
const cases = [
  { servers: 1, minutes: 1_200 },
  { servers: 10, minutes: 600 },
  { servers: 100, minutes: 120 },
]
const series = Array.from({ length: 10 }, (_, n) => `disk-usage-unified /disk${n} percent`)
/** Reports that are under way at the same time, and so in one commit. */
const atOnce = 64

const begin = Math.floor((Date.now() - 23 * hour) / hour) * hour

/** Every report: of which server, and when. */
const reportsOf = ({ servers, minutes }: (typeof cases)[number]) =>
  Array.from({ length: servers * minutes }, (_, n) => ({
    server: n % servers,
    samples: series.map((name, place) => ({
      series: name,
      at: begin + Math.floor(n / servers) * minute + (n % servers),
      value: ((n * 37 + place * 11) % 10_000) / 100,
    })),
  }))

type Reports = ReturnType<typeof reportsOf>

/** Writes the rows of reports and no more, and returns milliseconds. */
const bare = (filename: string, reports: Reports): number => {
  using sqlite = new DatabaseSync(filename)
  sqlite.exec(settings)
  sqlite.exec(`CREATE TABLE pings (key INTEGER PRIMARY KEY, check_key INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
    CREATE TABLE samples (series_key INTEGER NOT NULL, at INTEGER NOT NULL, value REAL NOT NULL,
      is_failure INTEGER NOT NULL, PRIMARY KEY (series_key, at)) STRICT, WITHOUT ROWID`)
  const ping = sqlite.prepare("INSERT INTO pings (check_key, at) VALUES (?, ?)")
  const insert = sqlite.prepare("INSERT INTO samples VALUES (?, ?, ?, 0)")
  const startedAt = performance.now()
  for (let from = 0; from < reports.length; from += atOnce) {
    sqlite.exec("BEGIN IMMEDIATE")
    for (const { server, samples } of reports.slice(from, from + atOnce)) {
      ping.run(server, samples[0]!.at)
      for (const [place, { at, value }] of samples.entries()) insert.run(server * 10 + place, at, value)
    }
    sqlite.exec("COMMIT")
  }
  return performance.now() - startedAt
}

/** Bytes of the tables of samples. */
const bytesOf = (filename: string): number => {
  using sqlite = new DatabaseSync(filename)
  const { bytes } = sqlite
    .prepare(
      "SELECT sum(pgsize) AS bytes FROM dbstat WHERE name IN ('samples', 'buckets') AND pagetype <> 'free'",
    )
    .get()!
  return Number(bytes)
}

/** Sends the reports through the engine, thins them, and returns milliseconds and bytes. */
const engine = (filename: string, servers: number, reports: Reports) =>
  Effect.gen(function* () {
    const store = yield* Store.Store
    const receive = yield* Receive.Receive
    const checks = yield* Project.fill(servers, () => ({ details: { isServer: true } }), begin)
    const startedAt = performance.now()
    yield* Effect.forEach(
      reports,
      ({ server, samples }) => receive.receive({ ...Arrival.overHttp({ id: checks[server]!.id }), samples }),
      { concurrency: atOnce, discard: true },
    )
    const taken = performance.now() - startedAt
    const raw = bytesOf(filename)
    const nothing = { deliveries: 0, flips: 0, blind: 0 }
    const thin = (samples: { readonly raw: number; readonly minute: number; readonly hour: number }) =>
      Effect.as(store.prune({ ...nothing, samples }), bytesOf(filename))
    const thinningAt = performance.now()
    yield* thin({ raw: Date.now(), minute: 0, hour: 0 })
    const thinned = performance.now() - thinningAt
    const minutes = bytesOf(filename)
    yield* thin({ raw: Date.now(), minute: Date.now(), hour: 0 })
    return { taken, thinned, raw, minutes, hours: bytesOf(filename) }
  }).pipe(
    Effect.provide(EngineFixture.layer({ store: Sqlite.layer({ filename }) })),
    Effect.provideService(References.MinimumLogLevel, "Error"),
  )

using folder = Folder.make("bench")
const rows: string[][] = []
const whole = (number: number): string => Math.round(number).toLocaleString("en")
let last = { ours: 0, bare: 0 }
for (const one of cases) {
  const reports = reportsOf(one)
  const [own, other] = ["own", "bare"].map((name) => join(folder.path, `${name}-${one.servers}.db`))
  const ours = await Effect.runPromise(engine(own!, one.servers, reports))
  const bareTime = bare(other!, reports)
  const samples = reports.length * series.length
  const bytes = (found: number, buckets: number): string => (found / buckets).toFixed(0)
  last = { ours: (1_000 * reports.length) / ours.taken, bare: (1_000 * reports.length) / bareTime }
  rows.push([
    String(one.servers),
    whole(last.ours),
    whole(last.ours * series.length),
    whole(last.bare * series.length),
    `${((100 * last.ours) / last.bare).toFixed(0)}%`,
    Table.duration((1e6 * ours.thinned) / samples),
    bytes(ours.raw, samples),
    bytes(ours.minutes, samples),
    bytes(ours.hours, samples / 60),
  ])
  for (const file of [own!, other!]) rmSync(file, { force: true })
}
const heading = [
  "servers",
  "reports/s",
  "samples/s",
  "bare INSERTs/s",
  "of bare",
  "thinning each",
  "bytes raw",
  "bytes a minute",
  "bytes an hour",
]
console.log(Table.format(heading, rows))
console.log(
  JSON.stringify({
    bench: "samples",
    unit: "reports/s",
    ours: Math.round(last.ours),
    peers: { "bare INSERTs": Math.round(last.bare) },
    ratios: { "bare INSERTs": Number((last.ours / last.bare).toFixed(3)) },
  }),
)
