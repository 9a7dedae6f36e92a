/** One of the processes of a storm: it begins when it is ordered to, and reports when it is asked. */
import { fork, type ChildProcess } from "node:child_process"

/** What a process can be asked besides: to report how it goes, or to end and then to report. */
export type Question = "look" | "stop"

export class Child<Order extends object, Report> implements Disposable {
  readonly #process: ChildProcess
  readonly pid: number

  /** Starts a script of this folder. */
  constructor(script: string) {
    this.#process = fork(new URL(script, import.meta.url), { serialization: "advanced" })
    this.pid = this.#process.pid!
  }

  begin(order: Order): void {
    this.#process.send(order)
  }

  ask(question: Question): Promise<Report> {
    const report = this.report()
    this.#process.send(question)
    return report
  }

  /** Resolves with the next report; fails when the process ends without. */
  report(): Promise<Report> {
    return new Promise((resolve, reject) => {
      const hear = (report: unknown): void => {
        this.#process.off("exit", fail)
        // safe because the scripts say nothing else
        resolve(report as Report)
      }
      const fail = (code: number | null): void => {
        this.#process.off("message", hear)
        reject(new Error(`${this.#process.spawnargs.at(-1)} ended by ${code} without a report`))
      }
      this.#process.once("message", hear).once("exit", fail)
    })
  }

  [Symbol.dispose](): void {
    this.#process.kill("SIGKILL")
  }
}

/** To be run in such a process: does what it is ordered, answers questions, and ends when it is told to. */
export const serve = ({
  begin,
  end,
  report,
}: {
  readonly begin: (order: never) => void
  /** Resolves once everything has come to an end. */
  readonly end: () => Promise<unknown>
  readonly report: () => object
}): void => {
  const say = (done?: () => void): void => void process.send?.(report(), undefined, undefined, done)
  process.on("message", (message: object | Question) => {
    if (message === "look") say()
    else if (message === "stop") void end().then(() => say(() => process.exit()))
    else begin(message as never) // safe because it is what the parent was given to order
  })
  process.on("disconnect", () => process.exit())
}
