/**
 * Reads messages in a process of its own, one after the other. Taking a message apart can cost its reader seconds and
 * hundreds of megabytes when somebody means it to; pings must not wait for that, nor the server die of it. (A thread
 * would not do: one that runs out of memory can take the process along.)
 */
import { fork, type ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as Limits from "./Limits.ts"
import { unread, type Mail } from "./Mail.ts"

export interface Options {
  /** Milliseconds that reading one message may take. */
  readonly readingTime?: number
}

export interface MailReader {
  /**
   * What there is to read in the first bytes of a message. Of one that takes too much time or memory it is the source.
   * Rejects when too many messages wait already.
   */
  readonly read: (raw: Uint8Array) => Promise<Mail>
}

interface Job {
  readonly raw: Uint8Array
  readonly resolve: (mail: Mail) => void
}

/** It runs the file as it lies here: TypeScript in the workspace, JavaScript in the package. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "./MailWorker.ts" : "./MailWorker.js", import.meta.url),
)

export const make = ({ readingTime = Limits.readingTime }: Options = {}): MailReader => {
  const jobs: Job[] = []
  let worker: ChildProcess | undefined
  let isReady = false
  let timer: NodeJS.Timeout | undefined

  const dismiss = (): void => {
    const gone = worker
    worker = undefined
    isReady = false
    gone?.removeAllListeners()
    // Errors of a process that is being ended are nobody's concern.
    gone?.on("error", () => undefined)
    gone?.kill("SIGKILL")
  }

  const finish = (mail: Mail): void => {
    clearTimeout(timer)
    jobs.shift()!.resolve(mail)
    if (jobs.length > 0) return begin()
    hold(false)
    timer = setTimeout(dismiss, Limits.idleReader).unref()
  }

  const giveUp = (): void => {
    dismiss()
    const [stuck] = jobs
    if (stuck !== undefined) finish(unread(stuck.raw))
  }

  /** Whether the server waits for it before it ends. */
  const hold = (isHeld: boolean): void => {
    for (const handle of [worker, worker?.channel]) {
      if (isHeld) handle?.ref()
      else handle?.unref()
    }
  }

  /** Its own start is not counted against a message. */
  const hire = (): ChildProcess => {
    const hired = fork(program, {
      execArgv: [`--max-old-space-size=${Limits.readingMemory}`],
      serialization: "advanced",
      // What a process says that runs out of memory tells nobody anything.
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    })
    hired.on("error", giveUp)
    hired.on("exit", giveUp)
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
    hold(true)
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
