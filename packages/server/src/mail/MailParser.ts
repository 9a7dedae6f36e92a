/**
 * One worker process that parses messages and searches them for keywords, one after the other. A hostile message can cost
 * its parser seconds and hundreds of megabytes: pings must not wait for that, nor the server run out of memory. (A worker
 * thread would not do: one that runs out of memory can end the whole process.)
 */
import { fork, type ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Span } from "@overdue/core/Time"
import * as Limits from "./Limits.ts"
import type { Mail } from "./Mail.ts"
import { MailQueue } from "./MailQueue.ts"

/** What the worker is told to do. */
export interface Order {
  readonly raw: Uint8Array
  readonly keywords: readonly string[]
  /** The message is searched as it is. */
  readonly isPlain: boolean
}

/** A message that waits for a worker. */
export interface Job extends Order {
  /** The network that it came from. */
  readonly network: string
  readonly resolve: (mail: Mail) => void
  readonly reject: (error: Error) => void
}

/** Why there is no result: it took too much time or memory, or the machine cannot start a worker. */
export type Failure = "too much" | "no worker"

/** Variables that Node itself needs, on one system or another. */
const needed = ["PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"]

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

/** A worker with those who wait for it. It starts with the first message, and stops when it has been idle for a while. */
export class MailParser {
  readonly #time: Span
  readonly #failed: (job: Job, failure: Failure) => void
  readonly #queue = new MailQueue<Job>()
  #current: Job | undefined
  #since: Span | undefined
  #worker: ChildProcess | undefined
  #isReady = false
  #timer: NodeJS.Timeout | undefined

  /** `time` is how many milliseconds a message may take; what takes more has `failed`. */
  constructor(time: Span, failed: (job: Job, failure: Failure) => void) {
    this.#time = time
    this.#failed = failed
  }

  /** Adds a message; rejects it when too many wait. */
  add(job: Job): void {
    if (!this.#queue.add(job)) return job.reject(new RangeError("too many messages wait to be read"))
    if (this.#current === undefined) this.#next()
  }

  /** Takes the next one, if there is one. */
  #next(): void {
    clearTimeout(this.#timer)
    const { network } = this.#current ?? {}
    if (network !== undefined && this.#since !== undefined)
      this.#queue.spend(network, performance.now() - this.#since)
    this.#since = undefined
    this.#current = this.#queue.next()
    if (this.#current !== undefined) return this.#begin(this.#current)
    keepAlive(this.#worker, false)
    this.#timer = setTimeout(this.#stop, Limits.idleReader).unref()
  }

  /** Messages are sent once the worker is ready, so that its start does not count as their parsing time. */
  #begin({ raw, keywords, isPlain }: Job): void {
    this.#worker ??= this.#start()
    keepAlive(this.#worker, true)
    if (!this.#isReady) return
    this.#since = performance.now()
    this.#timer = setTimeout(this.#giveUp, this.#time)
    this.#worker.send({ raw, keywords, isPlain } satisfies Order)
  }

  #start(): ChildProcess {
    const started = launch()
    started.on("error", this.#giveUp)
    started.on("exit", this.#giveUp)
    started.once("message", () => {
      this.#isReady = true
      started.on("message", (mail: Mail) => {
        const job = this.#current
        this.#next()
        job?.resolve(mail)
      })
      if (this.#current !== undefined) this.#begin(this.#current)
    })
    return started
  }

  readonly #giveUp = (): void => {
    // No message keeps a process from starting: the machine cannot have one.
    const failure = this.#isReady ? "too much" : "no worker"
    this.#stop()
    const job = this.#current
    this.#next()
    if (job !== undefined) this.#failed(job, failure)
  }

  readonly #stop = (): void => {
    const stopped = this.#worker
    this.#worker = undefined
    this.#isReady = false
    stopped?.removeAllListeners()
    // Without a listener, an error of the process that is being ended would end this one.
    stopped?.on("error", () => undefined)
    stopped?.kill("SIGKILL")
  }
}
