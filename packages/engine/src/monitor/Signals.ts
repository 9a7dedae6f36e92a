/** The signals of a monitor's jobs, one method for each. */
import type { Action } from "@overdue/core/Signal"
import type * as Receive from "../commands/Receive.ts"
import type { PingOptions } from "./PingOptions.ts"

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

  protected abstract signal(id: string, action: Action, options: PingOptions): Promise<Receive.Receipt>
}
