/** The machine that is measured, as far as the agent looks at it: files, folders, file systems and a clock. */
import { closeSync, openSync, readdirSync, readSync, statfsSync, statSync } from "node:fs"

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
 * Returns this machine. Files are read into one buffer and at once: a file of /proc is in memory, and the thread pool
 * would cost more than it.
 */
export const here = (): Machine => {
  let buffer = Buffer.allocUnsafeSlow(16_384)
  const read: Machine["read"] = (path, most = Number.POSITIVE_INFINITY) => {
    const file = openSync(path, "r")
    try {
      let length = 0
      while (length < most) {
        if (length === buffer.length) {
          const larger = Buffer.allocUnsafeSlow(2 * length)
          buffer.copy(larger)
          buffer = larger
        }
        const got = readSync(file, buffer, length, Math.min(buffer.length, most) - length, null)
        if (got === 0) break
        length += got
      }
      return buffer.toString("utf8", 0, length)
    } finally {
      closeSync(file)
    }
  }
  return {
    read,
    list: (path) => readdirSync(path),
    isFolder: (path) => statSync(path).isDirectory(),
    space: (path) => statfsSync(path),
    now: () => performance.now(),
  }
}
