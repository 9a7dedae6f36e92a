/** Writes to a descriptor that others share, in order, and without making it non-blocking for them. */
import { write } from "node:fs"
import * as Caught from "../Caught.ts"

/** Writes everything that it is given, one after the other. */
export interface Writer {
  /** Resolves once all bytes are written. Rejects when they cannot be, and with the same error ever after. */
  readonly write: (bytes: Uint8Array) => Promise<void>
}

/** Milliseconds until a descriptor is tried again that another process has made non-blocking, and that is full. */
const again = 10

/**
 * Returns a writer. A stream of Node's would set O_NONBLOCK, which every process sees that has the pipe, and `cat` or
 * `echo` beside us would fail with EAGAIN; and a synchronous write would keep signals from the job while a reader is
 * slow.
 */
export const make = (fd: number): Writer => {
  let last: Promise<void> = Promise.resolve()
  return { write: (bytes) => (last = last.then(() => all(fd, bytes))) }
}

const all = async (fd: number, bytes: Uint8Array): Promise<void> => {
  for (let from = 0; from < bytes.length;) from += await some(fd, bytes.subarray(from))
}

const some = (fd: number, bytes: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    const attempt = () =>
      write(fd, bytes, (error, written) => {
        if (error === null) resolve(written)
        else if (Caught.code(error) === "EAGAIN") setTimeout(attempt, again)
        else reject(error)
      })
    attempt()
  })
