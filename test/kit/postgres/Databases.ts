/**
 * Databases in PostgreSQL for tests: each a schema of its own, on one server for a whole run of the tests, or on the
 * external one that the environment names.
 */
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import { connect, createServer, type AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import * as Address from "@overdue/storage/postgres/Address"
import * as Driver from "@overdue/storage/postgres/Driver"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { Unavailable } from "./Binaries.ts"
import * as Server from "./Server.ts"

/** The variable that names an external server, whose user may create schemas. */
const external = "OVERDUE_TEST_POSTGRES"

/** The variable with the port at which the process that runs all tests says where its server is. */
const door = "OVERDUE_TEST_POSTGRES_DOOR"

/** Connections of one client, unless another number is asked for. Fewer than the units of work that laws run at once, so that some wait for one. */
const few = 8

/** Where databases are made. */
export interface Databases extends AsyncDisposable {
  /** The address of the database that their schemas are in. */
  readonly url: string
  /** The process of the server; `undefined` where that is not known. */
  readonly pid?: number | undefined
  /** Returns the address of a schema that does not exist yet, for so many connections at once. */
  readonly fresh: (connections?: number) => string
}

/** Where the server is, and how the names of all schemas of a run begin. */
interface Place {
  readonly url: string
  readonly prefix: string
}

/** What is said at the door. */
type Said = Place | { readonly obstacle: string }

/**
 * Opens what the environment names: the external server, that of the run of tests, or else a server of its own, which goes
 * with what is returned. Fails with an `Unavailable` where no server can run.
 */
export const open = async (options: Server.Options = {}): Promise<Databases> => {
  const port = process.env[door]
  if (port === undefined) return begin(options)
  // safe because that is what the door says
  const said = JSON.parse(await text(connect(Number(port), "127.0.0.1"))) as Said
  if ("obstacle" in said) throw new Unavailable(said.obstacle)
  return databases(said, async () => {})
}

/** Lets all tests of a run share what the first of them opens, which is taken away at the end. */
export const setup = async (): Promise<() => Promise<void>> => {
  let begun: Promise<Databases & Place> | undefined
  const server = createServer((socket) => {
    socket.on("error", () => {})
    begun ??= begin()
    void begun
      .then(({ url, prefix }): Said => ({ url, prefix }))
      .catch((cause: Error): Said => ({ obstacle: cause.message }))
      .then((said) => socket.end(JSON.stringify(said)))
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo // safe because a listening TCP server has an address record
  process.env[door] = String(port)
  return async () => {
    server.close()
    await (await begun?.catch(() => undefined))?.[Symbol.asyncDispose]()
  }
}

const begin = async (options: Server.Options = {}): Promise<Databases & Place> => {
  const prefix = `overdue_test_${randomBytes(4).toString("hex")}`
  const given = process.env[external]
  if (given !== undefined) return databases({ url: given, prefix }, () => dropAll({ url: given, prefix }))
  const server = await Server.start(options)
  return { ...databases({ url: server.url, prefix }, server.stop), pid: server.pid() }
}

const databases = (place: Place, close: () => Promise<void>): Databases & Place => ({
  ...place,
  fresh: (connections = few) => {
    const schema = `${place.prefix}_${randomBytes(6).toString("hex")}`
    return `${place.url}${place.url.includes("?") ? "&" : "?"}schema=${schema}&pool_size=${connections}`
  },
  [Symbol.asyncDispose]: close,
})

/** Returns the address that a text is. */
export const address = (url: string): Address.Address => Result.getOrThrow(Address.parse(url))

/** Runs statements on a connection of their own, each by itself, and resolves with the rows of the last one. */
export const run = (
  url: string,
  ...statements: readonly string[]
): Promise<readonly (readonly unknown[])[]> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.gen(function* () {
        const { query } = yield* Driver.open({ address: address(url) })
        let rows: readonly (readonly unknown[])[] = []
        for (const statement of statements) rows = yield* query(statement)
        return rows
      }),
    ),
  )

/** Takes away whatever stands in the tables of a schema, but what it was made with. */
export const empty = async (url: string): Promise<void> => {
  await run(
    url,
    `DO $$ BEGIN EXECUTE (
       SELECT 'TRUNCATE ' || string_agg(tablename, ', ') || ' RESTART IDENTITY' FROM pg_tables
       WHERE schemaname = current_schema() AND tablename <> 'migrations'
     ); END $$`,
  )
}

/** One by one: the locks of many would be more than a server has room for. */
const dropAll = async ({ url, prefix }: Place): Promise<void> => {
  const found = await run(url, `SELECT nspname FROM pg_namespace WHERE nspname LIKE '${prefix}%'`)
  for (const [schema] of found) await run(url, `DROP SCHEMA ${String(schema)} CASCADE`)
}
