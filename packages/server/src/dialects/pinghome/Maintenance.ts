/** Maintenance of uptime monitors: a quiet window of the check, which Pinghome has as a cron line and minutes. */
import * as Check from "@overdue/core/Check"
import * as Cron from "@overdue/core/schedule/Cron"
import { minute } from "@overdue/core/Time"
import * as Zone from "@overdue/core/Zone"
import * as Result from "effect/Result"
import * as Own from "./Own.ts"

/** What is given of it. */
export interface Given {
  readonly maintenance_cron_expression?: string
  readonly maintenance_duration?: number
}

/** How answers show it. */
export interface Shown {
  readonly cron: string | null
  /** Minutes. */
  readonly duration: number
}

/** What was given last: a line without minutes is no window, but is shown again. */
const kept = (plan: Pick<Check.Plan, "details">): Shown => {
  const { cron, duration } = (Own.of(plan).maintenance ?? {}) as {
    readonly cron?: unknown
    readonly duration?: unknown
  } // safe because both are looked at
  return {
    cron: typeof cron === "string" ? cron : null,
    duration: typeof duration === "number" ? duration : 0,
  }
}

const windowOf = ({ cron, duration }: Shown): Check.QuietWindow | undefined => {
  if (cron === null || duration === 0) return undefined
  const schedule = Cron.parse(cron, Zone.utc)
  return Result.isSuccess(schedule) ? { schedule: schedule.success, duration: duration * minute } : undefined
}

const isSame = (one: Check.QuietWindow, other: Check.QuietWindow): boolean =>
  "schedule" in one &&
  "schedule" in other &&
  one.duration === other.duration &&
  Check.isSameSchedule(one.schedule, other.schedule)

/** Whether a check has the window that was given last: another API may have taken it away. */
const isThere = (plan: Check.Plan, window: Check.QuietWindow): boolean =>
  plan.policy.quiet.some((other) => isSame(other, window))

/** Returns how a check shows its maintenance. */
export const show = (plan: Check.Plan): Shown => {
  const shown = kept(plan)
  const window = windowOf(shown)
  return window === undefined || isThere(plan, window) ? shown : { cron: null, duration: 0 }
}

/** What a plan becomes. */
export interface Planned {
  readonly details: Check.Details
  readonly quiet: Check.Policy["quiet"]
}

/** Returns what a plan becomes. Windows that another API has set stay. Fails with what is wrong with the line. */
export const plan = (
  base: Check.Plan,
  { maintenance_cron_expression: line, maintenance_duration: minutes }: Given,
): Result.Result<Planned, string> => {
  const { details, policy } = base
  if (line === undefined && minutes === undefined) return Result.succeed({ details, quiet: policy.quiet })
  const before = show(base)
  const after: Shown = {
    cron: line === undefined ? before.cron : line.trim() === "" ? null : line.trim(),
    duration: minutes ?? before.duration,
  }
  if (after.cron !== null) {
    const schedule = Cron.parse(after.cron, Zone.utc)
    if (Result.isFailure(schedule)) return Result.fail("must be a cron expression of five fields")
  }
  const [old, window] = [windowOf(before), windowOf(after)]
  const isNone = after.cron === null && after.duration === 0
  const others = policy.quiet.filter((other) => old === undefined || !isSame(other, old))
  const isAsBefore = old !== undefined && window !== undefined && isSame(old, window)
  const quiet = window === undefined ? others : [...others, window]
  return Result.succeed({
    details: Own.with(details, { maintenance: isNone ? undefined : after }),
    quiet: isAsBefore ? policy.quiet : quiet,
  })
}
