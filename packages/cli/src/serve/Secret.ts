/** The installation's secret: made once, kept beside the database, readable by its owner only. */
import { randomBytes } from "node:crypto"
import { linkSync, readFileSync, unlinkSync, writeFileSync } from "node:fs"
import { Failure } from "../Failure.ts"
import type { Database } from "../local/Address.ts"

/** The secret that belongs to a database. The first call makes it. */
export const of = (database: Database): string => {
  if (database.filename === ":memory:") return make()
  const file = `${database.filename}.secret`
  return read(file) ?? create(file)
}

/** The secret that is kept beside a database; `undefined` when there is none. */
export const kept = (database: Database): string | undefined => read(`${database.filename}.secret`)

const make = (): string => randomBytes(32).toString("base64url")

const read = (file: string): string | undefined => {
  try {
    const secret = readFileSync(file, "utf8").trim()
    if (secret.length >= 16) return secret
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined
    throw new Failure(
      `the secret in ${file} cannot be read (${codeOf(error)}); set OVERDUE_SECRET or make it readable`,
    )
  }
  throw new Failure(
    `the secret in ${file} is too short to be one; restore the file, or delete it and issue new keys`,
  )
}

/** Written whole before it gets its name: whoever finds the file finds all of it, also when two start at once. */
const create = (file: string): string => {
  const draft = `${file}.${process.pid}`
  try {
    writeFileSync(draft, make() + "\n", { mode: 0o600, flag: "wx", flush: true })
    try {
      linkSync(draft, file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    } finally {
      unlinkSync(draft)
    }
  } catch (error) {
    throw new Failure(
      `the secret cannot be kept in ${file} (${codeOf(error)}); make its directory writable or set OVERDUE_SECRET`,
    )
  }
  return read(file)!
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error)
