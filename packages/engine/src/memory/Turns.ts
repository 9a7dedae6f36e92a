/** When probes are due in a memory store, and who claims them. */
import type { Check } from "@overdue/core/Check"
import * as Turn from "@overdue/core/probe/Turn"
import type { Instant } from "@overdue/core/Time"

/** What of a store turns are about. */
interface Tables {
  readonly checks: ReadonlyMap<string, { readonly check: Check; readonly due: Due }>
  readonly probers: Map<string, Instant>
}

/** When the probe of a check is due, by the label of the region. */
export type Due = Map<string, Instant>

/** Returns when the probe of a check is due that is new, or was changed: at once. */
export const dueOf = (check: Check): Due =>
  new Map(Turn.labelsOf(check).map((region) => [region, check.updatedAt]))

/** Names a prober: its region, and the project to whose checks it keeps, if it does. */
const proberText = ({ region, project }: Turn.Prober): string => `${project ?? ""} ${region}`

/** Cuts to `now` what a clock recorded that was ahead. */
export const turnBack = ({ checks, probers }: Tables, now: Instant): void => {
  for (const { check, due } of checks.values()) {
    const { every = 0 } = check.policy.probe ?? {}
    for (const [region, at] of due) if (at > now + 2 * every) due.set(region, now)
  }
  for (const [name, askedAt] of probers) if (askedAt > now) probers.set(name, now)
}

/** Claims turns. */
export const claim = (tables: Tables, { now, limit, prober }: Turn.Claim): readonly Turn.Turn[] => {
  const { probers, checks } = tables
  // Nobody fills the table with regions that no check names.
  const isNamed = [...checks.values()].some(
    ({ check, due }) =>
      prober !== undefined &&
      due.has(prober.region) &&
      (prober.project === undefined || prober.project === check.project),
  )
  if (prober !== undefined && (isNamed || probers.has(proberText(prober))))
    probers.set(proberText(prober), now)
  for (const [name, askedAt] of probers) if (askedAt < now - Turn.patience) probers.delete(name)
  const isServed = (region: string, project: string): boolean =>
    probers.has(proberText({ region })) || probers.has(proberText({ region, project }))
  const isMine = (region: string, { project }: Check): boolean =>
    prober === undefined
      ? !isServed(region, project)
      : region === prober.region && (prober.project === undefined || prober.project === project)
  const found = [...checks.values()].flatMap(({ check, due }) =>
    [...due].flatMap(([region, at]) =>
      at <= now && isMine(region, check) ? [{ check, due, region, at }] : [],
    ),
  )
  const turns = new Map<string, Turn.Turn>()
  for (const { check, due, region } of found.toSorted((a, b) => a.at - b.at).slice(0, limit)) {
    const { every } = check.policy.probe!
    due.set(region, Turn.next(check.id, every, now))
    const regions = [...(turns.get(check.id)?.regions ?? []), region]
    turns.set(check.id, { check, at: Turn.slotAt(check.id, every, now), regions })
  }
  return [...turns.values()]
}
