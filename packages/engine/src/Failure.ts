/** What the failure of a unit of work means: whether its parts are worth trying one by one, and what to log. */
import { StoreError } from "@overdue/core/Store"
import * as Cause from "effect/Cause"

/**
 * Whether one check or ping of the unit of work may be to blame, such as one whose row is damaged or a bug that it
 * brings to light. Such a failure left no trace, so the unit is then tried again record by record, and one of them does
 * not take its neighbours along.
 */
export const mayBeOneRecordsFault = (cause: Cause.Cause<StoreError>): boolean => {
  const error = Cause.squash(cause)
  return !(error instanceof StoreError) || error.reason === "constraint" || error.reason === "corrupt"
}

/** Returns what happened, for the operator. */
export const detail = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message : String(error)
}
