/** Where a benchmark keeps its checks: a file of SQLite, or a schema of PostgreSQL, on a server that waits for the disk. */
import { statSync } from "node:fs"
import type { Store, StoreError } from "@overdue/core/Store"
import * as PostgresStore from "@overdue/storage/Postgres"
import * as SqliteStore from "@overdue/storage/Sqlite"
import type { Layer } from "effect/Layer"
import type { Environment } from "../../kit/Overdue.ts"
import * as Folder from "../../kit/Folder.ts"
import * as Databases from "../../kit/postgres/Databases.ts"
import * as ProcessFigures from "../../kit/ProcessFigures.ts"
import type { Asked } from "./Asked.ts"

/** One database. */
export interface Place {
  readonly layer: Layer<Store, StoreError>
  /** What `overdue --database` is given. */
  readonly database: string
  /** What a server on it needs in its environment. */
  readonly environment: Environment
  /** Bytes that it takes. */
  readonly size: () => Promise<number>
}

/** A folder, and the databases of a run. */
export interface Places extends AsyncDisposable {
  readonly path: string
  /** Returns a new database, which does not exist yet. */
  readonly next: () => Place
  /** Seconds for which the server of the databases has used a processor; `undefined` where there is none, or it is elsewhere. */
  readonly processorTime: () => number | undefined
}

/** Connections of one server, as by default. */
const connections = 10

/** Opens the databases of a store. */
export const open = async ({ store }: Pick<Asked, "store">): Promise<Places> => {
  const folder = Folder.make("bench")
  switch (store) {
    case "sqlite":
      return {
        path: folder.path,
        next: sqlite(folder),
        processorTime: () => undefined,
        [Symbol.asyncDispose]: async () => folder[Symbol.dispose](),
      }
    case "postgres": {
      const databases = await Databases.open({ isDurable: true })
      return {
        path: folder.path,
        next: () => postgres(databases.fresh(connections)),
        processorTime: () =>
          databases.pid === undefined ? undefined : ProcessFigures.familyTime(databases.pid),
        [Symbol.asyncDispose]: async () => {
          await databases[Symbol.asyncDispose]()
          folder[Symbol.dispose]()
        },
      }
    }
  }
}

const sqlite = (folder: Folder.Folder) => {
  let made = 0
  return (): Place => {
    const filename = folder.file(`overdue-${(made += 1)}.db`)
    return {
      layer: SqliteStore.layer({ filename }),
      database: `sqlite:${filename}`,
      environment: {},
      size: async () => statSync(filename).size,
    }
  }
}

const postgres = (url: string): Place => ({
  layer: PostgresStore.layer({ address: Databases.address(url) }),
  database: url,
  environment: { OVERDUE_SECRET: "the same for all nodes of a benchmark" },
  size: async () => {
    const sizes =
      "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    return Number((await Databases.run(url, sizes))[0]![0])
  },
})
