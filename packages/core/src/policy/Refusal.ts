/** Why a policy is refused that cannot mean anything, though each of its values alone could. */
import * as Limits from "../Limits.ts"
import * as Schedule from "../Schedule.ts"
import * as ProbeRefusal from "../probe/ProbeRefusal.ts"
import * as Wording from "../Wording.ts"
import * as QuietTime from "./QuietTime.ts"
import type { AlertPolicy, Policy } from "./Terms.ts"

/** What is wrong with a policy. */
export interface Refusal {
  /** The field by its name in code, with a dot before a part: `alert.failures`. */
  readonly field: string
  /** What the field should be instead; continues a sentence after "expected". */
  readonly expected: string
}

/** Returns why a policy cannot mean anything; `undefined` when it can. The work is bounded. */
export const of = (policy: Policy): Refusal | undefined => all(policy)[0]

/** Returns all that is wrong with a policy. The work is bounded. */
export const all = (policy: Policy): readonly Refusal[] =>
  [
    ofSchedule(policy.schedule),
    ofAlert(policy.alert),
    ofRuntimes(policy),
    ofQuiet(policy),
    ...ofProbe(policy),
  ].filter((one) => one !== undefined)

const ofSchedule = (schedule: Schedule.Schedule): Refusal | undefined =>
  Schedule.isEverDue(schedule) ? undefined : { field: "schedule", expected: Schedule.everDue }

const ofAlert = ({ failures, outOf, recoveries }: AlertPolicy): Refusal | undefined => {
  const most = Limits.outcomes
  const isCount = (value: number, least = 1): boolean =>
    Number.isInteger(value) && value >= least && value <= most
  const count = `a whole number from 1 to ${most}`
  if (!isCount(failures)) return { field: "alert.failures", expected: count }
  if (!isCount(recoveries)) return { field: "alert.recoveries", expected: count }
  return isCount(outOf, failures)
    ? undefined
    : { field: "alert.outOf", expected: `a whole number from ${failures} (failures) to ${most}` }
}

const ofRuntimes = ({ minRuntime, maxRuntime, grace }: Policy): Refusal | undefined => {
  const allowed = maxRuntime ?? grace
  if (minRuntime === undefined || allowed === "never" || minRuntime < allowed) return undefined
  const why = maxRuntime === undefined ? ", which is the grace as long as nothing else is said" : ""
  return { field: "minRuntime", expected: `less than the ${Wording.span(allowed)} that a run may take${why}` }
}

const ofProbe = ({ probe, schedule }: Policy): readonly Refusal[] => {
  if (probe === undefined) return []
  if (schedule.kind !== "never")
    return [
      {
        field: "schedule",
        expected: "none, because the check has a probe: remove that to expect signals",
      },
    ]
  return ProbeRefusal.all(probe).map(({ part, expected }) => ({ field: `probe.${part}`, expected }))
}

const ofQuiet = ({ quiet, probe }: Policy): Refusal | undefined => {
  const most = probe === undefined ? Limits.quietOpenings : Limits.quietOpeningsProbed
  const expected = QuietTime.refusal(quiet, most)
  return expected === undefined ? undefined : { field: "quiet", expected }
}
