/** Outcomes: how the last runs of a check ended, and whether that is enough for a flip under its alert policy. */
import * as Limits from "../Limits.ts"
import type { AlertPolicy } from "../policy/Terms.ts"
import type { Outcomes } from "../State.ts"

/** No outcomes yet. */
export const none: Outcomes = { failed: 0, count: 0 }

/** Returns the outcomes with a success added; at most 32 are kept. */
export const withSuccess = (self: Outcomes): Outcomes => add(self, 0)

/** Returns the outcomes with a failure added; at most 32 are kept. */
export const withFailure = (self: Outcomes): Outcomes => add(self, 1)

/** Whether enough of the last outcomes failed to take the check down. */
export const isEnoughToGoDown = (self: Outcomes, policy: AlertPolicy): boolean => {
  const looked = Math.min(policy.outOf, self.count)
  let bits = looked === 32 ? self.failed : self.failed & ((1 << looked) - 1)
  let failures = 0
  for (; bits !== 0; bits &= bits - 1) failures += 1
  return failures >= policy.failures
}

/** Whether enough successes in a row have come to take a check up that was down. */
export const isEnoughToComeUp = (self: Outcomes, policy: AlertPolicy): boolean =>
  successesInARow(self) >= policy.recoveries

const add = ({ failed, count }: Outcomes, bit: 0 | 1): Outcomes => ({
  failed: ((failed << 1) | bit) >>> 0,
  count: Math.min(count + 1, Limits.outcomes),
})

/** The number of zero bits below the lowest set one, but not more than there are outcomes. */
const successesInARow = ({ failed, count }: Outcomes): number =>
  failed === 0 ? count : Math.min(31 - Math.clz32(failed & -failed), count)
