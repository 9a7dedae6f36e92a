/** Outcomes: how the last runs of a check ended, and what an alert policy makes of them. */
import type { AlertPolicy, Outcomes } from "../Check.ts"
import * as Limits from "../Limits.ts"

export const none: Outcomes = { failed: 0, count: 0 }

/** One more that was good; the oldest gives way. */
export const withSuccess = (self: Outcomes): Outcomes => add(self, 0)

/** One more that failed; the oldest gives way. */
export const withFailure = (self: Outcomes): Outcomes => add(self, 1)

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

const add = ({ failed, count }: Outcomes, bit: 0 | 1): Outcomes => ({
  failed: ((failed << 1) | bit) >>> 0,
  count: Math.min(count + 1, Limits.outcomes),
})

/** Zero bits below the lowest set one, as far as they are real. */
const successesInARow = ({ failed, count }: Outcomes): number =>
  failed === 0 ? count : Math.min(31 - Math.clz32(failed & -failed), count)
