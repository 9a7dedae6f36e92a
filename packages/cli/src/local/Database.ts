/**
 * The databases that `overdue` can open, by the scheme of their addresses: `sqlite:./overdue.db`. The one place that
 * knows them: everything else opens what it is given.
 */
import { existsSync, lstatSync } from "node:fs"
import type { Store, StoreError } from "@overdue/core/Store"
import type * as Layer from "effect/Layer"
import * as Link from "@overdue/storage/sqlite/Link"
import type { Admit } from "@overdue/storage/Admission"
import { Failure, UsageError } from "../Failure.ts"
import type { Environment } from "../Io.ts"

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
  /** The file of the database; `undefined` where it has none. */
  readonly file: string | undefined
  /** The installation's secret from the environment; `undefined`: `secretFile` has it. */
  readonly secret: string | undefined
  /** The file in which the installation's secret is kept; `undefined` where nothing outlives the server. */
  readonly secretFile: string | undefined
  /** Fails with a `Failure` or a `UsageError` unless there is a database that commands can work on. */
  readonly expect: () => void
  /** Loads the store's module: commands that only read an address do without it. */
  readonly layer: (admit: Admit) => Promise<Layer.Layer<Store, StoreError>>
}

/** Returns the database at what follows the scheme; `undefined` when it is no address. */
type Opener = (rest: string) => Omit<Database, "secret"> | undefined

/** A path, also as `///absolute`. Not `//host/…`, and not a `file:` URI, which SQLite would read as options. */
const path = /^(?:\/\/(?=\/))?(?!\/\/)(?!file:)(.+)$/is

const sqlite: Opener = (rest) => {
  const filename = path.exec(rest)?.[1]
  if (filename === undefined) return undefined
  const isKept = filename !== ":memory:"
  return {
    file: isKept ? filename : undefined,
    secretFile: isKept ? secretOf(filename) : undefined,
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
    layer: async (admit) => (await import("@overdue/storage/Sqlite")).layer({ filename, admit }),
  }
}

/** The secret is beside the database, not beside a link to it, unless it was put there. */
const secretOf = (filename: string): string => {
  const beside = `${filename}.secret`
  try {
    lstatSync(beside)
    return beside
  } catch {
    // Not there, or where nothing can be: whoever opens the database says so.
    return `${Link.target(filename)}.secret`
  }
}

const openers: ReadonlyMap<string, Opener> = new Map([["sqlite", sqlite]])

/**
 * Returns the database at an address, with the secret that the environment has. Fails with a `UsageError` for an address
 * of another kind.
 */
export const parse = (address: string = flag.default, environment: Environment): Database => {
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(address) ?? []
  const database = openers.get(scheme)?.(rest)
  if (database !== undefined) return { ...database, secret: environment["OVERDUE_SECRET"] || undefined }
  // The address is not repeated: it may hold a password.
  throw new UsageError(
    "--database is sqlite:FILE, where FILE is a path such as ./overdue.db or /var/lib/overdue.db, or sqlite::memory:",
  )
}
