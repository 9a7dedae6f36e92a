/** The installation's secret: generated once, and kept beside the database in a file that only its owner can read. */
import { randomBytes } from "node:crypto"
import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs"
import * as Link from "@overdue/storage/sqlite/Link"
import * as Privacy from "@overdue/storage/sqlite/Privacy"
import * as Caught from "../Caught.ts"
import { Failure } from "../Failure.ts"
import type { Database } from "../local/Database.ts"

/** Where the secret of a database is kept. */
export type Kept = Pick<Database, "secret" | "secretFile">

/**
 * Returns the secret of a database, from the environment or its file, which is made where it is missing. Fails with a
 * `Failure`.
 */
export const of = ({ secret, secretFile }: Kept): string =>
  secret ?? (secretFile === undefined ? make() : (read(secretFile) ?? create(secretFile)))

/** Returns the secret from the environment or beside the database; `undefined` when there is none. */
export const known = ({ secret, secretFile }: Kept): string | undefined =>
  secret ?? (secretFile === undefined ? undefined : read(secretFile))

/** Takes the file of a secret from other users of the machine. Returns a sentence; `undefined` when they had no access. */
export const narrow = ({ secret, secretFile }: Kept): string | undefined =>
  secret !== undefined || secretFile === undefined
    ? undefined
    : Privacy.narrowed(`The secret in ${secretFile}`, [secretFile])

const make = (): string => randomBytes(32).toString("base64url")

const read = (file: string): string | undefined => {
  try {
    const secret = readFileSync(file, "utf8").trim()
    if (secret.length >= 16) return secret
  } catch (error) {
    if (Caught.code(error) === "ENOENT") return undefined
    throw new Failure(
      `the secret in ${file} cannot be read (${Caught.brief(error)}); set OVERDUE_SECRET, or make the file readable`,
    )
  }
  throw new Failure(
    `the secret in ${file} is shorter than 16 characters; restore the file from a backup, or set OVERDUE_SECRET to the value that the keys were made under`,
  )
}

/** The file is written in full before it gets its name, so that two servers that start at once find a whole secret. */
const create = (name: string): string => {
  const file = Link.target(name)
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, make() + "\n", { mode: 0o600, flag: "wx", flush: true })
    try {
      linkSync(draft, file)
    } catch (error) {
      if (Caught.code(error) !== "EEXIST") throw error
    } finally {
      unlinkSync(draft)
    }
  } catch (error) {
    throw new Failure(
      `the secret cannot be written to ${file} (${Caught.brief(error)}); make the directory writable, or set OVERDUE_SECRET`,
    )
  }
  return read(file)!
}
