/** Outcomes: how the last runs of a check ended, and what an alert policy makes of them. */
import type { AlertPolicy, Outcomes } from "../Check.ts"
import * as Limits from "../Limits.ts"

export const none: Outcomes = { failed: 0, count: 0 }

/** One more outcome; the oldest gives way. */
export const add = (self: Outcomes, outcome: { readonly failed: boolean }): Outcomes => ({
  failed: ((self.failed << 1) | (outcome.failed ? 1 : 0)) >>> 0,
  count: Math.min(self.count + 1, Limits.outcomes),
})

/** Whether so many of the last outcomes failed that the check is down. */
export const isEnoughToGoDown = (self: Outcomes, policy: AlertPolicy): boolean => {
  const looked = Math.min(policy.outOf, self.count)
  let bits = looked === 32 ? self.failed : self.failed & ((1 << looked) - 1)
  let failures = 0
  for (; bits !== 0; bits &= bits - 1) failures += 1
  return failures >= policy.failures
}

/** Whether so many successes came in a row that a check that was down is up. */
export const isEnoughToComeUp = (self: Outcomes, policy: AlertPolicy): boolean =>
  successesInARow(self) >= policy.recoveries

/** Zero bits below the lowest set one, as far as they are real. */
const successesInARow = ({ failed, count }: Outcomes): number =>
  failed === 0 ? count : Math.min(31 - Math.clz32(failed & -failed), count)
