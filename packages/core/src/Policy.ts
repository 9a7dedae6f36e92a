/**
 * Policies: what users configure of a check, why some are refused, and what is remarked on about others.
 *
 * Every door that takes a policy asks the same two questions about it, so that none accepts what another refuses.
 */
import * as Refusals from "./policy/Refusal.ts"
import * as Remarks from "./policy/Remarks.ts"
import type { Refusal } from "./policy/Refusal.ts"
import type { Remark } from "./policy/Remark.ts"
import { isSamePolicy, type Policy } from "./policy/Terms.ts"
import type { Instant } from "./Time.ts"
import * as Result from "effect/Result"

export * from "./policy/Terms.ts"
export type { Refusal } from "./policy/Refusal.ts"
export type { Remark } from "./policy/Remark.ts"

/**
 * Returns why a policy cannot mean anything; `undefined` when it can: its shortest run is not shorter than its longest,
 * its quiet windows leave no time, its schedule is never due, or its counts of failures are out of range.
 */
export const refusal = (self: Policy): Refusal | undefined => Refusals.of(self)

/** Returns all for which a policy cannot mean anything, for doors that say so at once. */
export const refusals = (self: Policy): readonly Refusal[] => Refusals.all(self)

/**
 * Returns the policy that a check has next, or why it cannot: the one that is planned, or the present one itself when they
 * mean the same. A policy that was stored before it would have been refused can be left as it is. A server reports by
 * itself, and is not asked as well.
 */
export const revised = (
  present: Policy,
  planned: Policy,
  { isServer }: { readonly isServer: boolean },
): Result.Result<Policy, Refusal> => {
  if (isSamePolicy(planned, present)) return Result.succeed(present)
  const refused = isServer && planned.probe !== undefined ? reporting : refusal(planned)
  return refused === undefined ? Result.succeed(planned) : Result.fail(refused)
}

const reporting: Refusal = {
  field: "probe",
  expected: "none, because the check is a server monitor, which hears what its server reports",
}

/**
 * Returns what a policy probably does not mean, seen from an instant: a grace that hides a missed slot, slots in the
 * check's own quiet windows, a schedule that has ended. The most important remark is the first.
 */
export const remarks = (self: Policy, now: Instant, details: Remarks.Details = {}): readonly Remark[] =>
  Remarks.of(self, now, details)
