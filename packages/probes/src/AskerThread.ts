/**
 * An asker in a thread of its own: handshakes and long answers are work, for which the signals of jobs are not to wait.
 */
import { Worker } from "node:worker_threads"
import type { Probe } from "@overdue/core/Probe"
import type { Span } from "@overdue/core/Time"
import type { Answered, Asker } from "./Asker.ts"

/** How targets are asked, as what can be told to a thread. See the options of `Asker`. */
export interface Options {
  readonly allowPrivateTargets: boolean
  readonly timeout?: Span | undefined
  readonly certificateAuthorities?: readonly string[] | undefined
}

/** What the thread is told: to ask, or to give that up. */
export type Order = { readonly n: number; readonly probe: Probe | undefined }

/** What the thread tells. */
export type Report = { readonly n: number; readonly answered: Answered }

/** The thread beside this file: TypeScript in the workspace, JavaScript in the published package. */
const program = new URL(
  import.meta.url.endsWith(".ts") ? "./AskerWorker.ts" : "./AskerWorker.js",
  import.meta.url,
)

/** Megabytes of heap: room for as many answers as a prober asks for at once, of the length that is read. */
const memory = 1_024

/** An asker, and what stops its thread. */
export interface Threaded {
  readonly ask: Asker
  readonly stop: () => void
}

/**
 * Returns an asker whose thread starts with the first question, and keeps no process from ending. One that has ended is
 * started again with the next: of what it was asking, nothing can be said.
 */
export const make = (options: Options): Threaded => {
  const waiting = new Map<number, (answered: Answered) => void>()
  let worker: Worker | undefined
  let count = 0
  const ended = (why: string): void => {
    void worker?.terminate()
    worker = undefined
    const left = [...waiting.values()]
    waiting.clear()
    for (const resolve of left) resolve({ type: "unknown", why })
  }
  const start = (): Worker => {
    const started = new Worker(program, {
      workerData: options,
      resourceLimits: { maxOldGenerationSizeMb: memory },
    })
    started.unref()
    started.on("message", ({ n, answered }: Report) => {
      const resolve = waiting.get(n)
      waiting.delete(n)
      resolve?.(answered)
    })
    const over = (cause: unknown): void => {
      if (worker !== started) return
      const code = cause instanceof Error && "code" in cause ? ` (${String(cause.code)})` : ""
      ended(`The thread that asks has ended${code}.`)
    }
    started.on("error", over)
    started.on("exit", over)
    return started
  }
  const ask: Asker = (probe, signal) =>
    new Promise((resolve) => {
      const n = ++count
      const giveUp = (): void => {
        if (!waiting.delete(n)) return
        worker?.postMessage({ n, probe: undefined } satisfies Order)
        resolve({ type: "unknown", why: "The attempt was stopped." })
      }
      waiting.set(n, (answered) => {
        signal?.removeEventListener("abort", giveUp)
        resolve(answered)
      })
      if (signal?.aborted === true) return giveUp()
      signal?.addEventListener("abort", giveUp, { once: true })
      worker ??= start()
      worker.postMessage({ n, probe } satisfies Order)
    })
  return { ask, stop: () => ended("The prober was stopped.") }
}
