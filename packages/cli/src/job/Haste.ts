/** Signals that come when the job has ended: they are for us, and some ask us to end as well. */
import { setTimeout } from "node:timers/promises"
import * as Signals from "./Signals.ts"

/** What is heard of them. */
export interface Haste {
  /** The last signal that asked for an end, also while the job ran; `undefined` when none did. */
  readonly asked: () => NodeJS.Signals | undefined
  /** Resolves when an end is asked for; a second after the end of a job that was asked, too. */
  readonly overdue: Promise<void>
  /** To be called when the job has ended. `before` is the signal that asked it to end, if any did. */
  readonly begin: (before: NodeJS.Signals | undefined) => void
  /** To be called when nothing is left to hurry. No signal ends us even then: the exit code is the job's. */
  readonly stop: () => void
  /**
   * Ends this process by a signal, as the job was ended: a shell ends its script or loop when Ctrl-C ends what it waits
   * for, but goes on after the exit code 130; and a write to a reader that never reads keeps Node from an exit. Resolves
   * only where signals do not end processes.
   */
  readonly end: (signal: NodeJS.Signals) => Promise<void>
}

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
    if (!isOver || !Signals.ending.includes(signal)) return
    asked = signal
    resolve()
    hurry()
  }
  for (const signal of Signals.caught) process.on(signal, listener)
  const begin = (before: NodeJS.Signals | undefined) => {
    isOver = true
    asked = before
    if (before !== undefined) timer = globalThis.setTimeout(resolve, 1000)
  }
  const stop = () => clearTimeout(timer)
  const end = async (signal: NodeJS.Signals) => {
    process.off(signal, listener)
    process.kill(process.pid, signal)
    await setTimeout(1000)
  }
  return { asked: () => asked, overdue, begin, stop, end }
}
