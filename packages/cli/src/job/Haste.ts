/** Signals that come when the job has ended: they are for us, and ask us to end as well. */
import { setTimeout } from "node:timers/promises"

/** What is heard of them. */
export interface Haste {
  /** The last signal that asked for an end, also while the job ran; `undefined` when none did. */
  readonly asked: () => NodeJS.Signals | undefined
  /** Resolves when an end is asked for; a second after the end of a job that was asked, too. */
  readonly overdue: Promise<void>
  /** To be called when the job has ended. `before` is the signal that asked it to end, if any did. */
  readonly begin: (before: NodeJS.Signals | undefined) => void
  readonly stop: () => void
}

const signals = ["SIGTERM", "SIGINT", "SIGHUP"] as const

/**
 * Listens, and calls `hurry` for each signal after the end of the job. To be called before the job begins: were the first
 * listeners of a signal removed before the last are there, one that comes just then would be lost.
 */
export const listen = (hurry: () => void): Haste => {
  let asked: NodeJS.Signals | undefined
  let isOver = false
  let timer: NodeJS.Timeout | undefined
  const { promise: overdue, resolve } = Promise.withResolvers<void>()
  const listener = (signal: NodeJS.Signals) => {
    if (!isOver) return
    asked = signal
    resolve()
    hurry()
  }
  for (const signal of signals) process.on(signal, listener)
  const begin = (before: NodeJS.Signals | undefined) => {
    isOver = true
    asked = before
    if (before !== undefined) timer = globalThis.setTimeout(resolve, 1000)
  }
  const stop = () => {
    clearTimeout(timer)
    for (const signal of signals) process.off(signal, listener)
  }
  return { asked: () => asked, overdue, begin, stop }
}

/**
 * Ends this process by a signal, as the job was ended: a shell ends its script or loop when Ctrl-C ends what it waits
 * for, but goes on after the exit code 130; and a write to a reader that never reads keeps Node from an exit. Resolves
 * only where signals do not end processes.
 */
export const end = async (signal: NodeJS.Signals): Promise<void> => {
  process.kill(process.pid, signal)
  await setTimeout(1000)
}
