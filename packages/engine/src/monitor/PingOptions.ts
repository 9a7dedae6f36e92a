/** What a signal in process may carry, and the signal that is made of it. */
import { idempotencyKey, type Origin } from "@overdue/core/Ping"
import type { Action } from "@overdue/core/Signal"
import * as Uuid from "@overdue/core/Uuid"
import * as Result from "effect/Result"
import { SignalInvalid } from "../CommandError.ts"
import type { Arrival } from "../commands/Receive.ts"

/** What a signal may carry besides its meaning. */
export interface PingOptions {
  /** UUID of the run, in upper or lower case. */
  readonly rid?: string | undefined
  /** 0 to 255. When given it decides: 0 is a success, everything else a failure. */
  readonly exitStatus?: number | undefined
  /** Kept up to `Settings.pingBodyLimit` bytes. */
  readonly body?: string | Uint8Array | undefined
  /**
   * Names the signal among those of its check, 1 to 64 visible ASCII characters: given twice, it is taken once, for as
   * long as its ping is kept.
   */
  readonly key?: string | undefined
}

/**
 * Returns the signal for a check, with the first `bodyLimit` bytes of its body. Fails when `rid`, `exitStatus` or
 * `key` is invalid.
 */
export const arrival = (
  id: string,
  action: Action,
  { rid, exitStatus, body, key }: PingOptions,
  bodyLimit: number,
): Result.Result<Arrival, SignalInvalid> => {
  const run = typeof rid === "string" ? Uuid.parse(rid) : undefined
  if (rid !== undefined && run === undefined) {
    return Result.fail(new SignalInvalid({ field: "rid", expected: `a UUID, not ${JSON.stringify(rid)}` }))
  }
  if (exitStatus !== undefined && !isExitStatus(exitStatus)) {
    const expected = `a whole number from 0 to 255, not ${String(exitStatus)}`
    return Result.fail(new SignalInvalid({ field: "exitStatus", expected }))
  }
  if (key !== undefined && idempotencyKey(key) === undefined) {
    const expected = `1 to 64 visible ASCII characters, not ${JSON.stringify(key)}`
    return Result.fail(new SignalInvalid({ field: "key", expected }))
  }
  return Result.succeed({
    target: { id },
    key,
    signal: { via: "process", action, exitStatus },
    rid: run,
    origin: { ...here, body: bytesOf(body, bodyLimit) },
  })
}

const isExitStatus = (status: number): boolean => Number.isInteger(status) && status >= 0 && status <= 255

/** The origin of a signal in process. */
const here: Omit<Origin, "body"> = { scheme: "process", remoteAddress: "", method: "", userAgent: "" }

const bytesOf = (body: string | Uint8Array | undefined, limit: number): Uint8Array | undefined => {
  if (body === undefined || body.length === 0) return undefined
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
  return bytes.subarray(0, limit)
}
