/** Failures of PostgreSQL as StoreErrors: a reason for the program, and a sentence for the operator that says what to do. */
import { StoreError } from "@overdue/core/Store"
import { SqlError } from "effect/sql/SqlError"

/**
 * What codes of PostgreSQL mean here, by their beginnings, the longest first.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const meanings: readonly (readonly [code: string, reason: StoreError["reason"], remedy: string])[] = [
  // A connection that the server has ended, or a server that takes no writes any more: another one may be the first now.
  ["57P", "unavailable", "stops or starts ($1). What was acknowledged is safe; it is tried again."],
  ["25006", "unavailable", "takes no writes ($1). Name the host that does, or all hosts of the cluster."],
  ["25P03", "unavailable", "has ended a transaction that was idle for too long ($1). It is tried again."],
  ["53300", "unavailable", "has no connection to spare ($1). Lower pool_size, or raise max_connections."],
  ["53100", "full", "cannot grow ($1). Make room; what was acknowledged is safe."],
  ["53", "unavailable", "lacks resources ($1). Look at its log."],
  ["08", "unavailable", "cannot be reached ($1). Check that it runs, and the way there."],
  ["58", "unavailable", "is on a system that failed ($1). Look at its log."],
  // Serialisation, deadlocks, locks and statements that took too long.
  ["40", "busy", "is held by others ($1). It is tried again."],
  ["55P03", "busy", "is held by others ($1). It is tried again."],
  ["55006", "busy", "is held by others ($1). It is tried again."],
  ["57014", "busy", "took too long ($1). It is tried again; if that lasts, look at its load and its locks."],
  // A statement that was prepared before the schema changed, or on a connection that a pooler has given away.
  ["26000", "busy", "has lost a prepared statement ($1). If a pooler stands before it, add pgbouncer=true."],
  [
    "42P05",
    "busy",
    "has a prepared statement already ($1). If a pooler stands before it, add pgbouncer=true.",
  ],
  ["0A000", "busy", "refused a statement ($1)."],
  ["28", "failed", "refuses its user ($1). Check user, password and pg_hba.conf."],
  ["3D", "failed", "does not exist ($1). Create it: CREATE DATABASE …"],
  ["3F", "failed", "has no such schema ($1). Create it, or name another one: ?schema=…"],
  ["42P07", "failed", "has tables of another program ($1). Name an empty database, or a schema: ?schema=…"],
  ["42P01", "failed", "lacks a table ($1). Somebody has changed its schema: restore the latest backup."],
  ["42703", "failed", "lacks a column ($1). Somebody has changed its schema, or it is another program's."],
  ["42501", "failed", "does not let its user do that ($1). Grant what is missing."],
  ["XX001", "corrupt", "is damaged ($1). Restore the latest backup."],
  ["XX002", "corrupt", "is damaged ($1). Restore the latest backup, or build the index anew: REINDEX."],
  ["22021", "constraint", "cannot store the character U+0000 ($1)."],
  ["22P05", "constraint", "cannot store a character ($1)."],
]

/** What the client itself finds out has no code; these are those of what it is like. */
const codes: Readonly<Record<string, string>> = { ConnectionError: "08", AuthenticationError: "28" }

/**
 * Returns the StoreError for what PostgreSQL answered. `place` is the beginning of a sentence. With `isCommit`, a
 * failure that the server did not answer leaves open what was kept.
 */
export const translate = (error: unknown, place: string, isCommit: boolean = false): StoreError => {
  if (error instanceof StoreError) return error
  const reason = error instanceof SqlError ? error.reason : undefined
  const cause = reason?.cause ?? error
  const message = tidy(cause instanceof Error ? cause.message : String(cause))
  const code = codeOf(cause) ?? codes[reason?._tag ?? ""]
  if (code?.startsWith("23"))
    return new StoreError({
      reason: "constraint",
      detail: `This contradicts what is stored: ${message}.`,
      cause,
    })
  const found = meanings.find(([beginning]) => code?.startsWith(beginning) === true)
  if (found === undefined) {
    return isCommit && code === undefined
      ? new StoreError({
          reason: "unknown-outcome",
          detail: `${place} failed during a commit (${message}).`,
          cause,
        })
      : new StoreError({
          reason: "failed",
          detail: `${place} refused a statement (${message}). Please report this as a bug.`,
          cause,
        })
  }
  const [, meant, remedy] = found
  return new StoreError({
    // What ends the connection during a commit may have come before it or after it.
    reason: isCommit && meant === "unavailable" ? "unknown-outcome" : meant,
    detail: `${place} ${remedy.replace("$1", () => message)}`,
    cause,
  })
}

/** Returns the code of PostgreSQL. None begins with an E, as those of the system do, some of which are as long: EPIPE. */
const codeOf = (cause: unknown): string | undefined => {
  if (typeof cause !== "object" || cause === null || !("code" in cause)) return undefined
  const { code } = cause
  return typeof code === "string" && /^[0-9A-DF-Z][0-9A-Z]{4}$/.test(code) ? code : undefined
}

/** Without a full stop, as it stands within a sentence, and without the name of the client's module. */
const tidy = (message: string): string => message.replace(/^Pg\w+: /, "").replace(/\.$/, "")
