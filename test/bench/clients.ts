/**
 * A batch of 48 pings in PostgreSQL by three clients: `@effect/sql-pg`, which the store uses, `pg`, and `postgres`. Each sends
 * the same statements over arrays: what is read and locked, the keys, what is inserted and updated. A trip for each, or all
 * that can be on their way together in two. They take turns; a figure is the median of the batches.
 */
import * as PgConnection from "@effect/sql-pg/PgConnection"
import * as Many from "@overdue/storage/Many"
import * as Spelling from "@overdue/storage/postgres/Spelling"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as Scope from "effect/Scope"
import pg from "pg"
import postgres from "postgres"
import * as Databases from "../kit/postgres/Databases.ts"
import { median } from "./report/Quantile.ts"
import * as Table from "./report/Table.ts"

const batch = 48
const checks = 10_000
const rounds = 25
/** Batches of each client in a round. */
const turn = 20

const schema = `overdue_bench_${process.pid}`
const locking = Many.select(`SELECT key, n, last FROM ${schema}.checks`, "id", "text", {
  order: "key",
  lock: " FOR NO KEY UPDATE",
}).all
const keying = `SELECT nextval('${schema}.pings_key_seq') FROM generate_series(1, $1::int)`
const insertion = Many.insert(`${schema}.pings`, {
  key: "integer",
  check_key: "integer",
  previous: "integer",
  n: "integer",
  at: "integer",
  kind: "text",
  address: "text",
  agent: "text",
}).all
const update = Many.update(
  `${schema}.checks`,
  { n: "integer", last: "integer", at: "integer" },
  { key: "integer" },
).all.replace(`${schema}.checks.key`, "checks.key")

type Rows = readonly (readonly unknown[])[]
type Parameters = readonly (string | Uint8Array | null)[]

/** What a client does with a batch. */
interface Contender {
  readonly name: string
  /** Runs statements that are on their way together, or one after the other, and resolves with the rows of each. */
  readonly run: (
    statements: readonly (readonly [sql: string, parameters: Parameters])[],
  ) => Promise<readonly Rows[]>
  readonly close: () => Promise<void>
}

const columns = (rows: readonly (readonly (number | string | null)[])[]): Parameters =>
  Spelling.spell({ one: "", all: "" }, rows).runs[0]!

const ping = async ({ run }: Contender, ids: readonly string[]): Promise<void> => {
  const named = columns(ids.map((id) => [id]))
  const [, locked, keys] = await run([
    ["BEGIN", []],
    [locking, named],
    [keying, [String(ids.length)]],
  ])
  const now = 1_780_000_000_000
  const rows = locked!.map(([key, n, last], index) => ({
    key: Number(key),
    n: Number(n) + 1,
    last: last === null ? null : Number(last),
    ping: Number(keys![index]![0]),
  }))
  await run([
    [
      insertion,
      columns(rows.map((row) => [row.ping, row.key, row.last, row.n, now, "success", "127.0.0.1", "curl/8"])),
    ],
    [update, columns(rows.map((row) => [row.n, row.ping, now, row.key]))],
    ["COMMIT", []],
  ])
}

const inTurn =
  (one: (sql: string, parameters: Parameters) => Promise<Rows>): Contender["run"] =>
  async (statements) => {
    const found: Rows[] = []
    for (const [sql, parameters] of statements) found.push(await one(sql, parameters))
    return found
  }

await using databases = await Databases.open({ isDurable: true })
const address = Databases.address(databases.url)
const [{ host, port }] = address.hosts as readonly [{ readonly host: string; readonly port: number }] // safe because an address has a host
const password = address.password === undefined ? "" : Redacted.value(address.password)
const to = { host, port, user: address.username, password, database: address.database }

const ofPg = async (pipeline: boolean): Promise<Contender> => {
  const client = new pg.Client({ ...to, pipeline } as pg.ClientConfig) // safe because the client knows it, though not its types
  await client.connect()
  const one = async (text: string, values: Parameters): Promise<Rows> => {
    const query = { name: text.slice(0, 60), text, values: [...values], rowMode: "array" as const }
    return (await client.query(query)).rows as unknown as Rows // safe because rows are asked for as arrays
  }
  return {
    name: pipeline ? "pg, two trips" : "pg, a trip each",
    run: pipeline ? (all) => Promise.all(all.map(([sql, values]) => one(sql, values))) : inTurn(one),
    close: () => client.end(),
  }
}

const ofPostgres = async (): Promise<Contender> => {
  const client = postgres({ ...to, max: 1, onnotice: () => {} })
  await client.unsafe("SELECT 1")
  const reserved = await client.reserve()
  const one = (sql: string, values: Parameters): Promise<Rows> =>
    reserved.unsafe(sql, values as never[], { prepare: true }).values() as unknown as Promise<Rows> // safe because every value is a text
  return {
    name: "postgres, two trips",
    run: (all) => Promise.all(all.map(([sql, values]) => one(sql, values))),
    close: async () => {
      reserved.release()
      await client.end()
    },
  }
}

const ofSqlPg = async (multiplex: boolean): Promise<Contender> => {
  const scope = Scope.makeUnsafe()
  const connection = await Effect.runPromise(
    Scope.provide(
      PgConnection.make({
        host,
        port,
        username: address.username,
        password: Redacted.make(password),
        database: address.database,
        multiplex,
      }),
      scope,
    ),
  )
  return {
    name: multiplex ? "sql-pg, two trips" : "sql-pg, a trip each",
    run: (all) =>
      Effect.runPromise(
        Effect.forEach(all, ([sql, values]) => connection.queryValues(sql, values), {
          concurrency: multiplex ? "unbounded" : 1,
        }),
      ),
    close: () => Effect.runPromise(Scope.close(scope, Exit.void)),
  }
}

await Databases.run(
  databases.url,
  `CREATE SCHEMA ${schema}`,
  `CREATE TABLE ${schema}.checks (key bigint PRIMARY KEY, id text COLLATE "C" UNIQUE, n bigint, last bigint, at bigint)
    WITH (fillfactor = 70)`,
  `CREATE TABLE ${schema}.pings (key bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, check_key bigint, previous bigint,
    n bigint, at bigint, kind text, address text, agent text)`,
  `INSERT INTO ${schema}.checks SELECT i, gen_random_uuid()::text, 0, NULL, 0 FROM generate_series(1, ${checks}) i`,
)
const ids = (await Databases.run(databases.url, `SELECT id FROM ${schema}.checks`)).map(([id]) => String(id))
const some = (): readonly string[] => {
  const chosen = new Set<string>()
  while (chosen.size < batch) chosen.add(ids[Math.floor(Math.random() * ids.length)]!)
  return [...chosen]
}

const contenders = [
  await ofSqlPg(true),
  await ofSqlPg(false),
  await ofPg(true),
  await ofPg(false),
  await ofPostgres(),
]
const measured = contenders.map(() => ({ times: [] as number[], processor: 0 }))
for (const contender of contenders) for (let n = 0; n < 4 * turn; n++) await ping(contender, some())
for (let round = 0; round < rounds; round++) {
  for (const [index, contender] of contenders.entries()) {
    const before = process.cpuUsage()
    for (let n = 0; n < turn; n++) {
      const startedAt = performance.now()
      await ping(contender, some())
      measured[index]!.times.push(((performance.now() - startedAt) * 1_000) / batch)
    }
    const { user, system } = process.cpuUsage(before)
    measured[index]!.processor += user + system
  }
}
for (const { close } of contenders) await close()
await Databases.run(databases.url, `DROP SCHEMA ${schema} CASCADE`)

const results = contenders.map(({ name }, index) => ({
  name,
  time: median(measured[index]!.times),
  processor: measured[index]!.processor / (rounds * turn * batch),
}))
const figure = (number: number): string => number.toFixed(1)
process.stdout.write(`
${Table.format(
  ["a ping, of 48 together", "µs", "µs of Node's processor"],
  results.map(({ name, time, processor }) => [name, figure(time), figure(processor)]),
)}
${JSON.stringify({ bench: "clients", unit: "µs", results })}
`)
