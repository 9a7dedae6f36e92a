/**
 * How a database knows its secret again: by a fingerprint, from which the secret cannot be recovered.
 *
 * A database from before there were fingerprints takes over the secret that it is opened with only when nothing in it
 * was made under another one: when it has no API key, or one of those that are given is among its keys.
 */
import { createHmac } from "node:crypto"
import * as Keys from "@overdue/server/access/Keys"
import type { Admit, Facts } from "@overdue/storage/Admission"
import * as Result from "effect/Result"
import * as Secret from "./Secret.ts"

/** Returns the fingerprint of a secret. */
export const of = (secret: string): string =>
  createHmac("sha256", secret).update("overdue fingerprint\0").digest("hex").slice(0, 32)

/** What a database said of itself when it was opened. */
export interface Opened {
  /** Whether it is known that the secret is the database's own. */
  isProven: boolean
}

/**
 * Returns what decides whether the secret at hand is the database's own. `keys` are API keys that may prove it. Makes
 * the secret of a database that nothing was made under yet.
 */
export const admit =
  (database: Secret.Kept, keys: readonly string[] = [], opened: Opened = { isProven: false }): Admit =>
  (facts) => {
    const isNew = facts.fingerprint === undefined && facts.digests.length === 0
    const secret = Secret.known(database) ?? (isNew ? Secret.of(database) : undefined)
    const { secretFile = "the environment" } = database
    if (secret === undefined) {
      return Result.fail(
        `cannot be opened without its secret, under which its keys and badges were made: it is not in ${secretFile}. ` +
          "Restore that file from the backup, or set OVERDUE_SECRET to the value that the server has.",
      )
    }
    const fingerprint = of(secret)
    if (facts.fingerprint !== undefined && facts.fingerprint !== fingerprint) {
      const where = database.secret === undefined ? `in ${secretFile}` : "in OVERDUE_SECRET"
      return Result.fail(
        `cannot be opened with the secret ${where}: its keys and badges were made under another one. ` +
          "Restore the secret that belongs to this database.",
      )
    }
    opened.isProven = facts.fingerprint !== undefined || isProof(facts, secret, keys)
    return Result.succeed(opened.isProven ? fingerprint : undefined)
  }

const isProof = ({ digests }: Facts, secret: string, keys: readonly string[]): boolean =>
  digests.length === 0 || keys.some((key) => digests.includes(Keys.digest(secret, key)))

/** Returns what an API key that opens something is told to, so that it proves the secret to the database. */
export const witness = (record: (key: string) => Promise<void>): ((key: string) => void) => {
  let isHeard = false
  return (key) => {
    if (isHeard) return
    isHeard = true
    // A database that cannot be written now is told by the next key.
    record(key).catch(() => (isHeard = false))
  }
}
