/**
 * The databases that `overdue` can open, by the scheme of their addresses: `sqlite:./overdue.db`. The one place that
 * knows them: everything else opens what it is given.
 */
import { existsSync, lstatSync } from "node:fs"
import type { Store, StoreError } from "@overdue/core/Store"
import type * as Layer from "effect/Layer"
import * as Link from "@overdue/storage/sqlite/Link"
import type { Admit } from "@overdue/storage/Admission"
import type { Side } from "@overdue/storage/moving/Side"
import * as Address from "@overdue/storage/postgres/Address"
import * as Result from "effect/Result"
import { Failure, UsageError } from "../Failure.ts"
import type { Environment } from "../Io.ts"

/** `--database`: where the database is. */
export const flag = {
  kind: "text",
  value: "URL",
  env: "OVERDUE_DATABASE",
  default: "sqlite:./overdue.db",
  help: "the database: sqlite:FILE, sqlite::memory:, or postgres://USER:PASSWORD@HOST/NAME",
} as const

/** A database that this program can open. */
export interface Database {
  /** The file of the database; `undefined` where it has none. */
  readonly file: string | undefined
  /** Where it is, for messages: without secrets. */
  readonly place: string
  /** The installation's secret from the environment; `undefined`: `secretFile` has it. */
  readonly secret: string | undefined
  /** The file in which the installation's secret is kept; `undefined` where nothing outlives the server. */
  readonly secretFile: string | undefined
  /** Why `overdue backup` and `restore` cannot copy it, and what to do; `undefined` when they can. */
  readonly uncopied: string | undefined
  /** Fails with a `Failure` or a `UsageError` unless there is a database that commands can work on. */
  readonly expect: () => void
  /**
   * Loads the store's module: commands that only read an address do without it. With `isExpected`, the layer fails unless
   * there is a database that commands can work on, where `expect` cannot tell.
   */
  readonly layer: (admit: Admit, isExpected?: boolean) => Promise<Layer.Layer<Store, StoreError>>
  /** Loads what an installation is moved with, to this database or from it. Rejects with a `UsageError` where that cannot be. */
  readonly side: () => Promise<Side>
}

/**
 * Returns the database at what follows the scheme; `undefined` when it is no address. Fails with a `UsageError` that does
 * not repeat the address.
 */
type Opener = (rest: string, environment: Environment) => Omit<Database, "secret"> | undefined

/** A path, also as `///absolute`. Not `//host/…`, and not a `file:` URI, which SQLite would read as options. */
const path = /^(?:\/\/(?=\/))?(?!\/\/)(?!file:)(.+)$/is

const sqlite: Opener = (rest) => {
  const filename = path.exec(rest)?.[1]
  if (filename === undefined) return undefined
  const isKept = filename !== ":memory:"
  return {
    file: isKept ? filename : undefined,
    place: isKept ? `the database in ${filename}` : "a database in memory",
    secretFile: isKept ? secretOf(filename) : undefined,
    uncopied: isKept ? undefined : "a database in memory has no backup; name a file: --database sqlite:FILE",
    expect: () => {
      if (!isKept) throw inMemory()
      if (existsSync(filename)) return
      throw new Failure(
        `there is no database in ${filename}; name another file with --database, or create it with \`overdue serve\``,
      )
    },
    layer: async (admit) => (await import("@overdue/storage/Sqlite")).layer({ filename, admit }),
    side: async () => {
      if (!isKept) throw inMemory()
      return (await import("@overdue/storage/sqlite/Side")).of(filename)
    },
  }
}

const inMemory = (): UsageError =>
  new UsageError(
    "a database in memory belongs to the server that runs on it; name a file: --database sqlite:FILE",
  )

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

/** Nothing of an installation is beside the database: every node has the same secret in its environment. */
const postgres: Opener = (rest, environment) => {
  const parsed = Address.parse(`postgres:${rest}`, environment["PGPASSWORD"])
  if (Result.isFailure(parsed))
    throw new UsageError(`the address of the PostgreSQL database ${parsed.failure}`)
  if (!environment["OVERDUE_SECRET"])
    throw new UsageError(
      "a PostgreSQL database needs OVERDUE_SECRET, the same for every program that opens it: its keys and badges are made under it. " +
        "Make one with `openssl rand -base64 32`, and keep it: nothing else has it",
    )
  const address = parsed.success
  return {
    file: undefined,
    place: Address.place(address).replace("The", "the"),
    secretFile: undefined,
    uncopied:
      "a backup is a file of SQLite, and this database is in PostgreSQL: `overdue dump` and `load` copy it for any database, " +
      `and \`pg_dump${address.schema === undefined ? "" : ` --schema=${address.schema}`}\` for PostgreSQL. ` +
      "Keep OVERDUE_SECRET beside the copy: it is in none of them, and without it the keys and badges open nothing",
    expect: () => undefined,
    layer: async (admit, isExpected) =>
      (await import("@overdue/storage/Postgres")).layer({ address, admit, isExpected }),
    side: async () => (await import("@overdue/storage/postgres/Side")).of(address),
  }
}

const openers: ReadonlyMap<string, Opener> = new Map([
  ["sqlite", sqlite],
  ["postgres", postgres],
  ["postgresql", postgres],
])

/**
 * Returns the database at an address, with the secret that the environment has. Fails with a `UsageError` for an address
 * of another kind.
 */
export const parse = (address: string = flag.default, environment: Environment): Database => {
  const [, scheme = "", rest = ""] = /^([a-z]+):(.*)$/is.exec(address) ?? []
  const database = openers.get(scheme.toLowerCase())?.(rest, environment)
  if (database !== undefined) return { ...database, secret: environment["OVERDUE_SECRET"] || undefined }
  // The address is not repeated: it may hold a password.
  throw new UsageError(
    "--database is sqlite:FILE, where FILE is a path such as ./overdue.db or /var/lib/overdue.db, sqlite::memory:, or postgres://USER:PASSWORD@HOST/NAME",
  )
}
