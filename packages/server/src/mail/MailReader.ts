/**
 * Parses messages in a worker process, one after the other, and searches them for keywords. A hostile message can cost
 * its parser seconds and hundreds of megabytes: pings must not wait for that, nor the server run out of memory. (A worker
 * thread would not do: one that runs out of memory can end the whole process.)
 */
import { fork, type ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Span } from "@overdue/core/Time"
import * as Limits from "./Limits.ts"
import { condensed, unread, type Mail } from "./Mail.ts"
import { MailQueue } from "./MailQueue.ts"

/** Limits that are not the usual ones. */
export interface Options {
  /** Milliseconds that parsing one message may take, by default `Limits.readingTime`. */
  readonly readingTime?: number
}

/** A message that is to be searched. */
export interface Message {
  readonly raw: Uint8Array
  /** What is looked for in it. */
  readonly keywords: readonly string[]
  /** The network that it came from. */
  readonly network: string
}

/** Parses messages. */
export interface MailReader {
  /**
   * Resolves with the keywords in the message that begins with these bytes, as `Mail.condensed` tells them; with those in
   * its source when parsing takes too much time or memory. Rejects when too many messages wait: `Limits.waiting`, or half
   * as many of one network.
   */
  readonly read: (message: Message) => Promise<Mail>
}

/** What the worker is told to do. */
export interface Order {
  readonly raw: Uint8Array
  readonly keywords: readonly string[]
  /** The message is searched as it is. */
  readonly isPlain: boolean
}

interface Job extends Message {
  isPlain: boolean
  /** When it was begun. */
  since?: Span
  readonly resolve: (mail: Mail) => void
}

/** Of a message whose source cannot be searched in time either. */
const nothing: Mail = { subject: "", text: "", isSource: true }

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

const launch = (): ChildProcess =>
  fork(program, {
    execArgv: [`--max-old-space-size=${Limits.readingMemory}`],
    serialization: "advanced",
    // It takes strangers' messages apart: the keys in our environment are not for it.
    // Node leaves out those that are undefined.
    env: Object.fromEntries(needed.map((name) => [name, process.env[name]])),
    // A process that runs out of memory prints a page of addresses, which helps nobody.
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })

/** Sets whether a running worker keeps this process from ending. */
const keepAlive = (worker: ChildProcess | undefined, isNeeded: boolean): void => {
  for (const handle of [worker, worker?.channel]) {
    if (isNeeded) handle?.ref()
    else handle?.unref()
  }
}

/** Makes a reader. Its worker starts with the first message, and stops when it has been idle for a while. */
export const make = ({ readingTime = Limits.readingTime }: Options = {}): MailReader => {
  const queue = new MailQueue<Job>()
  let current: Job | undefined
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
    if (current !== undefined) {
      if (current.since !== undefined) queue.spend(current.network, performance.now() - current.since)
      current.resolve(mail)
    }
    current = queue.next()
    if (current !== undefined) return begin(current)
    keepAlive(worker, false)
    timer = setTimeout(stop, Limits.idleReader).unref()
  }

  const giveUp = (): void => {
    const hasBegun = isReady
    stop()
    if (current === undefined) return
    // No message keeps a process from starting: the machine cannot have one.
    if (!hasBegun) return finish(condensed(unread(current.raw), current.keywords))
    if (current.isPlain) return finish(nothing)
    current.isPlain = true
    begin(current)
  }

  /** Starts the worker. Messages are sent once it is ready, so that its start does not count as their parsing time. */
  const start = (): ChildProcess => {
    const started = launch()
    started.on("error", giveUp)
    started.on("exit", giveUp)
    started.once("message", () => {
      isReady = true
      started.on("message", finish)
      if (current !== undefined) begin(current)
    })
    return started
  }

  const begin = (job: Job): void => {
    const { raw, keywords, isPlain } = job
    clearTimeout(timer)
    worker ??= start()
    keepAlive(worker, true)
    if (!isReady) return
    job.since ??= performance.now()
    timer = setTimeout(giveUp, readingTime)
    worker.send({ raw, keywords, isPlain } satisfies Order)
  }

  return {
    read: (message) =>
      new Promise((resolve, reject) => {
        const raw = message.raw.subarray(0, Limits.readSize)
        const isAdded = queue.add({ ...message, raw, isPlain: false, resolve })
        if (!isAdded) return reject(new RangeError("too many messages wait to be read"))
        if (current !== undefined) return
        current = queue.next()!
        begin(current)
      }),
  }
}
