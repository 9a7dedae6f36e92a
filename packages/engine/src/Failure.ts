/** Failures of a unit of work: whether to retry it record by record, and what to log. */
import { StoreError } from "@overdue/core/Store"
import * as Cause from "effect/Cause"

const reasons: ReadonlySet<StoreError["reason"]> = new Set(["constraint", "corrupt", "damaged"])

/**
 * Whether a single check or ping of the unit may have caused the failure: a damaged row, a violated constraint, or a
 * bug that only this record triggers. Such a failure wrote nothing, so the caller retries record by record, and only
 * the one at fault fails.
 */
export const mayBeOneRecordsFault = (cause: Cause.Cause<StoreError>): boolean => {
  const error = Cause.squash(cause)
  return !(error instanceof StoreError) || reasons.has(error.reason)
}

/** Returns the message of a failure, for the operator. */
export const detail = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message : String(error)
}
