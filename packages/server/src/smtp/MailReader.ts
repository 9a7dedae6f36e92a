/**
 * Reads messages away from the event loop, one after the other. Taking a message apart can cost its reader seconds when
 * somebody means it to; pings must not wait for that.
 */
import { Worker } from "node:worker_threads"
import * as Limits from "./Limits.ts"
import { unread, type Mail } from "./Mail.ts"

export interface Options {
  /** Milliseconds that reading one message may take. */
  readonly readingTime?: number
}

export interface MailReader {
  /**
   * What there is to read in the first bytes of a message. Of one that takes too long it is the source. Rejects when
   * too many messages wait already.
   */
  readonly read: (raw: Uint8Array) => Promise<Mail>
}

interface Job {
  readonly raw: Uint8Array
  readonly resolve: (mail: Mail) => void
}

/** A worker runs the file as it lies here: TypeScript in the workspace, JavaScript in the package. */
const program = new URL(
  import.meta.url.endsWith(".ts") ? "./MailWorker.ts" : "./MailWorker.js",
  import.meta.url,
)

export const make = ({ readingTime = Limits.readingTime }: Options = {}): MailReader => {
  const jobs: Job[] = []
  let worker: Worker | undefined
  let isReady = false
  let timer: NodeJS.Timeout | undefined

  const dismiss = (): void => {
    const gone = worker
    worker = undefined
    isReady = false
    gone?.removeAllListeners()
    // Errors of a thread that is being ended are nobody's concern.
    gone?.on("error", () => undefined)
    void gone?.terminate()
  }

  const finish = (mail: Mail): void => {
    clearTimeout(timer)
    jobs.shift()!.resolve(mail)
    if (jobs.length > 0) return begin()
    worker?.unref()
    timer = setTimeout(dismiss, Limits.idleReader).unref()
  }

  const giveUp = (): void => {
    dismiss()
    const [stuck] = jobs
    if (stuck !== undefined) finish(unread(stuck.raw))
  }

  /** Its own start is not counted against a message. */
  const hire = (): Worker => {
    const hired = new Worker(program, { resourceLimits: { maxOldGenerationSizeMb: Limits.readingMemory } })
    hired.on("error", giveUp)
    hired.once("message", () => {
      isReady = true
      hired.on("message", finish)
      begin()
    })
    return hired
  }

  const begin = (): void => {
    clearTimeout(timer)
    worker ??= hire()
    worker.ref()
    if (!isReady) return
    timer = setTimeout(giveUp, readingTime)
    worker.postMessage(jobs[0]!.raw)
  }

  return {
    read: (raw) =>
      new Promise((resolve, reject) => {
        if (jobs.length >= Limits.waiting) return reject(new RangeError("too many messages wait to be read"))
        // A copy: what is posted takes the whole memory behind it along.
        jobs.push({ raw: new Uint8Array(raw.subarray(0, Limits.readSize)), resolve })
        if (jobs.length === 1) begin()
      }),
  }
}
