/**
 * Parses messages in a worker process, one after the other. A hostile message can cost its parser seconds and
 * hundreds of megabytes: pings must not wait for that, nor the server run out of memory. (A worker thread would not
 * do: one that runs out of memory can end the whole process.)
 */
import { fork, type ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Limits from "./Limits.ts"
import { unread, type Mail } from "./Mail.ts"

/** Limits that are not the usual ones. */
export interface Options {
  /** Milliseconds that parsing one message may take, by default `Limits.readingTime`. */
  readonly readingTime?: number
}

/** Parses messages. */
export interface MailReader {
  /**
   * Resolves with the message that begins with these bytes; with its source when parsing takes too much time or memory.
   * Rejects when `Limits.waiting` messages are waiting.
   */
  readonly read: (raw: Uint8Array) => Promise<Mail>
}

/** Variables that Node itself needs, on one system or another. */
const needed = ["PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"]

interface Job {
  readonly raw: Uint8Array
  readonly resolve: (mail: Mail) => void
}

/** The worker beside this file: TypeScript in the workspace, JavaScript in the published package. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./MailWorker.ts" : "./MailWorker.js", import.meta.url),
)

/** Makes a reader. Its worker starts with the first message, and stops when it has been idle for a while. */
export const make = ({ readingTime = Limits.readingTime }: Options = {}): MailReader => {
  const jobs: Job[] = []
  let worker: ChildProcess | undefined
  let isReady = false
  let timer: NodeJS.Timeout | undefined

  const stop = (): void => {
    const stopped = worker
    worker = undefined
    isReady = false
    stopped?.removeAllListeners()
    // Without a listener, an error of the process that is being ended would end this one.
    stopped?.on("error", () => undefined)
    stopped?.kill("SIGKILL")
  }

  const finish = (mail: Mail): void => {
    clearTimeout(timer)
    jobs.shift()!.resolve(mail)
    if (jobs.length > 0) return begin()
    keepAlive(false)
    timer = setTimeout(stop, Limits.idleReader).unref()
  }

  const giveUp = (): void => {
    stop()
    const [stuck] = jobs
    if (stuck !== undefined) finish(unread(stuck.raw))
  }

  /** Sets whether a running worker keeps this process from ending. */
  const keepAlive = (isNeeded: boolean): void => {
    for (const handle of [worker, worker?.channel]) {
      if (isNeeded) handle?.ref()
      else handle?.unref()
    }
  }

  /** Starts the worker. Messages are sent once it is ready, so that its start does not count as their parsing time. */
  const start = (): ChildProcess => {
    const started = fork(program, {
      execArgv: [`--max-old-space-size=${Limits.readingMemory}`],
      serialization: "advanced",
      // It takes strangers' messages apart: the keys in our environment are not for it.
      // Node leaves out those that are undefined.
      env: Object.fromEntries(needed.map((name) => [name, process.env[name]])),
      // A process that runs out of memory prints a page of addresses, which helps nobody.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    })
    started.on("error", giveUp)
    started.on("exit", giveUp)
    started.once("message", () => {
      isReady = true
      started.on("message", finish)
      begin()
    })
    return started
  }

  const begin = (): void => {
    clearTimeout(timer)
    worker ??= start()
    keepAlive(true)
    if (!isReady) return
    timer = setTimeout(giveUp, readingTime)
    worker.send(jobs[0]!.raw)
  }

  return {
    read: (raw) =>
      new Promise((resolve, reject) => {
        if (jobs.length >= Limits.waiting) return reject(new RangeError("too many messages wait to be read"))
        jobs.push({ raw: raw.subarray(0, Limits.readSize), resolve })
        if (jobs.length === 1) begin()
      }),
  }
}
