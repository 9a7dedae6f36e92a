/**
 * The worker processes that parse messages and search them for keywords. A hostile message can cost its parser seconds and
 * hundreds of megabytes: pings must not wait for that, nor the server run out of memory. (A worker thread would not do:
 * one that runs out of memory can end the whole process.)
 */
import type { ChildProcess } from "node:child_process"
import type { Span } from "@overdue/core/Time"
import type { Mail } from "./Mail.ts"
import * as MailProcess from "./MailProcess.ts"

/** What a worker is told to do. */
export interface Order {
  readonly raw: Uint8Array
  readonly keywords: readonly string[]
  /** The message is searched as it is. */
  readonly isPlain: boolean
}

/** There is a worker for messages that do not take long, and one for those that do. */
export type Lane = "quick" | "patient"

/** What is to be read, by which of the workers. */
export interface Task {
  readonly lane: Lane
  readonly order: Order
  /** How many milliseconds it may take. */
  readonly time: Span
}

/** Why there is no result: it took too much time or memory, or the machine cannot start a worker. */
export type Failure = "too much" | "no worker"

/** What became of a message. */
export type Outcome = { readonly mail: Mail } | { readonly failure: Failure }

/** What is said of a task when it is done. */
export interface Done {
  readonly lane: Lane
  /** How many milliseconds the message was being read. */
  readonly took: Span
  readonly outcome: Outcome
}

/** Variables that Node itself needs, on one system or another. */
const needed = ["PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR"]

/** The workers. They are started with the first message, by a process that stays. */
export class MailWorkers {
  readonly #waiting = new Map<Lane, (done: Done) => void>()
  #starter: ChildProcess | undefined

  /** Resolves when a message was read, or could not be; never rejects. One is read at a time in each lane. */
  read(task: Task): Promise<Done> {
    return new Promise((resolve) => {
      this.#waiting.set(task.lane, resolve)
      this.#starter ??= this.#start()
      this.#keepAlive()
      this.#starter.send(task)
    })
  }

  #start(): ChildProcess {
    const started = MailProcess.start("MailStarter", {
      // It takes strangers' messages apart: the keys in our environment are not for it.
      // Node leaves out those that are undefined.
      env: Object.fromEntries(needed.map((name) => [name, process.env[name]])),
    })
    started.on("message", (done: Done) => this.#done(done))
    started.on("error", this.#fail)
    started.on("exit", this.#fail)
    return started
  }

  #done(done: Done): void {
    const resolve = this.#waiting.get(done.lane)
    this.#waiting.delete(done.lane)
    this.#keepAlive()
    resolve?.(done)
  }

  /** It could not be started, or was ended by somebody else; the next message starts another one. */
  readonly #fail = (): void => {
    const ended = this.#starter
    this.#starter = undefined
    MailProcess.end(ended)
    for (const lane of this.#waiting.keys()) this.#done({ lane, took: 0, outcome: { failure: "no worker" } })
  }

  /** Processes keep this one from ending only while something is being read. */
  #keepAlive(): void {
    for (const handle of [this.#starter, this.#starter?.channel]) {
      if (this.#waiting.size > 0) handle?.ref()
      else handle?.unref()
    }
  }
}
