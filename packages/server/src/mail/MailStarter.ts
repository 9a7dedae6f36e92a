/**
 * The process that starts workers and ends those that take too long. To start a process copies the page tables of whoever
 * starts it: the event loop of a server of 500 MB would stand still for 30 to 70 ms each time that a stranger's message
 * has cost a worker. This process is small.
 */
import type { ChildProcess } from "node:child_process"
import * as Limits from "./Limits.ts"
import type { Mail } from "./Mail.ts"
import * as MailProcess from "./MailProcess.ts"
import type { Done, Lane, Outcome, Task } from "./MailWorkers.ts"

/** A worker, which reads one message after the other. It starts with the first, and stops when it has been idle for a while. */
class Reading {
  readonly #lane: Lane
  #task: Task | undefined
  #since: number | undefined
  #worker: ChildProcess | undefined
  #isReady = false
  #timer: NodeJS.Timeout | undefined

  constructor(lane: Lane) {
    this.#lane = lane
  }

  read(task: Task): void {
    this.#task = task
    clearTimeout(this.#timer)
    this.#worker ??= this.#start()
    if (this.#isReady) this.#begin(this.#worker, task)
  }

  /** A message is sent once the worker is ready, so that its start does not count as time of the message. */
  #begin(worker: ChildProcess, task: Task): void {
    this.#since = performance.now()
    this.#timer = setTimeout(this.#giveUp, task.time)
    worker.send(task.order)
  }

  #done(outcome: Outcome): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.stop, Limits.idleReader)
    const took = this.#since === undefined ? 0 : performance.now() - this.#since
    this.#since = undefined
    this.#task = undefined
    process.send!({ lane: this.#lane, took, outcome } satisfies Done)
  }

  #start(): ChildProcess {
    const started = MailProcess.start("MailWorker", {
      execArgv: [`--max-old-space-size=${Limits.readingMemory}`],
    })
    started.on("error", this.#giveUp)
    started.on("exit", this.#giveUp)
    started.once("message", () => {
      this.#isReady = true
      started.on("message", (mail: Mail) => this.#done({ mail }))
      if (this.#task !== undefined) this.#begin(started, this.#task)
    })
    return started
  }

  readonly #giveUp = (): void => {
    // No message keeps a process from starting: the machine cannot have one.
    const failure = this.#isReady ? "too much" : "no worker"
    const isReading = this.#task !== undefined
    this.stop()
    if (!isReading) return
    // The next message need not wait for a worker to start.
    if (failure === "too much") this.#worker = this.#start()
    this.#done({ failure })
  }

  readonly stop = (): void => {
    const stopped = this.#worker
    this.#worker = undefined
    this.#isReady = false
    MailProcess.end(stopped)
  }
}

const lanes: Readonly<Record<Lane, Reading>> = {
  quick: new Reading("quick"),
  patient: new Reading("patient"),
}

process.on("message", (task: Task) => lanes[task.lane].read(task))

// Ends with the server, and not by a signal to both: the server may still wait for messages to be parsed.
process.on("disconnect", () => {
  for (const reading of Object.values(lanes)) reading.stop()
  process.exit()
})
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => undefined)
