/**
 * The databases that `overdue` can open, by the scheme of their addresses: `sqlite:./overdue.db`. The one place that
 * knows them: everything else opens what it is given.
 */
import { existsSync } from "node:fs"
import type { Store, StoreError } from "@overdue/core/Store"
import type * as Layer from "effect/Layer"
import { Failure, UsageError } from "../Failure.ts"

/** `--database`: where the database is. */
export const flag = {
  kind: "text",
  value: "URL",
  env: "OVERDUE_DATABASE",
  default: "sqlite:./overdue.db",
  help: "the database: sqlite:FILE, or sqlite::memory:",
} as const

/** A database that this program can open. */
export interface Database {
  /** The file in which the installation's secret is kept; `undefined` where nothing outlives the server. */
  readonly secretFile: string | undefined
  /** Fails with a `Failure` or a `UsageError` unless there is a database that commands can work on. */
  readonly expect: () => void
  /** Loads the store's module: commands that only read an address do without it. */
  readonly layer: () => Promise<Layer.Layer<Store, StoreError>>
}

/** Returns the database at what follows the scheme; `undefined` when it is no address. */
type Opener = (rest: string) => Database | undefined

const sqlite: Opener = (rest) => {
  const filename = /^(?:\/\/(?=\/))?(.+)$/.exec(rest)?.[1]
  if (filename === undefined) return undefined
  const isKept = filename !== ":memory:"
  return {
    secretFile: isKept ? `${filename}.secret` : undefined,
    expect: () => {
      if (!isKept) {
        throw new UsageError(
          "a database in memory belongs to the server that runs on it; name a file: --database sqlite:FILE",
        )
      }
      if (existsSync(filename)) return
      throw new Failure(
        `there is no database in ${filename}; name another file with --database, or create it with \`overdue serve\``,
      )
    },
    layer: async () => (await import("@overdue/storage/Sqlite")).layer({ filename }),
  }
}

const openers: ReadonlyMap<string, Opener> = new Map([["sqlite", sqlite]])

/** Returns the database at an address. Fails with a `UsageError` for an address of another kind. */
export const parse = (address: string = flag.default): Database => {
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(address) ?? []
  const database = openers.get(scheme)?.(rest)
  if (database !== undefined) return database
  throw new UsageError(
    `--database is sqlite:FILE or sqlite::memory:, not ${JSON.stringify(withoutPassword(address))}`,
  )
}

const withoutPassword = (address: string): string => address.replace(/\/\/[^@/]*@/, "//***@")
