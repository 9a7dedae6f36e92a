/**
 * Checks that are switched off: paused, and no ping resumes them whatever was set before, which is remembered with the check
 * until it is switched on, or resumed.
 */
import type { Details, Plan } from "./Check.ts"

const key = "switchedOff"

/** What `Policy.manualResume` was before. */
interface Remembered {
  readonly manualResume?: unknown
}

const remembered = ({ extension }: Details): Remembered | undefined =>
  extension[key] as Remembered | undefined // safe because only `off` writes it, and its part is looked at

/** Returns the plan of a check that is switched off. */
const off = ({ details, policy }: Plan): Plan => {
  const before = remembered(details) ?? { manualResume: policy.manualResume }
  return {
    details: { ...details, extension: { ...details.extension, [key]: before } },
    policy: policy.manualResume ? policy : { ...policy, manualResume: true },
  }
}

/** Returns the plan of a check that is switched on; the same one when nothing is remembered of it. */
export const on = (plan: Plan): Plan => {
  const before = remembered(plan.details)
  if (before === undefined) return plan
  const { [key]: _, ...extension } = plan.details.extension
  const manualResume = plan.policy.manualResume && before.manualResume !== false
  return {
    details: { ...plan.details, extension },
    policy: manualResume === plan.policy.manualResume ? plan.policy : { ...plan.policy, manualResume },
  }
}

/** Returns the plan of a check that is switched on or off; the same one when it is neither. */
export const to = (isOn: boolean | undefined, plan: Plan): Plan => {
  if (isOn === undefined) return plan
  return isOn ? on(plan) : off(plan)
}
