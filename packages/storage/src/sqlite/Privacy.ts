/** The files of a database are for its owner alone: they hold addresses of checks, and the secrets of channels. */
import { chmodSync, closeSync, openSync, statSync } from "node:fs"
import { inMemory, place } from "./Failure.ts"
import * as Link from "./Link.ts"

/** Read and written by the owner, and by nobody else; a umask may take away more. */
export const mode = 0o600

const others = 0o077

/** Returns the files that a database may have: its own, and its logs, which SQLite keeps beside the file and no link. */
export const filesOf = (filename: string): readonly [string, ...string[]] => {
  const file = Link.target(filename)
  return [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]
}

/** Makes the file of a new database, which SQLite would make readable for everybody. Leaves one that exists alone. */
export const create = (filename: string): void => {
  if (filename === inMemory) return
  try {
    closeSync(openSync(Link.target(filename), "wx", mode))
  } catch {
    // It exists, or cannot be made: SQLite, which opens it next, says why.
  }
}

/**
 * Takes the files of a database from other users of the machine, where they have access. Returns a sentence for the
 * operator; `undefined` when nobody else had any.
 */
export const narrow = (filename: string): string | undefined =>
  filename === inMemory ? undefined : narrowed(place(filename), filesOf(filename))

/** Does the same with files that have one name for people. */
export const narrowed = (name: string, files: readonly string[]): string | undefined => {
  const wide = process.platform === "win32" ? [] : files.filter(isWide)
  if (wide.length === 0) return undefined
  for (const file of wide) {
    try {
      chmodSync(file, statSync(file).mode & 0o700)
    } catch {
      // Of another owner: the sentence below says so.
    }
  }
  return wide.some(isWide)
    ? `${name} can be read by other users of this machine, and its mode cannot be changed. Change its owner, or mount its disk with permissions.`
    : `${name} could be read by other users of this machine. Its mode is 600 now.`
}

const isWide = (file: string): boolean =>
  ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & others) !== 0
