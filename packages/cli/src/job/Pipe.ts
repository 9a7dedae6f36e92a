/**
 * Pipes of the system, which a job can open again as /dev/stdout or /proc/self/fd/1, and whose end it learns by SIGPIPE.
 *
 * What Node calls a pipe is a pair of sockets: opening /dev/stdout then fails with ENXIO, and a write without a reader
 * is ECONNRESET. Node cannot call pipe(2), but a FIFO whose name is removed is the same thing; `mkfifo` takes 1 ms.
 */
import { spawn } from "node:child_process"
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs"
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

/** Makes so many pipes; nothing of them is left in the file system. Rejects when the temporary directory takes none. */
export const make = async (count: number): Promise<readonly Pipe[]> => {
  const folder = mkdtempSync(join(tmpdir(), "overdue-run-"))
  try {
    const paths = Array.from({ length: count }, (_, index) => join(folder, String(index)))
    await mkfifo(paths)
    return paths.map(open)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Closes both ends. */
export const close = ({ read, write }: Pipe): void => {
  closeSync(read)
  closeSync(write)
}

/** The reading end first: a writer would wait for it. */
const open = (path: string): Pipe => {
  const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  return { read, write: openSync(path, constants.O_WRONLY) }
}

const mkfifo = (paths: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new Error(`mkfifo: ${why}`))
    spawn("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" })
      .once("error", (error) => refuse(Caught.message(error)))
      .once("exit", (code, signal) => (code === 0 ? resolve() : refuse(`ended by ${signal ?? code}`)))
  })
