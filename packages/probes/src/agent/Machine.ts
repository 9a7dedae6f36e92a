/** The machine that is measured, as far as the agent looks at it: files, folders, file systems and a clock. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statfsSync, statSync } from "node:fs"

/** Space of a file system in blocks, as statfs(2) tells it. */
export interface Space {
  readonly bsize: number
  readonly blocks: number
  readonly bfree: number
  readonly bavail: number
}

/** What is read of a machine. Everything but the clock throws as `node:fs` does. */
export interface Machine {
  /** Returns a file as text; with `most`, only its beginning. */
  readonly read: (path: string, most?: number) => string
  readonly list: (path: string) => readonly string[]
  readonly isFolder: (path: string) => boolean
  readonly space: (path: string) => Space
  /** Milliseconds on a clock that is never set, and that stands still while the machine sleeps. */
  readonly now: () => number
}

/**
 * Returns this machine. Files are read at once: those of /proc are in memory, and the thread pool would cost more than
 * that. Node reads a whole file as text in one call, in 14 µs; three calls and a buffer that is kept took 18.
 */
export const here = (): Machine => ({
  read: (path, most) => (most === undefined ? readFileSync(path, "utf8") : beginning(path, most)),
  list: (path) => readdirSync(path),
  isFolder: (path) => statSync(path).isDirectory(),
  space: (path) => statfsSync(path),
  now: () => performance.now(),
})

/** A file of /proc gives what fits in one call. */
const beginning = (path: string, most: number): string => {
  const buffer = Buffer.allocUnsafe(most)
  const file = openSync(path, "r")
  try {
    return buffer.toString("utf8", 0, readSync(file, buffer))
  } finally {
    closeSync(file)
  }
}
