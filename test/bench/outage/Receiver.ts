/** Who is told of outages: a process. */
import { fork } from "node:child_process"
import { once } from "node:events"

export interface Receiver extends Disposable {
  readonly url: string
  /** Resolves, once the next outage has been told of, with when each request arrived, in order. */
  readonly arrivals: () => Promise<readonly number[]>
}

/** Starts a receiver that is told so many times of each outage. */
export const start = async (expected: number): Promise<Receiver> => {
  const child = fork(new URL("told.ts", import.meta.url), [String(expected)])
  // safe because that is what the program says first
  const [{ port }] = (await once(child, "message")) as [{ readonly port: number }]
  return {
    url: `http://127.0.0.1:${port}/`,
    arrivals: async () => {
      // safe because that is what the program says then
      const [said] = (await once(child, "message")) as [{ readonly arrivals: readonly number[] }]
      return said.arrivals
    },
    [Symbol.dispose]: () => child.disconnect(),
  }
}
