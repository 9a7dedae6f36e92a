/** Messages that are parsed and searched for keywords, one after the other, in one of the lanes of the workers. */
import type { Span } from "@overdue/core/Time"
import type { Mail } from "./Mail.ts"
import { MailQueue } from "./MailQueue.ts"
import type { Failure, Lane, MailWorkers, Order } from "./MailWorkers.ts"

/** A message that waits for a worker. */
export interface Job extends Order {
  /** The network that it came from. */
  readonly network: string
  readonly resolve: (mail: Mail) => void
  readonly reject: (error: Error) => void
}

/** What a parser needs. */
export interface Options {
  readonly workers: MailWorkers
  readonly lane: Lane
  /** How many milliseconds a message may take. */
  readonly time: Span
  /** Is told of what takes more, and of what there is no worker for. */
  readonly failed: (job: Job, failure: Failure) => void
}

/** A lane with those who wait in it. */
export class MailParser {
  readonly #options: Options
  readonly #queue = new MailQueue<Job>()
  #isBusy = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Adds a message; rejects it when too many wait. */
  add(job: Job): void {
    if (!this.#queue.add(job)) return job.reject(new RangeError("too many messages wait to be read"))
    if (!this.#isBusy) void this.#work()
  }

  async #work(): Promise<void> {
    const { workers, lane, time, failed } = this.#options
    this.#isBusy = true
    for (let job = this.#queue.next(); job !== undefined; job = this.#queue.next()) {
      const { network, raw, keywords, isPlain } = job
      const { took, outcome } = await workers.read({ lane, time, order: { raw, keywords, isPlain } })
      this.#queue.spend(network, took)
      if ("mail" in outcome) job.resolve(outcome.mail)
      else failed(job, outcome.failure)
    }
    this.#isBusy = false
  }
}
