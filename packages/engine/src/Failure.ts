/** Failures of a unit of work: whether to retry it record by record, and what to log. */
import { StoreError } from "@overdue/core/Store"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"

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

/** Does something else instead when the record that something is about is damaged: it can be deleted, though not read. */
export const orIfDamaged = <A, E extends { readonly _tag: string }, R, B, E2, R2>(
  self: Effect.Effect<A, E, R>,
  instead: () => Effect.Effect<B, E2, R2>,
): Effect.Effect<A | B, E | E2, R | R2> =>
  Effect.catchIf(self, (error) => error instanceof StoreError && error.reason === "damaged", instead)

/** Returns what something is about; `undefined` when its record is damaged. */
export const ifReadable = <A, E extends { readonly _tag: string }, R>(
  self: Effect.Effect<A, E, R>,
): Effect.Effect<A | undefined, E, R> => orIfDamaged(self, () => Effect.undefined)

/** Whether the store as a whole failed in a way that passes: another process holds its lock, the disk is full or away. */
export const mayPass = (cause: Cause.Cause<StoreError>): boolean => {
  const error = Cause.squash(cause)
  return error instanceof StoreError && (!error.permanent || error.reason === "full")
}

/** Returns the message of a failure, for the operator. */
export const detail = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  return error instanceof Error ? error.message : String(error)
}
