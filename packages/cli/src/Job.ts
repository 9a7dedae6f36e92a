/** A child process whose output is passed on while its end is remembered, and who gets our signals. */
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { once } from "node:events"
import { constants } from "node:os"
import type { Readable } from "node:stream"
import type { Output } from "./Io.ts"
import type { Tail } from "./Tail.ts"

export interface End {
  /** As a shell would exit: the status, 128 + the signal's number, 127 not found, 126 not executable. */
  readonly code: number
  /** What to add to the output: the signal that ended it, or why it could not begin. */
  readonly remark: string | undefined
}

const forwarded = ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const

/** How long output may stay silent after the job itself is gone; a process that it left behind may hold it open. */
const silence = 1000

export interface Surroundings {
  readonly stdout: Output
  readonly stderr: Output
  /** Where output is remembered; `undefined` gives the job our own output, a terminal included. */
  readonly tail: Tail | undefined
  /** Somebody sits at a terminal: Ctrl-C reaches the whole foreground group without us. */
  readonly isTerminal: boolean
}

/** Runs the command to its end; never rejects. */
export const run = async (words: readonly string[], surroundings: Surroundings): Promise<End> => {
  const { stdout, stderr, tail, isTerminal } = surroundings
  const output = tail === undefined ? "inherit" : "pipe"
  let child: ChildProcess
  try {
    child = spawn(words[0]!, words.slice(1), { stdio: ["inherit", output, output] })
  } catch (error) {
    // safe because spawn throws errors of the system's kind only: an empty word, a NUL inside
    return unable(words[0]!, error as NodeJS.ErrnoException)
  }
  const stop = forward(child, isTerminal)
  try {
    const began = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      child.once("spawn", () => resolve(undefined))
      child.once("error", resolve)
    })
    if (began !== undefined) return unable(words[0]!, began)
    const ended: Promise<[number | null, NodeJS.Signals | null]> = once(child, "exit") as never // safe because these are the event's arguments
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

const unable = (word: string, { code, message }: NodeJS.ErrnoException): End => {
  if (code === "ENOENT") return { code: 127, remark: `${word}: command not found` }
  return { code: 126, remark: `${word} cannot be run: ${message}` }
}

const forward = (child: ChildProcess, isTerminal: boolean): (() => void) => {
  const listeners = forwarded
    .filter((signal) => !(isTerminal && (signal === "SIGINT" || signal === "SIGQUIT")))
    .map((signal) => [signal, () => void child.kill(signal)] as const)
  // At a terminal the job has Ctrl-C already; we only have to outlive it.
  const outlive = isTerminal
    ? (["SIGINT", "SIGQUIT"] as const).map((signal) => [signal, () => {}] as const)
    : []
  for (const [signal, listener] of [...listeners, ...outlive]) process.on(signal, listener)
  return () => {
    for (const [signal, listener] of [...listeners, ...outlive]) process.off(signal, listener)
  }
}

/** Passes a stream on at the pace of its reader. Resolves when it ends, or has long been silent after the job. */
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
      // A slow reader is not silence: what it has not taken yet is still to come.
      timer = setTimeout(() => (from.isPaused() ? wait() : done()), silence)
    }
    from.on("data", (chunk: Uint8Array) => {
      tail.push(chunk)
      if (isOver) wait()
    })
    from.pipe(to, { end: false })
    from.once("close", done)
    from.once("error", done)
    // Our reader is gone (`… | head`): the job is told as the system would, by a closed pipe.
    to.once("error", done)
    void ended.then(() => {
      isOver = true
      if (!isDone) wait()
    })
  })
}
