/** The signals of a monitor's jobs: one method for each, and one for those of a whole run. */
import type { Action } from "@overdue/core/Signal"
import type * as Receive from "../commands/Receive.ts"
import type { PingOptions } from "./PingOptions.ts"
import type * as Wrap from "./Wrap.ts"

/** Takes signals for checks by their ids. */
export abstract class Signals {
  /**
   * Signals that the job has succeeded.
   *
   * This and the other signals resolve once they are durable, and reject with `CheckNotFound`, `SignalInvalid` or
   * `StoreError`.
   */
  success(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.signal(id, "success", options)
  }

  /** Signals that the job has started. */
  start(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.signal(id, "start", options)
  }

  /** Signals that the job has failed. */
  fail(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.signal(id, "fail", options)
  }

  /**
   * Signals that a run was cancelled: it neither succeeded nor failed, and its slot is waived. Without a `rid`, all open
   * runs without one are.
   */
  cancel(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.signal(id, "cancel", options)
  }

  /** Logs a message that changes nothing. */
  log(id: string, options: PingOptions = {}): Promise<Receive.Receipt> {
    return this.signal(id, "log", options)
  }

  /**
   * Runs a job and signals its start and its success or, when it throws or rejects, its failure with the stack as body.
   * Returns what the job returns, and rejects as it does, and as nothing else: the job runs whatever the store does.
   *
   * Signals that cannot be stored are told to `onTrouble`, by default in the log, kept in memory, and stored later in
   * their order, each with the time at which it happened in its body: up to 1000 of them, then the oldest give way.
   * `close` tries them once more. An end is waited for, 10 seconds at most.
   *
   * @example
   * ```ts
   * import * as Monitor from "@overdue/engine/Monitor"
   *
   * await using monitor = await Monitor.make()
   * const check = await monitor.ensure({ slug: "backup", every: "1 day", maxRuntime: "2 hours" })
   * const copied = await monitor.wrap(check.id, async () => 42)
   * const [finish, start] = await monitor.pings(check.id)
   * console.log(copied, start?.kind, finish?.kind) // → 42 start success
   * ```
   */
  wrap<A>(id: string, job: () => A | Promise<A>, options: Wrap.WrapOptions = {}): Promise<A> {
    return this.wraps.run(this, id, job, options)
  }

  /** What wraps jobs, and keeps the signals that could not be stored. */
  protected abstract readonly wraps: Wrap.Wraps

  protected abstract signal(id: string, action: Action, options: PingOptions): Promise<Receive.Receipt>
}
