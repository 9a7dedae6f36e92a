/** Reports: what a step makes of the results of a probe. */
import * as Deadline from "../Deadline.ts"
import * as Probe from "../Probe.ts"
import * as Rounds from "../probe/Rounds.ts"
import * as Threshold from "../probe/Threshold.ts"
import * as Draft from "./Draft.ts"

/**
 * Takes results in, and returns what they mean as a signal; `undefined` when they tell nothing. Nobody asks in a
 * maintenance window, or while the check is paused: what was asked before that counts no more. Neither does what a
 * server has measured in the window and reports later.
 */
export const hear = (draft: Draft.Draft, given: Rounds.Report): "success" | "fail" | "log" | undefined => {
  const { state, policy, now, blind } = draft
  const { probe, quiet } = policy
  const { status } = state
  const before = Rounds.asOf(state.probing, probe, now)
  if (probe === undefined || status === "paused") return undefined
  if (Threshold.is(probe) && Deadline.isQuiet(policy, given.at)) return undefined
  if (Deadline.isQuiet(policy, now)) {
    state.probing = { ...before, open: undefined, pendingSince: undefined }
    return undefined
  }
  const { probing, told } = Rounds.gather(before, probe, given)
  state.probing = probing
  if (told === undefined) return undefined
  const verdict = Rounds.judge({ probe, status, stops: { quiet, blind }, before }, told, now)
  state.probing = { ...probing, toldAt: now, pendingSince: verdict.pendingSince }
  if (verdict.kind === "log") return verdict.kind
  draft.result = Probe.telling(told.results)
  if (verdict.kind === "success") remind(draft, probe, told)
  return verdict.kind
}

/** What expires is told of once the check is up: while it is down there is worse to tell. Silence puts it off. */
const remind = (draft: Draft.Draft, probe: Probe.Probe, told: Rounds.Round): void => {
  const { state, now } = draft
  const isSilent = state.silencedUntil !== undefined && now < state.silencedUntil
  if (state.probing === undefined || state.status !== "up" || isSilent) return
  const { isDue, reminded } = Rounds.remind(probe, state.probing, told, now)
  state.probing = { ...state.probing, reminded }
  if (isDue) Draft.mention(draft, now)
}
