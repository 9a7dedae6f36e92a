/** Failures of SQLite as StoreErrors: a reason for the program, and a sentence for the operator that says what to do. */
import { accessSync, constants, statSync } from "node:fs"
import { dirname } from "node:path"
import { StoreError } from "@overdue/core/Store"

/** Primary result codes, https://www.sqlite.org/rescode.html */
const code = {
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  protocol: 15,
  constraint: 19,
  auth: 23,
  notadb: 26,
}

/** The filename of a database that has no file. */
export const inMemory = ":memory:"

/** Returns the name of a database for the beginning of a sentence. */
export const place = (filename: string): string =>
  filename === inMemory ? "The database in memory" : `The database ${filename}`

/**
 * Returns the StoreError for what SQLite threw. `isCommit`: during a commit. A disk that fails then may or may not have
 * kept what was written, which only the next start shows.
 */
export const translate = (cause: unknown, filename: string, isCommit: boolean = false): StoreError => {
  const message = messageOf(cause)
  const failure = (reason: StoreError["reason"], detail: string) =>
    new StoreError({ reason, detail: `${place(filename)} ${detail}`, cause })
  switch (primary(cause)) {
    case code.busy:
    case code.locked:
    case code.protocol:
      return failure("busy", "is held by another process. Try again, or stop the other process.")
    case code.full:
      return failure(
        "full",
        "cannot grow: the disk or its quota is full. Make room; what was acknowledged is safe.",
      )
    case code.corrupt:
      return failure("corrupt", `is damaged (${message}). Restore the latest backup.`)
    case code.notadb:
      return failure(
        "corrupt",
        "is not a database, or is damaged. Name another file, or restore the latest backup.",
      )
    case code.readonly:
    case code.cantopen:
    case code.perm:
    case code.auth:
      return failure("failed", `cannot be opened for writing: ${obstacle(filename)}`)
    case code.ioerr:
      return isCommit
        ? failure("unknown-outcome", `is on a disk that failed during a commit (${message}). Check the disk.`)
        : failure(
            "unavailable",
            `is on a disk that failed (${message}). Check the disk and how it is mounted.`,
          )
    case code.constraint:
      return new StoreError({
        reason: "constraint",
        detail: `This contradicts what is stored: ${message}.`,
        cause,
      })
    default:
      return failure("failed", `refused a statement (${message}). Please report this as a bug.`)
  }
}

/** Throws the StoreError of a file that this user may not write: SQLite opens it, and fails only at the first write. */
export const expectWritable = (filename: string): void => {
  if (filename === inMemory) return
  try {
    accessSync(filename, constants.W_OK)
  } catch (cause) {
    const detail = `${place(filename)} cannot be opened for writing: ${obstacle(filename)}`
    throw new StoreError({ reason: "failed", detail, cause })
  }
}

/** Returns the message of whatever was thrown. */
export const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const primary = (cause: unknown): number | undefined =>
  cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number"
    ? cause.errcode & 0xff
    : undefined

/** Returns the likely reason why a file cannot be written, and the remedy. */
const obstacle = (filename: string): string => {
  const directory = dirname(filename)
  const parent = statSync(directory, { throwIfNoEntry: false })
  if (parent === undefined)
    return `the directory ${directory} does not exist. Create it, or name another file.`
  if (!parent.isDirectory()) return `${directory} is not a directory. Name another file.`
  if (statSync(filename, { throwIfNoEntry: false })?.isDirectory() === true) {
    return "it is a directory. Name a file."
  }
  for (const path of [directory, filename]) {
    try {
      accessSync(path, constants.W_OK)
    } catch {
      return `${path} may not be written by this user. Change its permissions, or name another file.`
    }
  }
  return "its disk is read-only, or this process has too many files open. Check both, or name another file."
}
