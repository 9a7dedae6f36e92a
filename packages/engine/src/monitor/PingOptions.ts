/** What a signal that is given in code may carry, and the signal that it becomes. */
import type { Origin } from "@overdue/core/Ping"
import type { Action } from "@overdue/core/Signal"
import * as Uuid from "@overdue/core/Uuid"
import * as Result from "effect/Result"
import { SignalInvalid } from "../CommandError.ts"
import type { Arrival } from "../commands/Receive.ts"

export interface PingOptions {
  /** UUID of the run, in any case. */
  readonly rid?: string | undefined
  /** 0 is a success, everything from 1 to 255 a failure. */
  readonly exitStatus?: number | undefined
  /** Kept up to the body limit. */
  readonly body?: string | Uint8Array | undefined
}

/** Returns the signal for a check, with the first `bodyLimit` bytes of its body; fails when a field is not what it must be. */
export const arrival = (
  id: string,
  action: Action,
  { rid, exitStatus, body }: PingOptions,
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
  return Result.succeed({
    target: { id },
    signal: { via: "process", action, exitStatus },
    rid: run,
    origin: { ...here, body: bytesOf(body, bodyLimit) },
  })
}

const isExitStatus = (status: number): boolean => Number.isInteger(status) && status >= 0 && status <= 255

/** The origin of a signal that came from within the process. */
const here: Omit<Origin, "body"> = { scheme: "process", remoteAddress: "", method: "", userAgent: "" }

const bytesOf = (body: string | Uint8Array | undefined, limit: number): Uint8Array | undefined => {
  if (body === undefined || body.length === 0) return undefined
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
  return bytes.subarray(0, limit)
}
