/**
 * Pipes of the system, which a job can open again as /dev/stdout or /proc/self/fd/1, and whose end it learns by SIGPIPE.
 *
 * What Node calls a pipe is a pair of sockets: opening /dev/stdout then fails with ENXIO, and a write without a reader
 * is ECONNRESET. Node cannot call pipe(2), but a FIFO whose name is removed is the same thing; `mkfifo` takes 1 ms.
 */
import { spawnSync } from "node:child_process"
import { constants, mkdtempSync, openSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Caught from "../Caught.ts"

/** Both ends of a pipe, as descriptors. */
export interface Pipe {
  /** Non-blocking. */
  readonly read: number
  /** Blocking, as a job expects it. */
  readonly write: number
}

/** Makes so many pipes; nothing of them is left in the file system. Throws when the temporary directory takes none. */
export const make = (count: number): readonly Pipe[] => {
  const folder = mkdtempSync(join(tmpdir(), "overdue-run-"))
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)))
    mkfifo(paths)
    return paths.map(open)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The reading end first: a writer would wait for it. */
const open = (path: string): Pipe => {
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { read, write: openSync(path, constants.O_WRONLY) }
}

/** Not in the background: the job would wait for whatever else begins meanwhile. */
const mkfifo = (paths: readonly string[]): void => {
  const { error, status, signal } = spawnSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" })
  if (error !== undefined) throw new Error(`mkfifo: ${Caught.message(error)}`)
  if (status !== 0) throw new Error(`mkfifo: ended by ${signal ?? status}`)
}
