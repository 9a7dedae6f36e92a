/** What a failed unit of work says: whether one check may be to blame for it, and a sentence for the log. */
import { StoreError } from "@overdue/core/Store"
import * as Cause from "effect/Cause"

/**
 * Whether it may be the fault of one check or ping, and certainly left no trace: then what failed together may work for
 * each alone, and one must not take its neighbours.
 */
export const isAboutOne = (cause: Cause.Cause<StoreError>): boolean => {
  const error = Cause.squash(cause)
  return !(error instanceof StoreError) || error.reason === "constraint" || error.reason === "corrupt"
}

/** What happened, for the operator. */
export const detail = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message : String(error)
}
