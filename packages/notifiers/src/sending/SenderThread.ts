/**
 * A sender in a thread of its own: an alert costs the event loop of the server as little as possible, so that in an outage
 * of many checks the jobs that still ping do not wait for the alerts.
 */
import { Worker } from "node:worker_threads"
import { second, type Span } from "@overdue/core/Time"
import * as Effect from "effect/Effect"
import type { NotifyRequest, NotifyResponse } from "../HttpKind.ts"
import type { Sender } from "./Sender.ts"
import { inOnePost } from "./InOnePost.ts"
import * as Unsent from "./Unsent.ts"

/** How requests are sent, as what can be told to a thread. See the options of `Sender`. */
export interface Options {
  readonly allowPrivateTargets: boolean
  readonly timeout?: Span | undefined
  readonly certificateAuthorities?: readonly string[] | undefined
}

/** What the thread is told, many in one message: to send a request, or to give it up. */
export type Order = {
  readonly n: number
  readonly request: NotifyRequest | undefined
  /** When it was told, by `now`. */
  readonly at: Span
}

/** Returns milliseconds since some instant, by a clock that all threads share, nobody sets, and that runs while they are frozen. */
export const now = (): Span => Number(process.hrtime.bigint() / 1_000_000n)

/**
 * How long after it was told a request may be sent. A process that was frozen for longer may have lost it to another node,
 * which sends it.
 */
export const sentWithin: Span = 20 * second

/** What the thread tells, many in one message: what became of a request. */
export type Report = { readonly n: number } & (
  | { readonly response: NotifyResponse }
  | { readonly why: string; readonly permanent: boolean }
)

/** The thread beside this file: TypeScript in the workspace, JavaScript in the published package. */
const program = new URL(
  import.meta.url.endsWith(".ts") ? "./SenderWorker.ts" : "./SenderWorker.js",
  import.meta.url,
)

/** Megabytes of heap: as many requests and answers at once as an outbox has take a tenth of it. */
const memory = 256

/**
 * Returns a sender whose thread starts at once, as the first alert must not wait for it, and keeps no process from ending.
 * One that has ended is started again with the next request; what it was sending fails for now. Stops with the scope.
 */
export const make = (options: Options) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => new Thread(options)),
      (thread) => Effect.sync(() => thread.stop()),
    ),
    (thread): Sender => thread.send,
  )

type Resume = (result: Effect.Effect<NotifyResponse, Unsent.Unsent>) => void

const resultOf = (report: Report): Effect.Effect<NotifyResponse, Unsent.Unsent> =>
  "response" in report
    ? Effect.succeed(report.response)
    : Effect.fail(new Unsent.Unsent({ why: report.why, permanent: report.permanent }))

class Thread {
  readonly #options: Options
  readonly #waiting = new Map<number, Resume>()
  #worker: Worker | undefined
  #count = 0
  readonly #tell = inOnePost<Order>((orders) => {
    // What has failed with a thread that ended is not for the next one.
    const wanted = orders.filter(({ n, request }) => request === undefined || this.#waiting.has(n))
    if (wanted.length > 0) this.#worker?.postMessage(wanted)
  })

  constructor(options: Options) {
    this.#options = options
    this.#worker = this.#start()
  }

  readonly send: Sender = (request) =>
    Effect.callback((resume) => {
      const n = ++this.#count
      this.#waiting.set(n, resume)
      this.#worker ??= this.#start()
      this.#tell({ n, request, at: now() })
      return Effect.sync(() => {
        if (this.#waiting.delete(n)) this.#tell({ n, request: undefined, at: now() })
      })
    })

  stop(): void {
    this.#ended("the server was stopped before an answer came")
  }

  #start(): Worker {
    const worker = new Worker(program, {
      workerData: this.#options,
      resourceLimits: { maxOldGenerationSizeMb: memory },
    })
    worker.unref()
    worker.on("message", (reports: readonly Report[]) => {
      for (const report of reports) {
        const resume = this.#waiting.get(report.n)
        this.#waiting.delete(report.n)
        resume?.(resultOf(report))
      }
    })
    const ended = () => {
      if (this.#worker === worker) this.#ended("the thread that sends alerts has ended")
    }
    worker.on("error", ended)
    worker.on("exit", ended)
    return worker
  }

  #ended(why: string): void {
    void this.#worker?.terminate()
    this.#worker = undefined
    const failed = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const resume of failed) resume(Effect.fail(Unsent.forNow(why)))
  }
}
