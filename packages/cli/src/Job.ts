/** A job as a child process: its output is passed on while the end of it is remembered, and it gets our signals. */
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { constants } from "node:os"
import type { Readable } from "node:stream"
import * as Caught from "./Caught.ts"
import type { Output } from "./Io.ts"
import type { Tail } from "./Tail.ts"

/** How a job ended. */
export interface End {
  /** The exit code that a shell would report: the exit status, 128 + the number of a signal, 127 when not found, 126 when not executable. */
  readonly code: number
  /** The signal that ended it, or why it could not be started; `undefined` when it exited. */
  readonly remark: string | undefined
}

const forwarded = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const

/**
 * Milliseconds of silence, once the job is gone, after which its output counts as ended: a process that it left behind
 * may hold the output open.
 */
const silence = 1000

/** What a job is run with. */
export interface Surroundings {
  readonly stdout: Output
  readonly stderr: Output
  /** Remembers the output; `undefined` gives the job our own output, so that it may see a terminal. */
  readonly tail: Tail | undefined
  /** Whether we run at a terminal, where Ctrl-C reaches the whole foreground group without us. */
  readonly isTerminal: boolean
}

/** Runs a command to its end. Never rejects. */
export const run = async (words: readonly string[], surroundings: Surroundings): Promise<End> => {
  const { stdout, stderr, tail, isTerminal } = surroundings
  const output = tail === undefined ? "inherit" : "pipe"
  let child: ChildProcess
  try {
    child = spawn(words[0]!, words.slice(1), { stdio: ["inherit", output, output] })
  } catch (error) {
    return unable(words[0]!, error)
  }
  const stop = forward(child, isTerminal)
  try {
    const problem = await new Promise<Error | undefined>((resolve) => {
      child.once("spawn", () => resolve(undefined))
      child.once("error", resolve)
    })
    if (problem !== undefined) return unable(words[0]!, problem)
    // safe because these are the arguments of the event
    const ended = once(child, "exit") as Promise<[status: number | null, signal: NodeJS.Signals | null]>
    const drained = Promise.all([
      pass(child.stdout, stdout, tail, ended),
      pass(child.stderr, stderr, tail, ended),
    ])
    const [status, signal] = await ended
    await drained
    if (signal === null) return { code: status ?? 1, remark: undefined }
    return { code: 128 + constants.signals[signal], remark: `killed by ${signal}` }
  } finally {
    stop()
  }
}

const unable = (word: string, error: unknown): End => {
  if (Caught.code(error) === "ENOENT") return { code: 127, remark: `${word}: command not found` }
  return { code: 126, remark: `${word} cannot be run: ${Caught.message(error)}` }
}

const forward = (child: ChildProcess, isTerminal: boolean): (() => void) => {
  const listeners = forwarded
    .filter((signal) => !(isTerminal && (signal === "SIGINT" || signal === "SIGQUIT")))
    .map((signal) => [signal, () => void child.kill(signal)] as const)
  // At a terminal the job gets Ctrl-C without us; we only must not end before it.
  const outlive = isTerminal
    ? (["SIGINT", "SIGQUIT"] as const).map((signal) => [signal, () => {}] as const)
    : []
  for (const [signal, listener] of [...listeners, ...outlive]) process.on(signal, listener)
  return () => {
    for (const [signal, listener] of [...listeners, ...outlive]) process.off(signal, listener)
  }
}

/**
 * Passes a stream on at the pace of its reader. Resolves when it ends, or when it is silent after the end of the job.
 */
const pass = (
  from: Readable | null,
  to: Output,
  tail: Tail | undefined,
  ended: Promise<unknown>,
): Promise<void> => {
  if (from === null || tail === undefined) return Promise.resolve()
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    let isOver = false
    let isDone = false
    const done = () => {
      isDone = true
      clearTimeout(timer)
      from.destroy()
      to.off("error", done)
      resolve()
    }
    const wait = () => {
      clearTimeout(timer)
      // While a slow reader has not taken everything, silence means nothing.
      timer = setTimeout(() => (from.isPaused() ? wait() : done()), silence)
    }
    from.on("data", (chunk: Uint8Array) => {
      tail.push(chunk)
      if (isOver) wait()
    })
    from.pipe(to, { end: false })
    from.once("close", done)
    from.once("error", done)
    // Our reader is gone (`… | head`): a closed pipe tells the job, as the system would.
    to.once("error", done)
    void ended.then(() => {
      isOver = true
      if (!isDone) wait()
    })
  })
}
